#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# baresip finds its way by ICE, with audio encrypted with keys by DTLS and one port for RTP and
# RTCP: it hears its own sentence.
. "$(dirname "$0")/lib.sh"

# comes_back: by a pair that ICE has chosen, what baresip heard is what it said
comes_back () {
  grep -q 'DTLS-SRTP complete (audio' "$work/baresip.log" ||
    fail "baresip made no handshake"
  grep -q 'ICE has chosen' "$work/line.log" || fail "ICE chose nothing"
  "$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$work"/phone/dump-*-dec.wav \
    >"$work/find.log"
  # In the middle of it the jitter buffer may take out a period, and the rest is early.
  expect alike '>' 0.4 find
  heard 'encryption.*dtls'
}

speech "$work/said.wav" 500
MEDIAENC=dtls_srtp
BARESIP_CONFIG='module stun.so
module turn.so
module ice.so'
export GST_DEBUG=sip:5

port=$(free_port)
line sipsrc local-uri="sip:127.0.0.1:$port" srtp=required srtp-keys=dtls $echo_line
wait_line "$port"
baresip_phone "$(free_port)" "$work/said.wav" caller@127.0.0.1 ';medianat=ice'
timeout 40 baresip -f "$work/phone" -e "/dial sip:agent@127.0.0.1:$port" -t 6 \
  >"$work/baresip.log" 2>&1 </dev/null
grep -q 'Call established' "$work/baresip.log" || fail "the call was not established"
comes_back
expect_code 0
