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

agent=$here/../../pipelines/agents/application.py

# Caller after caller, and Ctrl-C; which a shell's background jobs ignore unless told.
port=$(free_port)
uri=sip:agent@127.0.0.1:$port
background callers env --default-signal=INT $python "$agent" \
  sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait ! aiagentsink name=ear \
  backend=application aiagentsrc ! sipsink
line_pid=$last_pid
speech "$work/said.wav" 1000
wait_line "$port"
phone call "$uri" wait-audio 3000 play "$work/said.wav" wait 2500 bye
wait_for 'interrupted: the caller heard' "$work/callers.log" ||
  fail "the first caller was not in a word"
phone call "$uri" wait-audio 3000 wait 5000 facts bye
# The tone of 3 s, and nothing of what the first one said.
expect loud_ms '>=' 2900
expect loud_ms '<=' 3100
second_ms=$(fact loud_ms)
"$TOOLS/rtpphone" call "$uri" wait-audio 3000 wait-bye 10000 >"$work/third.log" 2>&1 &
third_pid=$!
pids="$pids $third_pid"
# Its tone has been heard: the call is up.
until [ "$(grep -c 'response-done' "$work/callers.log")" -ge 2 ]; do
  kill -0 $third_pid 2>/dev/null || fail "the third caller was not answered"
  sleep 0.05
done
kill -INT "$line_pid"
wait $third_pid || fail "Ctrl-C did not hang up: $(tail -n 1 "$work/third.log")"
ended 5

port=$(free_port)
background agent $python "$agent" sipsrc local-uri="sip:127.0.0.1:$port" ! \
  aiagentsink name=ear backend=application aiagentsrc ! sipsink
line_pid=$last_pid
own_agent_call "sip:agent@127.0.0.1:$port"
echo "second_ms=$second_ms"
