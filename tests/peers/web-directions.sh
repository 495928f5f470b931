#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Callers who only send, or only listen, also one who sends all the same, or who is muted
# and is greeted as any: the next call is as good. In a loop with a mixer nobody else is held up by them.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

# caller DIRECTION SECONDS: by another WebRTC stack
caller () {
  timeout 60 node "$here/web/werift.mjs" "$url/whip" "$2" "$1" \
    >"$work/werift.log" 2>&1 || fail "no call $1"
}

line_text=$agent_line
web_line on-hangup=wait
caller recvonly 5
caller sendrecv 4
caller sendonly 3
caller muted 8
expect events '>' 3 werift # more than that there is a session: it was spoken to
good_call "after a caller who only sends"
grep -q '"message":"error"' "$work/line.log" && fail "the line had an error"
tell quit
expect_code 0

# Everybody hears the room, whose level is told every 100 ms.
levels () {
  grep -c '"message":"level"' "$work/line.log"
}
line_text="audiomixer name=room force-live=true min-upstream-latency=60000000 ! \
    audio/x-raw,rate=48000,channels=1 ! level interval=100000000 ! tee name=all \
  webrtcbin name=web ! rtpopusdepay ! opusdec ! audioconvert ! room. \
  all. ! opusenc ! rtpopuspay ! web. \
  all. ! fakesink sync=false async=false"
for direction in sendrecv sendonly recvonly; do
  web_line on-hangup=wait
  caller "$direction" 4 &
  caller_pid=$!
  heard '"state":"answered"'
  sleep 0.5
  before=$(levels)
  sleep 1
  [ $(($(levels) - before)) -ge 7 ] ||
    fail "the room is silent while somebody calls $direction: $before $(levels)"
  wait "$caller_pid" || exit 1
  tell quit
  expect_code 0
done
