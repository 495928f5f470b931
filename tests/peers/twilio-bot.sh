#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A bot for Twilio's media streams, OpenAI's Agents SDK as it is, in a call: it answers, its
# marks come back when their audio was heard, what it clears is silent, and it is told of
# keys and of the end.
. "$(dirname "$0")/lib.sh"

[ -d "$here/web/node_modules/@openai/agents-extensions" ] || {
  echo "@openai/agents-extensions is missing (tools/setup check)"
  exit 77
}
speech "$work/said.wav" 1000
background model node "$here/web/openaiserver.mjs" answer=3000 log="$work/model.json"
wait_for 'listening on' "$log" || fail "the model did not start"
model=$(sed -n 's/^listening on //p' "$log")

# bot NAME: what is said is in NAME.json
bot () {
  background "$1" node "$here/web/twiliobot.mjs" model="$model" log="$work/$1.json"
  wait_for 'listening on' "$log" || fail "the bot did not start"
  uri=$(sed -n 's/^listening on //p' "$log")
  port=$(free_port)
  : >"$work/line.log"
  runline sipsrc local-uri="sip:127.0.0.1:$port" ! aiagentsink backend=twilio \
    backend::uri="$uri/stream?a=b" backend::auth-token=12345 aiagentsrc ! sipsink
  wait_line "$port"
}

# Two questions, two answers, heard to their end.
bot talk
phone call "sip:agent@127.0.0.1:$port" wait 1000 play "$work/said.wav" wait-said \
  wait-answer 5000 wait-quiet 300 8000 facts record "$work/heard.wav" dtmf 5 wait 500 bye
expect loud_ms '>=' 2950
expect loud_ms '<=' 3050
expect lost == 0
"$TOOLS/wavcheck" sound "$work/heard.wav" >"$work/sound.log"
begin_us=$(awk -v a="$(fact recording_start_us)" -v b="$(fact begin_ms sound)" \
  'BEGIN { printf "%.0f", a + b * 1000 }')
expect_code 0
wait_for '"closed"' "$work/talk.json" || fail "the bot was not told of the end"
node "$here/web/markcheck.mjs" "$work/talk.json" "$begin_us" >"$work/marks.log" ||
  fail "the marks cannot be judged"
cat "$work/marks.log"
expect marks '>=' 10 marks
expect returned == "$(fact marks marks)" marks
expect earliest_ms '>=' -20 marks
expect latest_ms '<=' 20 marks
grep -q '"event":"dtmf".*"digit":"5"' "$work/talk.json" ||
  fail "the bot was not told of a key"
grep -q '"event":"stop"' "$work/talk.json" || fail "the bot was not told of the end"
signature=$(printf '%s/stream?a=b' "$uri" | openssl dgst -sha1 -hmac 12345 -binary |
  base64)
grep -qF "\"connected\":\"$signature\"" "$work/talk.json" ||
  fail "the connection was not signed"
grep '"error"' "$work/talk.json" && fail "the SDK was not content"

# The caller speaks into an answer: the bot clears it, and answers that.
bot cut
phone call "sip:agent@127.0.0.1:$port" wait 1000 play "$work/said.wav" wait-said \
  wait-answer 5000 wait 1000 play "$work/said.wav" wait-silence 3000 \
  record "$work/heard.wav" wait-said wait-answer 5000 wait-quiet 300 8000 bye
silent=$(sed -n 's/^silent_after_speech_ms=//p' "$work/phone.log" | head -n 1)
[ "$silent" -le 400 ] || fail "the answer fell silent $silent ms after the caller's voice"
expect_code 0
wait_for '"closed"' "$work/cut.json" || fail "the bot was not told of the end"
grep -q '"event":"clear"' "$work/cut.json" || fail "the bot did not clear"
wait_for '"type":"conversation.item.truncate"' "$work/model.json" ||
  fail "the SDK did not say how much was heard"
"$TOOLS/wavcheck" sound "$work/heard.wav" >"$work/sound.log"
echo "silent_after_speech_ms=$silent heard_ms=$(awk -v b="$(fact begin_ms sound)" \
  -v e="$(fact end_ms sound)" 'BEGIN { print e - b }')" \
  "truncated_ms=$(sed -n 's/.*"audio_end_ms":\([0-9]*\).*/\1/p' "$work/model.json" |
    tail -n 1)"
grep '"error"' "$work/cut.json" && fail "the SDK was not content"
exit 0
