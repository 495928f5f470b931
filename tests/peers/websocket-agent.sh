#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Agents by WebSocket in a call: those in Python and JavaScript of pipelines/agents, and one
# by jambonz' SDK as it is. Their tone falls silent when the caller speaks, their marks come
# back, they repeat what the caller said, and they hang up on the key #.
. "$(dirname "$0")/lib.sh"

python=/usr/bin/python3 # Debian's, whose module this is
$python -c 'import websockets' 2>/dev/null || {
  echo "python3-websockets is missing (tools/setup check)"
  exit 77
}
[ -d "$here/web/node_modules/@jambonz/sdk" ] || {
  echo "@jambonz/sdk is missing (tools/setup check)"
  exit 77
}
agents=$here/../../pipelines/agents
speech "$work/said.wav" 1000

# agent NAME COMMAND...: its address is in $uri
agent () {
  background "$@"
  wait_for '^[a-z ]*ws:' "$log" || fail "the agent $1 did not start"
  uri=$(sed -n 's/^[a-z ]*\(ws:.*\)/\1/p' "$log")
}

# pick_up [SETTING...]: a line for it
pick_up () {
  port=$(free_port)
  : >"$work/line.log"
  runline sipsrc local-uri="sip:127.0.0.1:$port" ! aiagentsink backend=websocket \
    backend::uri="$uri" "$@" aiagentsrc ! sipsink
  wait_line "$port"
}

# repeats NAME: the tone of 3 s is interrupted after one, what was said comes back, and #
# hangs up
repeats () {
  phone call "sip:agent@127.0.0.1:$port" wait-audio 5000 wait 1000 \
    play "$work/said.wav" wait-silence 6000 record "$work/heard.wav" wait-said \
    wait-answer 3000 wait-silence 8000 dtmf '#' wait-bye 8000 facts
  silent=$(sed -n 's/^silent_after_speech_ms=//p' "$work/phone.log" | head -n 1)
  [ "$silent" -le 250 ] || fail "the tone fell silent $silent ms after the caller's voice"
  heard '"aiagent/turn".*"state":"interrupted"'
  echo "$1: silent_after_speech_ms=$silent"
  expect_code 0
}

for language in python node; do
  case $language in
    python) agent python $python "$agents/websocket.py" 0 ;;
    # Its packages are those beside it; here they are elsewhere.
    node)
      ln -sfn "$(cd "$here/web/node_modules" && pwd)" "$work/node_modules"
      cp "$agents/websocket.mjs" "$work/"
      agent node node "$work/websocket.mjs" 0
      ;;
  esac
  pick_up
  repeats $language
  wait_for 'greeting cleared' "$work/$language.log" ||
    fail "the agent did not hear that its greeting was cut off"
done

# jambonz' own: nothing is cut off, so that the mark comes back as heard; 1 kills.
log_file=$work/jambonz.json
agent jambonz node "$here/web/jambonzagent.mjs" "$log_file"
pick_up turn-detection=none
phone call "sip:agent@127.0.0.1:$port" wait-audio 5000 wait-silence 6000 facts \
  dtmf 2 wait-audio 4000 wait 300 dtmf 1 wait-silence 400 wait 500 dtmf '#' wait-bye 8000
expect loud_ms '>=' 2950
expect loud_ms '<=' 3050
expect_code 0
wait_for '"mark":{"name":"greeting","event":"playout"}' "$log_file" ||
  fail "jambonz' SDK did not get its mark back"
wait_for '"closed":1000' "$log_file" || fail "its connection was not closed in order"
grep -q '"error"' "$log_file" && fail "jambonz' SDK was not content"
grep '"dtmf"' "$log_file" | tail -n 1
exit 0
