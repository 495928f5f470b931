#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A scripted agent on the phone: its bursts are unbroken packets of 20 ms, it falls
# silent when the caller speaks and knows what was heard, and its last word is
# complete before it hangs up.
. "$(dirname "$0")/lib.sh"

# agent GREETING-LINES...: the script
agent () {
  {
    printf '%s\n' '[agent]' 'rate=8000' 'greeting=hello' '[answer hello]' "$@"
  } >"$work/agent.ini"
  port=$(free_port)
  uri=sip:agent@127.0.0.1:$port
  runline sipsrc local-uri="sip:127.0.0.1:$port" ! aiagentsink backend=script \
    backend::agent-file="$work/agent.ini" aiagentsrc ! sipsink
  wait_line "$port"
}

# 1.5 s handed over at once arrive as 75 packets in time
agent 'audio=tone:440,1500'
phone call "$uri" wait-audio 3000 wait-silence 4000 facts \
  record "$work/heard.wav" bye
expect loud_ms '>=' 1480
expect loud_ms '<=' 1520
expect lost == 0
expect jumps == 0
expect odd_size == 0
expect worst_gap_ms '<' 60
"$TOOLS/wavcheck" tone "$work/heard.wav" 440 >"$work/tone.log"
expect clicks == 0 tone
expect holes == 0 tone
expect_code 0

# the caller interrupts
speech "$work/said.wav" 1000
agent 'audio=tone:440,20000'
phone call "$uri" wait-audio 3000 wait 1000 play "$work/said.wav" \
  wait-silence 6000 record "$work/heard.wav" wait-said bye
expect silent_after_speech_ms '<=' 150
heard '"aiagent/turn".*"state":"interrupted"'
heard_ns=$(sed -n 's/.*"state":"interrupted".*"heard":\([0-9]*\).*/\1/p' \
  "$work/line.log" | head -n 1)
"$TOOLS/wavcheck" tone "$work/heard.wav" 440 >"$work/tone.log"
truth=$(fact length_ms tone)
awk -v a="$heard_ns" -v b="$truth" \
  'BEGIN { d = a / 1e6 - b; exit !(b > 500 && d <= 20 && d >= -20) }' ||
  fail "the agent believes $heard_ns ns were heard, the recording has $truth ms"
expect_code 0

# What was heard is what the recording has, wherever the cut comes: in a sound, at its
# end, or in the pause behind it.
clauses='tone:440,400;silence:160'
clauses="$clauses;$clauses;$clauses;$clauses;$clauses;$clauses"
for wait in 800 900 1000 1100 1200; do
  agent "audio=$clauses"
  : >"$work/line.log"
  phone call "$uri" wait-audio 3000 wait "$wait" play "$work/said.wav" \
    wait-said record "$work/heard.wav" bye
  heard '"aiagent/turn".*"state":"interrupted"'
  heard_ns=$(sed -n 's/.*"state":"interrupted".*"heard":\([0-9]*\).*/\1/p' \
    "$work/line.log")
  "$TOOLS/wavcheck" sound "$work/heard.wav" >"$work/sound.log"
  awk -v a="$heard_ns" -v b="$(fact begin_ms sound)" -v c="$(fact end_ms sound)" \
    'BEGIN { d = a / 1e6 - (c - b); exit !(a > 0 && d <= 20 && d >= -20) }' ||
    fail "the agent believes $heard_ns ns were heard, and the recording has sound" \
      "from $(fact begin_ms sound) to $(fact end_ms sound) ms"
  expect_code 0
done

# How long the caller waited, by the agent and by the phone's ear, $TURNS times (3)
{
  printf '%s\n' '[agent]' 'rate=8000' 'think-time=100' 'turns=answer' \
    '[answer answer]' 'audio=silence:60;tone:440,300'
} >"$work/agent.ini"
port=$(free_port)
runline sipsrc local-uri="sip:127.0.0.1:$port" ! aiagentsink backend=script \
  backend::agent-file="$work/agent.ini" aiagentsrc ! sipsink
wait_line "$port"
: >"$work/line.log"
turns=${TURNS:-3}
set --
for turn in $(seq "$turns"); do
  set -- "$@" wait $((300 + turn * 37 % 400)) \
    play "$work/said.wav" wait-said wait-answer 3000 wait 500
done
PHONE_SECONDS=$((60 + 8 * turns))
phone call "sip:agent@127.0.0.1:$port" "$@" bye
sed -n 's/^answer_after_ms=//p' "$work/phone.log" >"$work/phone-waited"
sed -n 's/.*"state":"response-started".*"turn-around":\([0-9]*\).*/\1/p' \
  "$work/line.log" | paste - "$work/phone-waited" >"$work/waited.log"
# one of them may have met a busy machine
awk -v n="$turns" '{ d = $1 / 1e6 - $2; bad += NF != 2 || d > 20 || d < -20 }
  { if (d > worst) worst = d; if (-d > worst) worst = -d }
  END { print "turns=" NR; print "worst_ms=" worst; exit NR != n || bad > 1 }' \
  "$work/waited.log" ||
  fail "the agent (ns) and the phone (ms) differ in how long it took"
expect_code 0

# The phone holds the call in the middle of it and gives its music: that is no caller,
# and afterwards all is said again.
agent 'audio=tone:440,1500'
: >"$work/line.log"
phone call "$uri" wait-audio 3000 wait 500 reinvite sendonly \
  play "$work/said.wav" wait-said wait 1000 reinvite sendrecv \
  wait-audio 3000 wait-silence 4000 facts bye
expect loud_ms '>=' 1460
expect loud_ms '<=' 1540
grep -q '"state":"speech-started"' "$work/line.log" &&
  fail "the agent took music on hold for a caller"
expect_code 0

# says goodbye and hangs up
agent 'audio=tone:440,1000' 'tool=hang-up'
phone call "$uri" wait-audio 3000 wait-bye 4000 facts record "$work/heard.wav"
expect loud_ms '>=' 980
expect bye_after_audio_ms '>=' 150
expect bye_after_audio_ms '<=' 600
"$TOOLS/wavcheck" tone "$work/heard.wav" 440 >"$work/tone.log"
expect length_ms '>=' 980 tone
expect clicks == 0 tone
expect_code 0
