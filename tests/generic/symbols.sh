#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# symbols.sh LIBGSTVOICEAGENT HEADERS LIBGSTVOICE MODULE...: a module exports the two entry
# points of its plugin, the public library what its HEADERS (a folder) say, libgstvoice
# what carries our prefix, and nothing else: whatever a program loads beside them has
# names of its own.
set -u

# Those of the sanitizers are in every object that they are built into, and constants of the C++
# library in one that is not optimised.
exported () {
  nm -D --defined-only --format=posix "$1" | cut -d ' ' -f 1 |
    grep -v -e '^__asan_' -e '^__odr_asan' -e '^__ubsan_' -e '^__sanitizer_' -e '^__sanc' -e '^_ZSt'
}

bad=0
public=$1 headers=$2 library=$3
shift 3
names=$(exported "$public" | LC_ALL=C sort)
said=$(sed -n '/^GST_VOICE_AGENT_API$/{n
s/^.* \**\(gst_[a-z_]*\) (.*/\1/p}' "$headers"/*.h | LC_ALL=C sort)
[ "$names" = "$said" ] && [ "$(echo "$names" | grep -c '^gst_voice_')" -gt 20 ] &&
  [ "$(echo "$names" | grep -vc '^gst_voice_')" -eq 0 ] ||
  { echo "$public exports:" $names; echo "its headers say:" $said; bad=1; }

[ "$(exported "$library" | grep -c '^voice_media_loop_')" -gt 5 ] ||
  { echo "$library: the media loop is not exported"; bad=1; }
others=$(exported "$library" | grep -v -e '^gst_' -e '^voice_')
[ -z "$others" ] || { echo "$library:" $others; bad=1; }

[ $# -gt 0 ] || { echo "no module"; bad=1; }
for module in "$@"; do
  plugin=${module##*/libgst}
  plugin=${plugin%.so}
  names=$(exported "$module" | LC_ALL=C sort | tr '\n' ' ')
  [ "$names" = "gst_plugin_${plugin}_get_desc gst_plugin_${plugin}_register " ] ||
    { echo "$module:" $names; bad=1; }
done
exit $bad
