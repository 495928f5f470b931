#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# linphone.sh [all]: calls with linphone, which hears what it said: seven of them, or all that it
# can do; prints a table. What it cannot do:
#   - be called by TLS at its own port: it has no certificate to show there, and is reached by
#     the connection of its registration;
#   - check that the name in a certificate is an address, which its TLS does not know: names are
#     not checked here;
#   - ICE on the loopback, of which it takes no address: that call goes to another one of
#     this machine;
#   - keys by DTLS with ICE: it gives up a handshake whose first message came before ICE has
#     chosen, as ours does.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/linphonelib.sh"

at_once=3
authority ca
certificate good ca DNS:localhost,IP:127.0.0.1
speech "$work/said.wav" 0 0

outer=$(ip -4 -o addr show scope global | awk '{ sub("/.*", "", $4); print $4; exit }')

# ---- Which there are: TRANSPORT SECURITY CODEC DIRECTION WAY

all () {
  for security in none srtp dtls; do
    for codec in PCMU PCMA G722 OPUS; do
      for transport in udp tcp; do
        for direction in in out; do
          echo "$transport $security $codec $direction -"
        done
      done
      echo "tls $security $codec in -"
    done
  done
  few | grep -v ' -$'
}

few () {
  echo 'udp none G722 in -
tcp none G722 out -
tls srtp PCMA in -
udp srtp PCMU out -
udp dtls OPUS out -
tls srtp G722 in ice
udp dtls PCMU in bundle'
}

# ---- One of them, in a shell and a folder of its own

call_in () {
  port=$(free_port) host=127.0.0.1
  [ "$way" = ice ] && host=$outer # ICE has no address of the loopback
  local=sip:$host:$port to="sip:agent@$host:$port;transport=$transport"
  [ "$transport" = tls ] && local=sips:$host:$port
  runline sipsrc local-uri="$local" tls-certificate="$top/good.pem" codecs="$codec" \
    $srtp $echo_line
  [ "$transport" = tls ] && listens "$port" || wait_line "$port"
  linphone_starts
  linphone call "$to"
  linphone_talks "$top/said.wav" 6000
}

call_out () {
  linphone_starts -a
  listens "$phone_port" # by TCP as by UDP
  runline sipsrc local-uri="sip:127.0.0.1:$(free_port)" codecs="$codec" $srtp \
    uri="sip:callee@127.0.0.1:$phone_port;transport=$transport" $echo_line
  linphone_talks "$top/said.wav" 6000
}

one () {
  transport=$2 security=$3 codec=$4 direction=$5 way=$6
  top=$work
  work=$top/$1
  pids=
  mkdir "$work"
  trap 'kill $pids 2>/dev/null' EXIT
  tls_ca=$top/ca.crt encryption=none srtp= name=$codec ice=none bundle=0
  [ "$security" = srtp ] && encryption=sdes srtp=srtp=required
  [ "$security" = dtls ] && encryption=dtls srtp='srtp=required srtp-keys=dtls'
  [ "$codec" = OPUS ] && name=opus
  [ "$way" = ice ] && ice=ice
  [ "$way" = bundle ] && bundle=1
  phone_port=$(free_port)
  linphone_phone "$phone_port" "$name" "[sip] media_encryption=$security \
media_encryption_mandatory=$([ "$security" = none ] && echo 0 || echo 1)" \
    "[net] nat_policy_ref=way" "[nat_policy_0] ref=way protocols=$ice" "[rtp] bundle=$bundle rtcp_mux=1"
  GST_DEBUG=sip:5 "call_$direction"
  heard "\"state\":\"answered\".*\"encryption\":\"$encryption\""
  heard "\"state\":\"answered\".*\"signalling\":\"$transport\""
  [ "$way" != ice ] || grep -q 'ICE has chosen' "$work/line.log" || fail "ICE chose nothing"
  [ "$way" != bundle ] || grep -q '^a=group:BUNDLE' "$linphone/log" || fail "no BUNDLE"
  "$TOOLS/wavcheck" find "$top/said.wav" "$linphone/heard.wav" >"$work/find.log"
  expect pieces '>' 0.4 find
  echo "result=$(fact alike find)"
}

# ---- The table

list=few
[ "${1:-}" = all ] && list=all
$list >"$work/list"
n=0
while read -r combination; do
  n=$((n + 1))
  # shellcheck disable=SC2086
  (one $n $combination) >"$work/$n.log" 2>&1 </dev/null &
  [ $((n % at_once)) -ne 0 ] || wait
done <"$work/list"
wait

n=0 wrong=0
printf '%-9s %-9s %-6s %-4s %-6s %s\n' signalling security codec call way "what linphone heard"
while read -r combination; do
  n=$((n + 1))
  result=$(sed -n 's/^result=//p' "$work/$n.log")
  # shellcheck disable=SC2086
  printf '%-9s %-9s %-6s %-4s %-6s %s\n' $combination "${result:-$(head -n 1 "$work/$n.log")}"
  [ -n "$result" ] && rm "$work/$n.log" || wrong=$((wrong + 1))
done <"$work/list"
[ "$wrong" -eq 0 ] || fail "$wrong calls are not as they should be"
