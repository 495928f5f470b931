#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# manpage.sh PROGRAM PAGE: the man page has the sections that people look for, every
# option that the program's help has, and what its examples run; man reads it without a
# warning.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

bad=0
# has TEXT: a row of the page is that
has () {
  grep -qxF -e "$1" "$work/page" || { echo "$page has no row \"$1\""; bad=1; }
}

page=$2
# As it is read: without roff's escapes and fonts.
sed -e 's/\\f[BP]//g' -e 's/\\-/-/g' -e 's/\\e/\\/g' -e 's/\\&//g' "$page" >"$work/page"
"$1" --help >"$work/help"

for section in NAME SYNOPSIS DESCRIPTION OPTIONS 'LAUNCH FILES' SIGNALS 'EXIT STATUS' \
  EXAMPLES 'CONFIGURATION FILE' 'SEE ALSO'; do
  has ".SH $section"
done
sed -n 's/^  \(-.*[^ ]\)  .*/\1/p' "$work/help" | sed 's/ *$//' >"$work/options"
[ "$(wc -l <"$work/options")" -gt 10 ] || { echo "the help has no options"; bad=1; }
while IFS= read -r option; do
  has "$option"
done <"$work/options"
grep '^    voice-gateway ' "$work/help" | sed 's/^ *//' >"$work/examples"
[ -s "$work/examples" ] || { echo "the help has no examples"; bad=1; }
while IFS= read -r example; do
  has "$example"
done <"$work/examples"

if command -v man >/dev/null 2>&1; then
  LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 \
    man --warnings -E UTF-8 -l -Tutf8 -Z "$page" >"$work/roff" 2>"$work/warnings" || bad=1
  [ -s "$work/roff" ] || { echo "man shows nothing"; bad=1; }
  [ ! -s "$work/warnings" ] || { cat "$work/warnings"; bad=1; }
fi
exit $bad
