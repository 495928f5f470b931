#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# TLS with baresip in both directions, with what openssl thinks of the handshake, and with
# far ends whose certificates are no good: each has its own sentence, and hears nothing.
. "$(dirname "$0")/lib.sh"

OPEN_READ_WRITE=7
authority ca
authority other
certificate good ca DNS:localhost,IP:127.0.0.1
certificate wrong ca DNS:elsewhere.example
certificate expired ca DNS:localhost,IP:127.0.0.1 -1
certificate unknown other DNS:localhost,IP:127.0.0.1
authority self
speech "$work/said.wav" 500

# comes_back: what baresip heard is what it said
comes_back () {
  recording=$(ls "$work"/phone/dump-*-dec.wav 2>/dev/null) ||
    fail "baresip recorded nothing"
  "$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$recording" \
    >"$work/find.log"
  expect pieces '>' 0.85 find
}

# shakes VERSION: openssl s_client believes the line
shakes () {
  openssl s_client "-$1" -connect "127.0.0.1:$port" -CAfile "$work/ca.crt" -verify_ip 127.0.0.1 \
    -verify_return_error -brief </dev/null >"$work/openssl.log" 2>&1
}

# ---- The line is called
port=$(free_port)
line -e sipsrc local-uri="sips:127.0.0.1:$port" on-hangup=wait \
  tls-certificate="$work/good.pem" $echo_line
listens "$port"
shakes tls1_2 || fail "no TLS 1.2"
shakes tls1_3 || fail "no TLS 1.3"
! shakes tls1_1 || fail "TLS 1.1 was taken"
BARESIP_CONFIG="sip_cafile $work/ca.crt"
baresip_call "sip:agent@127.0.0.1:$port;transport=tls" "$work/said.wav" 4
comes_back
kill -INT "$line_pid"
expect_code 0

# ---- The line calls, and baresip ends the call
phone=$(free_port)
BARESIP_CONFIG="sip_certificate $work/good.pem"
baresip_answers "$phone" "$work/said.wav" 5
listens "$((phone + 1))"
: >"$work/line.log"
runline sipsrc local-uri="sip:127.0.0.1:$(free_port)" tls-ca="$work/ca.crt" \
  uri="sip:callee@localhost:$((phone + 1));transport=tls" $echo_line
heard '"state":"answered".*"signalling":"tls"'
expect_code 0 15
comes_back

# ---- Far ends that are not believed

# refused NAME PATTERN: the line calls who shows that certificate
refused () {
  port=$(free_port)
  : >"$work/line.log"
  background "server-$1" openssl s_server -quiet -accept "127.0.0.1:$port" \
    -cert "$work/$1.crt" -key "$work/$1.key" </dev/null
  server=$last_pid
  listens "$port"
  runline sipsrc local-uri="sip:127.0.0.1:$(free_port)" tls-ca="$work/ca.crt" \
    uri="sips:bob@localhost:$port" ! fakesink
  expect_code 1 5
  grep '"message":"error"' "$work/line.log" |
    grep -q "\"code\":$OPEN_READ_WRITE,\"text\":\"[^\"]*$2" ||
    fail "a far end that is $1 is not refused for it"
  kill "$server"
  ! grep -q INVITE "$work/server-$1.log" || fail "who is $1 was sent an INVITE"
}

refused expired 'expired on'
refused self 'signed by itself'
refused unknown 'signed by other, whom nobody here knows'
refused wrong 'for elsewhere.example, not for localhost'
