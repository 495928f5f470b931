#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A line with no local-uri on machines with both kinds of addresses, and with one: a
# network namespace of its own each.
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
