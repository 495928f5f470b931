#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# baresip calls the stock echo line with recorded speech, hears its own sentence
# come back as the agent's turn, and hangs up: the line ends with EOS and code 0. In
# G.711, and in G.722 and Opus, where agent and far end have 16 kHz. Then the line calls
# baresip.
. "$(dirname "$0")/lib.sh"

# comes_back: what baresip heard is what it said, by its own rate, as the turn behind it
comes_back () {
  recording=$(ls "$work"/phone/dump-*-dec.wav 2>/dev/null) ||
    fail "baresip recorded nothing"
  "$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$recording" \
    >"$work/find.log"
  # the codec twice and baresip's own buffer leave it nearly the same
  expect pieces '>' 0.85 find
  expect level_db '>' -1 find
  expect level_db '<' 1 find
  # the turn comes after its sentence, which began 0.5 s into the call
  said_ms=$(fact length_ms find)
  expect at_ms '>' "$said_ms" find
  expect at_ms '<' "$(awk -v a="$said_ms" 'BEGIN { print a + 2500 }')" find
}

speech "$work/said.wav" 6000
for codec in PCMU G722 opus; do
  port=$(free_port)
  : >"$work/line.log"
  line sipsrc local-uri="sip:127.0.0.1:$port" codecs=OPUS,G722,PCMU \
    ! aiagentsink backend=echo \
    aiagentsrc ! sipsink
  wait_line "$port"
  CODEC=$codec baresip_call "sip:agent@127.0.0.1:$port" "$work/said.wav" 8

  comes_back
  expect_code 0
done

codec=opus
port=$(free_port)
: >"$work/line.log"
CODEC=$codec baresip_answers "$port" "$work/said.wav" 8
line sipsrc local-uri="sip:127.0.0.1:$(free_port)" codecs=PCMU,OPUS \
  uri="sip:callee@127.0.0.1:$port" ! aiagentsink backend=echo aiagentsrc ! sipsink
wait "$baresip_pid"
CODEC=$codec baresip_talked
comes_back
expect_code 0
