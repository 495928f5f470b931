#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The agent in Python of pipelines/agents in a call: its tone falls silent when the caller
# speaks, it knows how much of it was heard, repeats what the caller said, and hangs up
# on the key #. Before that somebody hangs up in the middle of a word, whose words the next
# caller does not hear; and Ctrl-C hangs up.
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
uri=sip:agent@127.0.0.1:$port
agent="$here/../../pipelines/agents/application.py"
