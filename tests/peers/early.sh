#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Before the answer: SIPp calls, confirms our 183 (PRACK) and hears us, and only then the
# line answers; SIPp is called, and says what it has to say reliably before its 200.
. "$(dirname "$0")/lib.sh"

media=$(free_port)
background ear python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
loud = 0
print("listens", flush=True)
while loud < 25:  # half a second of sound, PCMU
    packet = s.recv(2048)
    loud += len(packet) == 172 and packet[1] & 127 == 0 and len(set(packet[12:])) > 20
print("heard", flush=True)
' "$media"
wait_for listens "$work/ear.log" || fail "nobody listens"
port=$(free_port)
runline sipsrc local-uri="sip:127.0.0.1:$port" answer-mode=manual early-media=agent \
  ! fakesink sync=false audiotestsrc is-live=true ! sipsink
wait_line "$port"
sipp_run uac-early "127.0.0.1:$port" -key media "$media" &
caller=$!
heard '"voice/call".*"state":"early"'
wait_for heard "$work/ear.log" || fail "the caller hears nothing before the answer"
grep -q '"state":"answered"' "$work/line.log" && fail "the line answered by itself"
tell answer
wait "$caller" || fail "SIPp, which sent PRACK, was not content"
expect_code 0

port=$(free_port)
sipp_run uas-early -p "$port" &
callee=$!
attempt=0
until grep -q ":$(printf %04X "$port") " /proc/net/udp; do
  attempt=$((attempt + 1))
  [ "$attempt" -lt 60 ] || fail "SIPp does not listen"
  sleep 0.05
done
: >"$work/line.log"
runline sipsrc local-uri="sip:127.0.0.1:$(free_port)" uri="sip:bob@127.0.0.1:$port" $echo_line
wait "$callee" || fail "SIPp, which waits for PRACK, was not content"
heard '"voice/call".*"state":"early"'
heard '"voice/call".*"state":"answered"'
expect_code 0
