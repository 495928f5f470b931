#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The agent in Python of pipelines/agents in a call: its tone falls silent when the caller
# speaks, it knows how much of it was heard, repeats what the caller said, and hangs up
# on the key #.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ownlib.sh"

python=/usr/bin/python3 # Debian's, whose modules these are
$python -c 'import gi; gi.require_version("Gst", "1.0")' 2>/dev/null || {
  echo "python3-gi or gir1.2-gstreamer-1.0 is missing (tools/setup check)"
  exit 77
}
# Python has no sanitizer's runtime.
[ -z "${SANITIZED:-}" ] || exit 77

port=$(free_port)
background agent $python "$here/../../pipelines/agents/application.py" \
  sipsrc local-uri="sip:127.0.0.1:$port" ! aiagentsink name=ear \
  backend=application aiagentsrc ! sipsink
line_pid=$last_pid
own_agent_call "sip:agent@127.0.0.1:$port"
