#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# 400 connections that do not get on with their handshake, or with what they have to say
# after it, and one that never reads what it asked for: calls by TLS come through, and
# the crowd is gone afterwards.
. "$(dirname "$0")/lib.sh"

authority ca
certificate good ca DNS:localhost,IP:127.0.0.1
speech "$work/said.wav" 500
port=$(free_port)
runline sipsrc local-uri="sips:127.0.0.1:$port" on-hangup=wait \
  tls-certificate="$work/good.pem" $echo_line
left=200
until grep -q ":$(printf %04X "$port") 00000000:0000 0A" /proc/net/tcp; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || fail "the line does not listen"
  sleep 0.05
done
descriptors () {
  find "/proc/$line_pid/fd" | wc -l
}
before=$(descriptors)
BARESIP_CONFIG="sip_cafile $work/ca.crt"

background crowd python3 "$here/tlscrowd.py" "$port" "$work/ca.crt"
crowd=$last_pid
wait_for '^crowded' "$work/crowd.log" 40 || fail "no crowd"
for call in 1 2 3; do
  baresip_call "sip:agent@127.0.0.1:$port;transport=tls" "$work/said.wav" 3
  recording=$(ls "$work"/phone/dump-*-dec.wav) || fail "baresip recorded nothing"
  "$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$recording" >"$work/find.log"
  expect pieces '>' 0.85 find
done
# who never finished is put out by the line itself
wait_for '^put out 200' "$work/crowd.log" 20 || fail "who does nothing stays"
kill "$crowd"
wait "$crowd" 2>/dev/null
left=200
until [ "$(descriptors)" -le $((before + 5)) ]; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || fail "connections stay: $(descriptors), not $before"
  sleep 0.05
done
kill -0 "$line_pid" || fail "the line is gone"
tell quit
