#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# backend=openai in a phone's call, with a service that behaves like OpenAI's Realtime API:
# a caller who interrupts again and again ($INTERRUPTIONS, 8) hears silence, and the service
# is told what of its tone was heard, as the recording has it. Both laws pass byte for
# byte, there and back. A tool is called, and the key stands nowhere. Every event that the
# service was sent is of OpenAI's own type.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/openailib.sh"

export VOICE_OPENAI_KEY=sk-canary-51c2
PHONE_SECONDS=$((60 + 4 * ${INTERRUPTIONS:-8}))

# a caller who interrupts: each time somewhere else in the tone. The service takes a tone for a
# voice; the element does not, for as long as it lasts.
espeak-ng -s 170 -w "$work/spoken.wav" "can I have another one please" &&
  "$TOOLS/wavcheck" to8k "$work/spoken.wav" "$work/interrupts.wav" 20 100 ||
  fail "espeak-ng does not speak"
interrupted () {
  service "$1" answer=6000
  agent ${2:-}
  n=0
  sound="tone 300 600"
  [ "$1" = theirs ] || sound="play $work/interrupts.wav"
  set --
  while [ $n -lt "${INTERRUPTIONS:-8}" ]; do
    set -- "$@" mark wait-audio 8000 wait $((200 + n * 137 % 900)) $sound \
      wait-silence 3000 wait-said
    n=$((n + 1))
  done
  phone call "$uri" "$@" wait 200 record "$work/heard.wav" bye
  expect_code 0
  check cuts "$work/$name.events" "$work/heard.wav"
  sed -n 's/^silent_after_speech_ms=//p' "$work/phone.log" | sort -n |
    awk '{ a[NR] = $1 } END { print "silent_after_speech_ms=" a[int((NR + 1) / 2)] }' \
      >"$work/silent.log"
  cat "$work/silent.log"
  expect silent_after_speech_ms '<=' 250 silent
}

# both laws: what the phone says is what the service hears, and what that answers is what
# the phone hears, byte for byte. Where a frame was late, something else was put in its
# place: then it is said again.
say_bytes () {
  service "$1$2" echo=1
  agent 'backend::greeting=""'
  phone ${3:-} call "$uri" play "$work/said.wav" wait-said wait-answer 5000 \
    wait-quiet 1000 9000 dump "$work/phone" bye
  expect_code 0
  node "$here/web/openaicheck.mjs" bytes "$work/$name.events" "$work/phone" \
    "$work/$name.bytes" >"$work/check.log" || return 1
  tr '\n' ' ' <"$work/check.log"
  echo
  node -e '
    const fs = require("fs")
    const [heard, said] = process.argv.slice(1).map(file => fs.readFileSync(file))
    const part = Math.max(...[...said.keys()].filter(i => i % 160 === 0).map(i =>
      heard.includes(said.subarray(i, i + 8000)) && i + 8000 <= said.length ? 8000 : 0))
    process.exit(part === 8000 ? 0 : 1)' \
    "$work/phone.heard" "$work/$name.bytes"
}

bytes () {
  speech "$work/said.wav" 1000
  for attempt in 1 2 3; do
    say_bytes "$1" "$attempt" "${2:-}" && return
  done
  fail "what was said came with other bytes, three times: $(tail -n 1 "$work/check.log")"
}

interrupted theirs
interrupted ours "turn-detection=element"
bytes mulaw ""
bytes alaw "-a"

# a tool is called, and answered by the session
service tool tool=hang_up
agent
phone call "$uri" wait-audio 5000 wait-quiet 500 9000 tone 300 600 wait-said \
  wait-bye 12000
expect_code 0
grep -q '"type":"function_call_output"' "$work/tool.events" ||
  fail "the service was not told what became of its tool"

! grep -q "$VOICE_OPENAI_KEY" "$work"/*.log "$work"/*.events "$work/client.raw" ||
  fail "the key stands in a log"

check_types session.update input_audio_buffer.append input_audio_buffer.commit \
  conversation.item.create conversation.item.truncate response.create response.cancel
