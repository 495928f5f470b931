#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# baresip calls the stock echo line with recorded speech, hears its own sentence
# come back as the agent's turn, and hangs up: the line ends with EOS and code 0. In
# G.711, and in G.722, where agent and far end have 16 kHz.
. "$(dirname "$0")/lib.sh"

speech "$work/said.wav" 6000
for codec in PCMU G722; do
  port=$(free_port)
  : >"$work/line.log"
  line sipsrc local-uri="sip:127.0.0.1:$port" ! aiagentsink backend=echo \
    aiagentsrc ! sipsink
  wait_line "$port"
  CODEC=$codec baresip_call "sip:agent@127.0.0.1:$port" "$work/said.wav" 8

  recording=$(ls "$work"/phone/dump-*-dec.wav 2>/dev/null) ||
    fail "baresip recorded nothing"
  "$TOOLS/wavcheck" find "$work/said.wav" "$recording" >"$work/find.log"
  # the codec twice and baresip's own buffer leave it nearly the same
  expect alike '>' 0.85 find
  expect level_db '>' -1 find
  expect level_db '<' 1 find
  # the turn comes after its sentence, which began 0.5 s into the call
  said_ms=$(fact length_ms find)
  expect at_ms '>' "$said_ms" find
  expect at_ms '<' "$(awk -v a="$said_ms" 'BEGIN { print a + 2500 }')" find
  expect_code 0
  grep -q "$codec" "$work/baresip.log" || fail "the call was not in $codec"
done
