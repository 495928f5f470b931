#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# backend=openai in a browser's call: Chromium asks a recorded question, hears the tone with
# which the service answers, and speaks into it: the service is told what was heard of it.
# Both sides' words and the stages of the turn stand on the page; what is typed is answered,
# too. Every event that the service was sent is of OpenAI's own type.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"
. "$(dirname "$0")/openailib.sh"

says hours "what are your opening hours"
says wait "no, wait, that is not what I would like to know"
"$TOOLS/wavcheck" to8k "$work/hours.wav" "$work/hours-at.wav" 6000 5000 &&
  "$TOOLS/wavcheck" to8k "$work/wait.wav" "$work/wait-at.wav" 0 60000 ||
  fail "the question could not be written"
node -e '
  const fs = require("fs")
  const [to, ...from] = process.argv.slice(1)
  const parts = from.map(file => fs.readFileSync(file).subarray(44))
  const head = fs.readFileSync(from[0]).subarray(0, 44)
  const all = Buffer.concat([head, ...parts])
  all.writeUInt32LE(all.length - 8, 4)
  all.writeUInt32LE(all.length - 44, 40)
  fs.writeFileSync(to, all)' "$work/question.wav" "$work/hours-at.wav" "$work/wait-at.wav"
microphone=$work/question.wav

# Its answers go on until somebody interrupts them.
service openai answer=60000
line_text="webrtcbin name=web ! rtpopusdepay ! opusdec ! aiagentsink backend=openai \
  backend::uri=$service backend::greeting=\"\" aiagentsrc ! opusenc ! rtpopuspay ! web."
web_line
browser call record "$work/answer.wav" 15000 said "Sound of the caller." \
  said "AgentHere is a tone that lasts." shows stages "end of turn" shows stages "agent" \
  shows stages "on its way out" lines 4 recorded \
  type "where are you?" said "where are you?" lines 6 screenshot "$work/call.png" \
  press state "Call ended"
grep -q page-error "$work/browser.log" && fail "the page has an error"
expect_code 0
check page "$work/openai.events" "$work/answer.wav"
grep -q '"type":"input_text","text":"where are you?"' "$work/openai.events" ||
  fail "the service was not told what was typed"
wait_for 'role.*caller.*Sound of the caller' "$work/line.log" ||
  fail "no transcript of the caller on the bus"
check_types session.update input_audio_buffer.append conversation.item.create \
  conversation.item.truncate response.create
