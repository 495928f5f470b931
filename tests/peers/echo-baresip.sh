#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# baresip calls the stock echo line with recorded speech, hears its own sentence
# come back as the agent's turn, and hangs up: the line ends with EOS and code 0.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
speech "$work/said.wav" 6000
line sipsrc local-uri="sip:127.0.0.1:$port" ! aiagentsink backend=echo \
  aiagentsrc ! sipsink
wait_line "$port"
baresip_call "sip:agent@127.0.0.1:$port" "$work/said.wav" 8

recording=$(ls "$work"/phone/dump-*-dec.wav 2>/dev/null) ||
  fail "baresip recorded nothing"
"$TOOLS/wavcheck" find "$work/said.wav" "$recording" >"$work/find.log"
# G.711 twice and baresip's own buffer leave it nearly the same
expect alike '>' 0.85 find
expect level_db '>' -1 find
expect level_db '<' 1 find
# the turn comes after its sentence, which began 0.5 s into the call
said_ms=$(fact length_ms find)
expect at_ms '>' "$said_ms" find
expect at_ms '<' "$(awk -v a="$said_ms" 'BEGIN { print a + 2500 }')" find
expect_code 0
