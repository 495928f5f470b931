#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A caller's loudspeaker lets the agent hear itself: it may stutter, but it ends,
# transfers and understands nothing, and nobody is complained about.
#
#   echo-survival.sh [all | DELAY VOLUME SECONDS]
#     all: 60, 120, 250 ms x 0.3, 0.1, 0.03, a minute each
. "$(dirname "$0")/lib.sh"
agents=$here/../../pipelines/agents

# survives DELAY VOLUME SECONDS: an agent that never minds silence, called by a
# line that returns its voice
survives () {
  port=$(free_port)
  : >"$work/line.log"
  background line "$TOOLS/runline" sipsrc local-uri="sip:127.0.0.1:$port" ! \
    aiagentsink backend=local backend::agent-file="$work/patient.ini" \
    aiagentsrc ! sipsink
  line_pid=$last_pid
  wait_line "$port"
  background caller "$TOOLS/runline" \
    sipsrc local-uri="sip:127.0.0.1:$(free_port)" uri="sip:127.0.0.1:$port" ! \
    queue min-threshold-time="${1}000000" max-size-time=2000000000 \
    max-size-buffers=0 max-size-bytes=0 ! volume volume="$2" ! sipsink
  caller_pid=$last_pid
  wait_for '"voice/call".*"state":"answered"' "$work/line.log" 10 ||
    fail "the call was not answered"
  sleep "$3"
  grep -q '"voice/call".*"state":"ended"' "$work/line.log" &&
    fail "$1 ms, $2: the call was ended"
  grep -q '"aiagent/tool"' "$work/line.log" &&
    fail "$1 ms, $2: the agent did something"
  grep '"role":"caller"' "$work/line.log" | grep -q '"rejected":""' &&
    fail "$1 ms, $2: the agent understood itself"
  grep '"role":"agent"' "$work/line.log" | grep -v 'Welcome to Example' |
    grep -q . && fail "$1 ms, $2: the agent complained to itself"
  echo "$1 ms, $2: alive after $3 s," \
    "$(grep -c '"state":"speech-started"' "$work/line.log") turns of its echo"
  kill "$caller_pid" "$line_pid" 2>/dev/null
  wait "$caller_pid" "$line_pid" 2>/dev/null
  return 0
}

sed 's/^silence-time=.*/silence-time=0/' "$agents/receptionist.ini" \
  >"$work/patient.ini"
if [ "${1:-}" = all ]; then
  for delay in 60 120 250; do
    for volume in 0.3 0.1 0.03; do
      survives "$delay" "$volume" 60
    done
  done
else
  survives "${1:-250}" "${2:-0.3}" "${3:-20}"
fi
