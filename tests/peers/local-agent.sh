#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The embedded receptionist on the phone: baresip asks for the opening hours and
# hears them; then a whole conversation, by voice and keypad, to the goodbye.
. "$(dirname "$0")/lib.sh"
speech_dir=$here/../speech

# says NAME TEXT: an utterance of a caller as NAME.wav
says () {
  "$RECOGNITION" say rms "$2" "$work/$1.wav" || fail "cannot say \"$2\""
}

# was_said EXPECTED FILE FROM-TO: which of all answers is heard in the recording
was_said () {
  echo "$1|wav:$3|$2" |
    "$RECOGNITION" "$speech_dir/answers.ini" 100 clean=100 >"$work/said.log" ||
    fail "the answer \"$1\" was not recognised in $2, $3 ms"
}

agent () {
  port=$(free_port)
  uri=sip:agent@127.0.0.1:$port
  : >"$work/line.log"
  runline sipsrc local-uri="sip:127.0.0.1:$port" ! aiagentsink aiagentsrc ! \
    sipsink
  wait_line "$port"
}

# four elements, no properties but the address; a phone that is not ours, at 16 kHz
says hours "what are your opening hours"
question=$work/question.wav
"$TOOLS/wavcheck" to8k "$work/hours.wav" "$question" 5000 12000 ||
  fail "the question could not be written"
"$TOOLS/runline" filesrc location="$question" ! wavparse ! audioconvert ! \
  audioresample ! audio/x-raw,rate=16000 ! wavenc ! filesink \
  location="$work/wide.wav" </dev/null >"$work/wide.log" 2>&1 ||
  fail "the question could not be made wide"
agent
CODEC=G722 baresip_call "$uri" "$work/wide.wav" 16
recording=$(ls "$work"/phone/dump-*-dec.wav 2>/dev/null) ||
  fail "baresip recorded nothing"
heard '"role":"caller","text":"what are your opening hours".*"rejected":""'
heard '"role":"agent","text":"We are open from Monday to Friday'
was_said hours "$recording" 7000-15300
expect_code 0

# the whole conversation
says sales "connect me to sales please"
says appointment "I would like an appointment please"
says sure "yes please"
says bye "thank you goodbye"
agent
phone call "$uri" \
  wait-audio 3000 wait-quiet 500 9000 mark \
  play "$work/hours.wav" wait-said wait-audio 3000 wait-quiet 500 15000 mark \
  play "$work/sales.wav" wait-said wait-audio 3000 wait-quiet 800 20000 mark \
  play "$work/appointment.wav" wait-said wait-audio 3000 wait 1500 \
  dtmf 0503 wait 3000 wait-audio 3000 wait-quiet 500 15000 mark \
  play "$work/sure.wav" wait-said wait-audio 3000 wait-quiet 500 15000 mark \
  play "$work/bye.wav" wait-said wait-audio 3000 wait-bye 8000 \
  record "$work/heard.wav"
for pattern in \
  '"role":"caller","text":"connect me to sales please".*"rejected":""' \
  '"name":"transfer".*"arguments":"201"' \
  '"state":"done","name":"transfer".*"result":"forbidden"' \
  '"role":"agent","text":"I am sorry, I cannot connect you to sales' \
  '"role":"agent","text":"Please type the day and the month' \
  '"role":"agent","text":"Shall I note that appointment' \
  '"role":"agent","text":"Your visit is noted for  0 5 0 3' \
  '"role":"agent","text":"Thank you for calling Example Limited. Goodbye!'; do
  heard "$pattern"
done
# complete before the BYE
"$TOOLS/wavcheck" sound "$work/heard.wav" >"$work/sound.log"
end=$(fact end_ms sound)
was_said goodbye "$work/heard.wav" "$((end - 3100))-$((end + 300))"
expect_code 0

# a sound that is no word interrupts nothing for long; a question does
says cough "ugh"
says address "what is your address"
agent
phone call "$uri" wait-audio 3000 wait-quiet 500 9000 \
  play "$work/hours.wav" wait-said wait-audio 3000 wait 1500 \
  play "$work/cough.wav" wait-said wait-audio 3000 wait 1200 \
  play "$work/address.wav" wait-said wait-audio 3000 wait-quiet 500 9000 bye
heard '"role":"caller".*"rejected":"[a-z]'
heard '"role":"agent","text":".*until six in the evening. On Saturday'
heard '"role":"caller","text":"what is your address".*"rejected":""'
heard '"role":"agent","text":"You find us at'
[ "$(grep -c '"state":"held"' "$work/line.log")" -eq 2 ] ||
  fail "the agent was not silent twice"
[ "$(grep -c '"state":"interrupted"' "$work/line.log")" -eq 1 ] ||
  fail "there was not one interruption"
grep -q 'Sorry, I did not get that' "$work/line.log" &&
  fail "the cough was taken for words"
expect_code 0
