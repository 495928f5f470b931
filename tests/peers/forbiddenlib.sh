# SPDX-License-Identifier: LGPL-2.1-or-later
# What the tests of dial-allow share beside lib.sh: whom nobody may call, on a network where
# each packet is counted.

ip link add outside type veth peer name beyond 2>"$work/ip.log" ||
  exit 77 # there is no network of its own
# Nothing but what is sent to somebody is counted: neither ARP nor IPv6's own packets, nor
# what ICE tries at each address of this machine, for this interface has none.
ip link set outside addrgenmode none
ip link set outside arp off
ip link set beyond up
ip link set outside up
ip route add 192.0.2.0/24 dev outside

sent () {
  ip -s link show outside | awk 'END { print $2 }'
}
before=$(sent)
nothing_left () {
  [ "$(sent)" = "$before" ] || fail "$(($(sent) - before)) packets left: $*"
}

# something_leaves WHY-NOT: to who may be called
something_leaves () {
  left=200
  until [ "$(sent)" -gt "$before" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "$*"
    sleep 0.05
  done
}

# comes COUNT PATTERN: there are so many messages
comes () {
  left=400
  until [ "$(grep -c "$2" "$work/line.log")" -ge "$1" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "no $1 messages like $2"
    sleep 0.05
  done
}

allowed='sip:carol@192.0.2.66,sip:moved@127.0.0.1:*,+4930*'
# each is near to what may be called
refused='sip:eve@192.0.2.66
sip:Carol@192.0.2.66
sip:carol@192.0.2.67
sip:carol@192.0.2.66:5070
sips:carol@192.0.2.66
sip:carol@192.0.2.66;maddr=192.0.2.67
sip:carol@192.0.2.66;method=BYE
sip:carol:secret@192.0.2.66
sip:carol%40192.0.2.66@192.0.2.67
sip:%65ve@192.0.2.66
sip:carol@192.0.2.66@192.0.2.67
sip:*70@192.0.2.66
sip:0900123@192.0.2.66
sip:192.0.2.66
tel:+49900123
http://192.0.2.66/'
