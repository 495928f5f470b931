#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# answer-mode=manual: the bus asks, answer and reject reply; a caller may give up.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
uri=sip:agent@127.0.0.1:$port
runline sipsrc local-uri="sip:127.0.0.1:$port" answer-mode=manual \
  on-hangup=wait $echo_line
wait_line "$port"

# answered by hand
"$TOOLS/rtpphone" call "$uri" tone 440 300 wait-audio 2000 bye \
  >"$work/phone.log" 2>&1 &
caller=$!
pids="$pids $caller"
heard '"voice/call".*"state":"ringing"'
sleep 0.3
tell answer
wait "$caller" || fail "the answered caller was not content"
expect setup_ms '>' 250
expect ringing == 1
heard '"voice/call".*"state":"ended"'

# rejected by hand
: >"$work/line.log"
"$TOOLS/rtpphone" try-call "$uri" >"$work/phone.log" 2>&1 &
caller=$!
heard '"voice/call".*"state":"ringing"'
tell reject
wait "$caller"
expect status '>=' 400

# cancelled while it rings
: >"$work/line.log"
sipp_run uac-cancel "127.0.0.1:$port" || fail "SIPp's CANCEL went wrong"
heard '"voice/call".*"state":"ended"'

# busy while it talks
: >"$work/line.log"
"$TOOLS/rtpphone" call "$uri" wait 1500 bye >"$work/first.log" 2>&1 &
caller=$!
heard '"voice/call".*"state":"ringing"'
tell answer
heard '"voice/call".*"state":"answered"'
phone try-call "$uri"
expect status == 486
wait "$caller" || fail "the first caller was disturbed by the second"
tell quit
expect_code 0
