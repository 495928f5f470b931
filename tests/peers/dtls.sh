#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Audio encrypted with keys by DTLS: baresip calls and is called, and hears its own sentence
# come back.
. "$(dirname "$0")/lib.sh"

# comes_back: what baresip heard is what it said, encrypted with keys of a handshake
comes_back () {
  grep -q 'DTLS-SRTP complete (audio' "$work/baresip.log" ||
    fail "baresip made no handshake"
  recording=$(ls "$work"/phone/dump-*-dec.wav 2>/dev/null) ||
    fail "baresip recorded nothing"
  "$TOOLS/wavcheck" find "$work/said.wav" "$recording" >"$work/find.log"
  expect pieces '>' 0.85 find
  expect level_db '>' -1 find
  grep -q 'state[^a-z]*\(string\)\?[^a-z]*answered.*encryption[^a-z]*\(string\)\?[^a-z]*dtls' "$work/line.log" ||
    fail "the line does not say that the call is encrypted"
}

# echo_on SETTINGS...: a line that plays every sound back
echo_on () {
  : >"$work/line.log"
  # shellcheck disable=SC2086
  line sipsrc srtp=required "$@" $echo_line
}

speech "$work/said.wav" 500
MEDIAENC=dtls_srtp

port=$(free_port)
echo_on local-uri="sip:127.0.0.1:$port" srtp-keys=both
wait_line "$port"
baresip_call "sip:agent@127.0.0.1:$port" "$work/said.wav" 5
comes_back
expect_code 0

port=$(free_port)
baresip_answers "$port" "$work/said.wav" 5
echo_on local-uri="sip:127.0.0.1:$(free_port)" uri="sip:callee@127.0.0.1:$port" \
  srtp-keys=dtls
wait "$baresip_pid"
comes_back
expect_code 0
