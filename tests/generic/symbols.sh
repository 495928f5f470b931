#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# symbols.sh LIBGSTVOICE MODULE...: a module exports the two entry points of its plugin,
# the library what carries our prefix, and nothing else: whatever a program loads
# beside them has names of its own.
set -u

# Those of the sanitizers are in every object that they are built into.
exported () {
  nm -D --defined-only --format=posix "$1" | cut -d ' ' -f 1 |
    grep -v -e '^__asan_' -e '^__odr_asan' -e '^__ubsan_' -e '^__sanitizer_' -e '^__sanc'
}

bad=0
library=$1
shift
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
