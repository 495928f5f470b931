#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A line behind NAT that asks a server of STUN how its calls are seen: baresip outside calls it
# and is called, sends its audio where SDP says, and hears it come back. Once behind a NAT that
# keeps the numbers of ports and lets nobody in who was not sent something, once behind one that
# makes other ones of them; and without STUN, to see that it is one. Three network namespaces:
# outside (this one), the router, the line's.
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" = 0 ] && unshare -n true 2>/dev/null || {
  echo "no network namespaces here"
  exit 77
}

OUTSIDE=192.0.2.1 PUBLIC=192.0.2.7 INSIDE=10.0.0.2

# network NAME: a namespace, held by a process that is in $last_pid
network () {
  background "$1" unshare -n sleep 600
  left=200
  until [ "$(readlink "/proc/$last_pid/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "there is no network for the $1"
    sleep 0.05
  done
  nsenter -t "$last_pid" -n ip link set lo up
}

# routes RULES: the router's, which replace what it had
routes () {
  nsenter -t "$router" -n nft -f - <<RULES || fail "nft takes no rules"
flush ruleset
table ip nat {
  chain out {
    type nat hook postrouting priority 100
    $1
    oifname wan masquerade
  }
  chain in {
    type nat hook prerouting priority -100
    iifname wan udp dport 5060 dnat to $INSIDE:5060
    $2
  }
}
table ip filter {
  chain itself {
    type filter hook input priority 0
    iifname wan ct state new drop
  }
  chain through {
    type filter hook forward priority 0
    iifname wan ct state new ct status dnat accept
    iifname wan ct state new drop
  }
}
RULES
}

# Each NAT has ports of the line of its own: the router remembers who went where.
keeps_ports () {
  routes '' ''
  range=$1
}

# Four ports, each with one outside that says nothing of it, for everybody.
moves_ports () {
  out= in=
  for pair in 11000:21000 11001:21331 11002:21700 11003:21901; do
    out="$out
    udp sport ${pair%:*} snat to $PUBLIC:${pair#*:}"
    in="$in
    udp dport ${pair#*:} dnat to $INSIDE:${pair%:*}"
  done
  routes "$out" "$in"
  range=11000-11003
}

# comes_back: what baresip heard is what it said
comes_back () {
  "$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$work"/phone/dump-*-dec.wav \
    >"$work/find.log"
  # In the middle of it the jitter buffer may take out a period, and the rest is early.
  expect alike '>' 0.4 find
}

# echo_on SETTINGS...: a line that plays every sound back; it takes calls
echo_on () {
  : >"$work/line.log"
  # shellcheck disable=SC2086
  line sipsrc local-uri="sip:agent@$INSIDE:5060" rtp-port-range="$range" "$@" $echo_line
}

listening () {
  left=200
  until nsenter -t "$inside" -n ss -lnu | grep -q ":5060 "; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "the line does not listen"
    sleep 0.05
  done
}

network router
router=$last_pid
network inside
inside=$last_pid
ip link add outside type veth peer name wan netns "$router" &&
  ip link add lan netns "$router" type veth peer name eth0 netns "$inside" &&
  ip addr add "$OUTSIDE/24" dev outside && ip link set outside up &&
  nsenter -t "$router" -n sh -c "ip addr add $PUBLIC/24 dev wan && ip link set wan up &&
    ip addr add 10.0.0.1/24 dev lan && ip link set lan up &&
    echo 1 >/proc/sys/net/ipv4/ip_forward" &&
  nsenter -t "$inside" -n sh -c "ip addr add $INSIDE/24 dev eth0 && ip link set eth0 up &&
    ip route add default via 10.0.0.1" || fail "the networks cannot be made"
background stun "$here/stunserver.py" "$OUTSIDE" 3478
wait_for ready "$work/stun.log" || fail "the server of STUN does not start"

PHONE_HOST=$OUTSIDE
export GST_DEBUG=sip:4
within="nsenter -t $inside -n"
stun=external-address=stun:$OUTSIDE
speech "$work/said.wav" 500

for nat in "keeps_ports 10000-10003" moves_ports; do
  $nat
  # ---- The line is called
  echo_on "$stun"
  listening
  baresip_call "sip:agent@$PUBLIC:5060" "$work/said.wav" 5
  comes_back
  expect_code 0
  # ---- The line calls
  port=$(free_port)
  baresip_answers "$port" "$work/said.wav" 6
  echo_on "$stun" uri="sip:callee@$OUTSIDE:$port"
  wait "$baresip_pid"
  baresip_talked
  comes_back
  expect_code 0 15
  grep -q "seen from outside at $PUBLIC, RTP at" "$work/line.log" || fail "nobody was asked"
  ! grep -q -i "may not reach" "$work/line.log" || fail "the server was not heard"
done

# ---- And without
keeps_ports 12000-12003
echo_on
listening
baresip_call "sip:agent@$PUBLIC:5060" "$work/said.wav" 4
(comes_back) >/dev/null 2>&1 && fail "it needs no STUN here"
exit 0
