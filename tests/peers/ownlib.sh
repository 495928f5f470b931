# SPDX-License-Identifier: LGPL-2.1-or-later
# What the tests of the two example agents share; read behind lib.sh.

# own_agent_call URI: the agent of agent.log, which says a tone of 3 s and then repeats
# what it hears, is interrupted after a second, repeats that, and is told to hang up.
own_agent_call () {
  speech "$work/said.wav" 1000
  wait_line "${1##*:}"
  phone call "$1" wait-audio 3000 wait 1000 play "$work/said.wav" \
    wait-silence 6000 record "$work/heard.wav" wait-said wait-answer 3000 \
    wait 1000 dtmf '#' wait-bye 8000
  expect silent_after_speech_ms '<=' 250
  wait_for 'interrupted: the caller heard [0-9]* ms' "$work/agent.log" ||
    fail "the agent was not told of the interruption"
  heard_ms=$(sed -n 's/.*interrupted: the caller heard \([0-9]*\) ms/\1/p' \
    "$work/agent.log" | head -n 1)
  "$TOOLS/wavcheck" sound "$work/heard.wav" >"$work/sound.log"
  awk -v a="$heard_ms" -v b="$(fact begin_ms sound)" -v c="$(fact end_ms sound)" \
    'BEGIN { d = a - (c - b); exit !(a > 500 && d <= 20 && d >= -20) }' ||
    fail "the agent believes $heard_ms ms were heard, and the recording has sound" \
      "from $(fact begin_ms sound) to $(fact end_ms sound) ms"
  echo "heard_ms=$heard_ms recorded_ms=$(($(fact end_ms sound) - $(fact begin_ms sound)))" \
    "silent_after_speech_ms=$(fact silent_after_speech_ms)"
  expect_code 0
  grep -q '^eos$' "$work/agent.log" || fail "the agent did not end with the call"
}
