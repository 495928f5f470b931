#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The backend in C of pipelines/agents, built outside of the tree by what `meson install`
# leaves, in a call: it finds the caller's turns itself, falls silent in them, knows how
# much was heard, repeats them, and hangs up on the key #.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ownlib.sh"

# The program has no sanitizer's runtime.
[ -z "${SANITIZED:-}" ] || exit 77

root=$work/root
meson install -C "$BUILD" --no-rebuild --destdir "$root" >"$work/install.log" 2>&1 ||
  fail "nothing could be installed"
pc=$(find "$root" -name gst-voice-agent-1.0.pc)
[ -s "$pc" ] || fail "there is no gst-voice-agent-1.0.pc"
# What stands in the file is where it will be; here it is below $root.
sed -i "s|^prefix=|prefix=$root|" "$pc"
cp "$here/../../pipelines/agents/backend.c" "$work/backend.c"
flags=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --cflags --libs \
  gst-voice-agent-1.0) || fail "pkg-config does not know it"
# shellcheck disable=SC2086
cc -Wall -Wextra -Werror -Wno-unused-parameter "$work/backend.c" -o "$work/backend" \
  $flags >"$work/cc.log" 2>&1 || fail "the backend does not compile"

port=$(free_port)
library=$(dirname "$(find "$root" -name libgstvoiceagent-1.0.so.0)")
private=$(dirname "$(find "$root" -name libgstvoice.so)")
GST_PLUGIN_PATH=$(dirname "$(find "$root" -name libgstaiagent.so)")
GST_REGISTRY=$work/registry.bin
GST_PLUGIN_SYSTEM_PATH='' # a first look at all of the system's takes its time
LD_LIBRARY_PATH=$library:$private
export GST_PLUGIN_PATH GST_PLUGIN_SYSTEM_PATH GST_REGISTRY LD_LIBRARY_PATH
background agent "$work/backend" sipsrc local-uri="sip:127.0.0.1:$port" ! \
  aiagentsink name=ear aiagentsrc ! sipsink
line_pid=$last_pid
own_agent_call "sip:agent@127.0.0.1:$port"
