#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# installed.sh BUILD PLUGINS LIBRARIES PIPELINES MANUALS HEADERS PUBLIC: after
# `meson install` GStreamer finds every element where it looks by itself, and pipelines
# and man page are there, too, and what others need to build a backend.
set -eu
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

meson install -C "$1" --no-rebuild --destdir "$root" >"$root/install.log" 2>&1 ||
  { cat "$root/install.log"; exit 1; }
for file in "$2/libgstsip.so" "$3/libgstvoice.so" "$4/sip-agent.launch" \
  "$4/agents/receptionist.ini" "$5/man1/voice-gateway.1" \
  "$6/gstreamer-1.0/gst/voiceagent/voiceagent.h" "$7/libgstvoiceagent-1.0.so.0" \
  "$7/pkgconfig/gst-voice-agent-1.0.pc"; do
  [ -s "$root$file" ] || { echo "$file is not installed"; exit 1; }
done

# gst-inspect-1.0 has no sanitizer's runtime
[ -z "$SANITIZED" ] || exit 0
export GST_REGISTRY="$root/registry" LD_LIBRARY_PATH="$root$3:$root$7" \
  GST_PLUGIN_PATH_1_0='' GST_PLUGIN_SYSTEM_PATH_1_0="$root$2"
for element in sipsrc sipsink aiagentsrc aiagentsink whipserver voicemixer; do
  gst-inspect-1.0 $element >"$root/inspect.log" || { echo "$element is not found"; exit 1; }
done
