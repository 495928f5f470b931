#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Encrypted audio with baresip, whose SRTP is not libsrtp's: it calls with AES_CM by
# RTP/AVP and by RTP/SAVPF, is called with AES_GCM, and hears its own sentence come back. Who
# wants or lacks SRTP is refused with a reason.
. "$(dirname "$0")/lib.sh"

# comes_back SUITE: what baresip heard is what it said, encrypted both ways
comes_back () {
  grep -q "SRTP is Enabled (cryptosuite=$1)" "$work/baresip.log" ||
    fail "baresip did not speak SRTP with $1"
  recording=$(ls "$work"/phone/dump-*-dec.wav 2>/dev/null) ||
    fail "baresip recorded nothing"
  "$TOOLS/wavcheck" find "$work/said.wav" "$recording" >"$work/find.log"
  expect pieces '>' 0.85 find
  expect level_db '>' -1 find
  grep -q 'state[^a-z]*\(string\)\?[^a-z]*answered.*encryption[^a-z]*\(string\)\?[^a-z]*sdes' "$work/line.log" ||
    fail "the line does not say that the call is encrypted"
}

# echo_on SETTINGS...: a line that plays every sound back
echo_on () {
  : >"$work/line.log"
  # shellcheck disable=SC2086
  line sipsrc "$@" $echo_line
}

# refused SETTING MEDIAENC REASON: baresip's call to a line with SETTING is, with 488, and
# the line tells why
refused () {
  port=$(free_port)
  echo_on local-uri="sip:127.0.0.1:$port" on-hangup=wait "srtp=$1"
  wait_line "$port"
  MEDIAENC=$2 baresip_phone "$(free_port)" "$work/said.wav" caller@127.0.0.1
  background refused timeout 20 baresip -f "$work/phone" \
    -e "/dial sip:agent@127.0.0.1:$port" -t 15 </dev/null
  wait_for '488' "$work/refused.log" || fail "baresip was not refused with 488"
  heard "state[^a-z]*\(string\)\?[^a-z]*refused.*$3" 5
  kill "$last_pid" "$line_pid"
  wait "$last_pid" "$line_pid" 2>/dev/null
  return 0
}

speech "$work/said.wav" 500

for mode in 'optional srtp' 'required srtp-mandf'; do
  port=$(free_port)
  echo_on local-uri="sip:127.0.0.1:$port" "srtp=${mode% *}"
  wait_line "$port"
  MEDIAENC=${mode#* } baresip_call "sip:agent@127.0.0.1:$port" "$work/said.wav" 4
  comes_back AES_CM_128_HMAC_SHA1_80
  expect_code 0
done

port=$(free_port)
MEDIAENC=srtp-mand baresip_answers "$port" "$work/said.wav" 4
echo_on local-uri="sip:127.0.0.1:$(free_port)" srtp=required \
  uri="sip:callee@127.0.0.1:$port"
wait "$baresip_pid"
comes_back AEAD_AES_128_GCM
expect_code 0

refused off srtp-mand 'SRTP.*wanted'
refused required '' 'encrypted.*audio.*only'
