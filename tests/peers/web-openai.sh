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

# A caller of WebRTC who interrupts again and again ($INTERRUPTIONS, 8), each time somewhere
# else: the service is told what was heard, as the caller's recording has it.
interruptions=${INTERRUPTIONS:-8}
node -e '
  const [file, n] = process.argv.slice(1)
  const silence = ms => new Int16Array(8 * ms)
  const tone = new Int16Array(8 * 600).map((_, i) => 8000 * Math.sin(2 * Math.PI * 300 * i / 8000))
  const parts = [silence(1000)]
  for (let i = 0; i <= n; i++) parts.push(tone, silence(900 + i * 137 % 900))
  const head = Buffer.alloc(44)
  const body = Buffer.concat(parts.map(part => Buffer.from(part.buffer)))
  head.write("RIFF"), head.writeUInt32LE(36 + body.length, 4), head.write("WAVEfmt ", 8)
  head.writeUInt32LE(16, 16), head.writeUInt16LE(1, 20), head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8000, 24), head.writeUInt32LE(16000, 28), head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34), head.write("data", 36), head.writeUInt32LE(body.length, 40)
  require("fs").writeFileSync(file, Buffer.concat([head, body]))' \
  "$work/tones.wav" "$interruptions"
service cuts answer=6000
line_text="webrtcbin name=web ! rtppcmudepay ! mulawdec ! aiagentsink backend=openai \
  backend::uri=$service backend::greeting=\"\" aiagentsrc ! mulawenc ! rtppcmupay ! web."
web_line
"$TOOLS/webphone" --codec pcmu -t $((4 + interruptions * 2)) --play "$work/tones.wav" \
  --record "$work/heard.wav" "$url/whip" >"$work/webphone.log" 2>&1 ||
  fail "the caller is not served: $(tail -n 1 "$work/webphone.log")"
"$TOOLS/wavcheck" to8k "$work/heard.wav" "$work/heard-8k.wav" ||
  fail "the recording cannot be read"
check cuts "$work/cuts.events" "$work/heard-8k.wav"
