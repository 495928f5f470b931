#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# sip-matrix.sh [all]: calls with baresip, which hears what it said: by UDP, TCP and TLS, without
# encryption, with keys in SDP as they can be and as they must be, with keys by DTLS, in each
# codec, in and out. Twelve of them, or all 96; prints a table.
. "$(dirname "$0")/lib.sh"

securities='off optional required dtls'
transports='udp tcp tls'
codecs='PCMU PCMA G722 OPUS'
at_once=4

authority ca
certificate good ca DNS:localhost,IP:127.0.0.1
speech "$work/said.wav" 500

# ---- Which there are: NUMBER TRANSPORT SECURITY CODEC DIRECTION

all () {
  n=0
  for security in $securities; do
    for transport in $transports; do
      for codec in $codecs; do
        for direction in in out; do
          echo "$n $transport $security $codec $direction"
          n=$((n + 1))
        done
      done
    done
  done
}

# Each transport with each security and each codec, in and out by turns.
twelve () {
  n=0
  for transport in $transports; do
    for codec in $codecs; do
      # shellcheck disable=SC2086
      set -- $securities
      shift $(((n + n / 4) % $#))
      direction=in
      [ $((n / 2 % 2)) -eq 0 ] || direction=out
      echo "$n $transport $1 $codec $direction"
      n=$((n + 1))
    done
  done
}

# ---- One of them, in a shell and a folder of its own

# what was said comes back, and the call says of itself what it was
right () {
  grep -q 'Call established' "$work/baresip.log" || fail "the call was not established"
  CODEC=$name baresip_talked
  heard "\"state\":\"answered\".*\"encryption\":\"$encryption\""
  heard "\"state\":\"answered\".*\"signalling\":\"$transport\""
  "$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$work"/phone/dump-*-dec.wav \
    >"$work/find.log"
  # In the middle of it the jitter buffer may take out a period, and the rest is early.
  expect pieces '>' 0.4 find
  echo "result=$(fact alike find)"
}

# by ADDRESS: as baresip and `uri` write it
by () {
  [ "$transport" = udp ] && echo "$1" || echo "$1;transport=$transport"
}

call_in () {
  port=$(free_port)
  local=sip:127.0.0.1:$port
  [ "$transport" = tls ] && local=sips:127.0.0.1:$port
  runline sipsrc local-uri="$local" tls-certificate="$top/good.pem" codecs="$codec" \
    srtp=$security $echo_line
  [ "$transport" = tls ] && listens "$port" || wait_line "$port"
  baresip_phone "$(free_port)" "$top/said.wav" caller@127.0.0.1
  timeout 40 baresip -f "$work/phone" -e "/dial $(by "sip:agent@127.0.0.1:$port")" -t 7 \
    >"$work/baresip.log" 2>&1 </dev/null
  right
}

call_out () {
  port=$(free_port)
  baresip_answers "$port" "$top/said.wav" 8
  [ "$transport" = tls ] && port=$((port + 1)) # as baresip has it
  [ "$transport" = udp ] || listens "$port"
  runline sipsrc local-uri="sip:127.0.0.1:$(free_port)" tls-ca="$top/ca.crt" codecs="$codec" \
    uri="$(by "sip:callee@localhost:$port")" srtp=$security $echo_line
  wait "$baresip_pid"
  right
}

one () {
  transport=$2 security=$3 codec=$4 direction=$5
  top=$work
  work=$top/$1
  pids=
  mkdir "$work"
  trap 'kill $pids 2>/dev/null' EXIT
  name=$codec MEDIAENC= encryption=sdes
  case $security in
    off) encryption=none ;;
    optional) MEDIAENC=srtp ;;
    required) MEDIAENC=srtp-mand ;;
    dtls) MEDIAENC=dtls_srtp encryption=dtls security='required srtp-keys=dtls' ;;
  esac
  [ "$codec" = OPUS ] && name=opus
  BARESIP_CONFIG="sip_certificate $top/good.pem
sip_cafile $top/ca.crt"
  CODEC=$name "call_$direction"
}

# ---- The table

list=twelve
[ "${1:-}" = all ] && list=all
$list >"$work/list"
running=0
while read -r combination; do
  # shellcheck disable=SC2086
  (one $combination) >"$work/${combination%% *}.log" 2>&1 &
  running=$((running + 1))
  [ $((running % at_once)) -ne 0 ] || wait
done <"$work/list"
wait

wrong=0
printf '%-9s %-9s %-6s %-4s %s\n' signalling security codec call "what baresip heard"
while read -r n transport security codec direction; do
  result=$(sed -n 's/^result=//p' "$work/$n.log")
  [ -n "$result" ] || wrong=$((wrong + 1))
  printf '%-9s %-9s %-6s %-4s %s\n' "$transport" "$security" "$codec" "$direction" \
    "${result:-$(head -n 1 "$work/$n.log")}"
  [ -n "$result" ] && rm "$work/$n.log"
done <"$work/list"
[ "$wrong" -eq 0 ] || fail "$wrong calls are not as they should be"
