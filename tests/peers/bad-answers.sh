#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A callee whose answer names an address that no call can be ended at: the process
# lives on past RFC 3261's timers and takes calls.
. "$(dirname "$0")/lib.sh"

callee_port=$(free_port)
background callee "$TOOLS/torture" --answer "$callee_port"
port=$(free_port)
set --
for name in contact-tel contact-foo contact-any contact-none contact-lost \
  route-foo route-tel; do
  set -- "$@" 1 "sipsrc local-uri=sip:127.0.0.1:$port context=media \
    uri=sip:$name@127.0.0.1:$callee_port timers=timers,max-duration=3000 $dense_line"
done
lines 1 "sipsrc local-uri=sip:127.0.0.1:$port context=media on-hangup=wait $dense_line" "$@"
for name in contact-tel contact-none route-foo route-tel; do
  wait_for "INVITE sip:$name@" "$work/callee.log" 5 ||
    fail "the call to $name was not placed"
done
second=0
while [ "$second" -lt 36 ]; do
  sleep 2
  second=$((second + 2))
  phone try-call "sip:agent@127.0.0.1:$port" bye
  [ "$(fact status)" = 200 ] || fail "after $second s a call gets $(fact status)"
  kill -0 "$line_pid" || fail "the process died after $second s"
done
kill -TERM "$line_pid"
expect_code 0 10
