#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# An agent of a recogniser, a language model and a voice in a real call. The model writes 20
# words a second, the first after 0, 300 and 1500 ms: the caller hears the first sentence
# while the rest is being written, and all of it. A caller who interrupts leaves the model
# alone, which is told what was heard.
. "$(dirname "$0")/lib.sh"
speech_dir=$here/../speech

command -v espeak-ng >/dev/null || exit 77

# server ARGUMENTS...: the three stages; $uri_v1
server () {
  background server python3 "$here/cascadeserver.py" "$@"
  server_pid=$last_pid
  wait_for '^uri=' "$work/server.log" || fail "the server does not start"
  uri_v1=$(fact uri server)
}

# agent PROPERTIES...
agent () {
  port=$(free_port)
  uri=sip:agent@127.0.0.1:$port
  : >"$work/line.log"
  runline sipsrc local-uri="sip:127.0.0.1:$port" ! aiagentsink backend=cascade \
    backend::llm="$uri_v1" backend::stt="$uri_v1" backend::greeting=Hello. "$@" \
    aiagentsrc ! sipsink
  wait_line "$port"
}

# last_turn FIELD: ns of the last turn that was answered
last_turn () {
  grep '"state":"response-started"' "$work/line.log" | tail -n 1 |
    sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}

story='It begins with a telephone, which rings and rings. Nobody answers it for a very long
time, because everybody is out. In the evening somebody comes home, and it is quiet.'
speech "$work/said.wav" 1000

# The first word, and all of them, however long the model thinks.
for first in 0 300 1500; do
  server --first "$first" --say "$story" --heard "tell me a story"
  agent
  phone call "$uri" wait-audio 3000 wait-quiet 500 9000 mark \
    play "$work/said.wav" wait-said wait-audio 6000 wait-quiet 1500 30000 facts \
    record "$work/heard.wav" bye
  heard '"role":"caller","text":"tell me a story".*"rejected":""'
  heard '"role":"agent","text":"It begins with a telephone, which rings and rings\. Nobody.*it is quiet\.","final":true'
  wait_for '"written": 31, "of": 31' "$work/server.log" ||
    fail "the model did not write all of it"
  # decided, then the model: a clause of five words at 20 a second, and its voice
  around=$(last_turn turn-around)
  decision=$(last_turn decision)
  end=$(last_turn speech-end)
  own=$(awk -v a="$around" -v d="$decision" -v e="$end" -v f="$first" \
    'BEGIN { print int ((a - (d - e)) / 1e6) - f }')
  model=$(last_turn model)
  [ "$((model / 1000000))" -ge "$first" ] ||
    fail "the turn says that the model took $model ns"
  echo "first_token_ms=$first model_ms=$((model / 1000000)) turn_around_ms=$((around / 1000000)) beside_model_ms=$own"
  [ "$own" -ge 0 ] || fail "the answer came before the model had begun"
  # The whole story takes the model 1600 ms: not waited for.
  [ -n "${SANITIZED:-}" ] || [ "$own" -lt 1500 ] ||
    fail "the first sentence waited for the last: $own ms behind the first token"
  expect_code 0
  kill "$server_pid"
done

# Interrupted in the second sentence: the model is left, and told what was heard.
: >"$work/server.log"
server --first 0 --rate 5 --say "$story" --heard "tell me a story" \
  --heard "stop that"
agent
phone call "$uri" wait-audio 3000 wait-quiet 500 9000 mark \
  play "$work/said.wav" wait-said wait-audio 6000 wait 1500 \
  play "$work/said.wav" wait-silence 6000 wait-said wait-audio 6000 bye
heard '"aiagent/turn".*"state":"interrupted"'
wait_for '"written": [0-9]*, "of": 31' "$work/server.log" ||
  fail "the server does not say what it has written"
written=$(sed -n 's/.*"written": \([0-9]*\), .*/\1/p' "$work/server.log" | head -n 1)
[ "$written" -lt 31 ] || fail "the model was not left alone"
wait_for 'stop that"}\]' "$work/server.log" || fail "there was no second question"
told=$(sed -n 's/.*"assistant", "content": "\(It begins[^"]*\)"}, {"role": "user", "content": "stop that".*/\1/p' "$work/server.log")
echo "written=$written told='$told'"
[ -n "$told" ] || fail "the model was not told what was heard"
case $told in
  *quiet*) fail "the model was told more than was heard" ;;
esac
expect_code 0
kill "$server_pid"

# A voice of a server's, at a rate of its own; recognised as what it says.
: >"$work/server.log"
server --first 0 --say "We are open from Monday to Friday." --heard hours
agent backend::tts="$uri_v1" backend::tts-rate=22050 backend::voice=en
phone call "$uri" wait-audio 6000 wait-quiet 500 9000 mark \
  play "$work/said.wav" wait-said wait-audio 6000 wait-quiet 500 15000 facts bye
heard '"role":"agent","text":"We are open from Monday to Friday\.","final":true'
wait_for '"input": "We are open' "$work/server.log" || fail "the voice was not asked"
expect_code 0
