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
