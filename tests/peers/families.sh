#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A line with no local-uri on machines with both kinds of addresses, and with one: a
# network namespace of its own each. Where there is IPv6 alone baresip talks to it, too: in
# clear, and by TLS with SRTP, called and calling.
[ -n "${FAMILIES:-}" ] || {
  unshare -rn true 2>/dev/null || {
    echo "no network namespaces here"
    exit 77
  }
  for families in both IPv4 IPv6; do
    FAMILIES=$families unshare -rn "$0" || exit
  done
  exit 0
}
. "$(dirname "$0")/lib.sh"

ip link set lo up
case $FAMILIES in
  IPv4) ip -6 addr flush dev lo ;;
  IPv6) ip -4 addr flush dev lo ;;
esac

# called ADDRESS: by SIPp, whose own address it is, too
called () {
  (cd "$work" && timeout 40 sipp -sf "$here/scenarios/uac-setup.xml" -i "$1" -p 5070 \
    -nostdin -m 1 -d 100 -recv_timeout 15000 -timeout 30 "$1:5060") \
    >"$work/sipp.log" 2>&1
}

# listening PORT: until somebody does, at whatever address
listening () {
  left=200
  until ss -lnu | grep -q ":$1 "; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "nobody listens on port $1"
    sleep 0.05
  done
}

# missing FAMILY ADDRESS: nobody can be called there, and it is said why
missing () {
  : >"$work/line.log"
  runline sipsrc local-uri="sip:$2:5080" ! fakesink
  ended 5
  grep -q "This machine has no $1 address" "$work/line.log" ||
    fail "nobody said that there is no $1"
}

line sipsrc on-hangup=wait $echo_line
waiting_pid=$line_pid
listening 5060
if [ "$FAMILIES" = IPv6 ]; then
  missing IPv4 0.0.0.0
else
  called 127.0.0.1 || fail "the call to 127.0.0.1 failed"
fi
if [ "$FAMILIES" = IPv4 ]; then
  missing IPv6 '[::]'
else
  called '[::1]' || fail "the call to ::1 failed"
fi
kill -INT "$waiting_pid"
wait "$waiting_pid"

# A name that has both is called where this machine can.
: >"$work/line.log"
[ "$FAMILIES" = IPv6 ] && host='[::1]' || host=127.0.0.1
sipp_run uas-answer -i "$host" -p 5070 &
callee=$!
listening 5070
runline sipsrc uri=sip:bob@localhost:5070 $echo_line
expect_code 0 15
wait "$callee" || fail "SIPp was not called"

[ "$FAMILIES" = IPv6 ] || exit 0

# ---- With baresip

# The network is this test's alone; to look for a free port takes IPv4.
echo 6000 >"$work/port"
free_port () {
  echo $(($(cat "$work/port") + 10)) >"$work/port"
  cat "$work/port"
}

# comes_back: what baresip heard is what it said, in the words of the line encrypted by $1 and
# told by $2
comes_back () {
  "$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$work"/phone/dump-*-dec.wav \
    >"$work/find.log"
  expect pieces '>' 0.85 find
  heard "\"state\":\"answered\".*\"signalling\":\"$2\".*\"encryption\":\"$1\""
}

# talks TRANSPORT ENCRYPTION MEDIAENC SETTINGS...: baresip calls the line, and is called
talks () {
  transport=$1 encryption=$2 MEDIAENC=$3
  shift 3
  port=$(free_port)
  [ "$transport" = tls ] && sip=sips || sip=sip
  : >"$work/line.log"
  runline sipsrc local-uri="$sip:[::1]:$port" "$@" $echo_line
  [ "$transport" = tls ] && accepting "$port" || listening "$port"
  baresip_call "sip:agent@[::1]:$port;transport=$transport" "$work/said.wav" 4
  comes_back "$encryption" "$transport"
  expect_code 0

  phone=$(free_port)
  baresip_answers "$phone" "$work/said.wav" 5
  [ "$transport" = tls ] && phone=$((phone + 1))
  : >"$work/line.log"
  runline sipsrc local-uri="sip:[::1]:$(free_port)" "$@" \
    uri="sip:callee@[::1]:$phone;transport=$transport" $echo_line
  expect_code 0 15
  comes_back "$encryption" "$transport"
}

# accepting PORT: until somebody does, by TCP
accepting () {
  left=200
  until ss -lnt | grep -q ":$1 "; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "nobody listens on port $1"
    sleep 0.05
  done
}

authority ca
certificate good ca IP:::1
speech "$work/said.wav" 500
PHONE_HOST='[::1]'
talks udp none ''
BARESIP_CONFIG="sip_cafile $work/ca.crt
sip_certificate $work/good.pem"
talks tls sdes srtp-mand srtp=required tls-ca="$work/ca.crt" tls-certificate="$work/good.pem"
