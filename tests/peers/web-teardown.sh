#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A line that is paused, stopped, interrupted or ended in the midst of a call does so at
# once, also with a webrtcbin that is not its first, and in a loop with a mixer.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

# our element is the first to know: nobody is left in webrtcbin
GST_DEBUG=whip:2
export GST_DEBUG

room_line="audiomixer name=room force-live=true min-upstream-latency=60000000 ! \
    audio/x-raw,rate=48000,channels=1 ! tee name=all \
  webrtcbin name=web ! rtpopusdepay ! opusdec ! audioconvert ! room. \
  all. ! opusenc ! rtpopuspay ! web. \
  all. ! fakesink sync=false async=false"

# caller: one who stays, in the background
caller () {
  : >"$work/webphone.log"
  webphone -t 20 --channel "$url/whip" &
  pids="$pids $!"
  wait_for '^0 connected' "$work/webphone.log" || fail "no call"
  sleep 0.7
}

content () {
  ! grep -q "pusher waiting" "$work/line.log" ||
    fail "webrtcbin was in PAUSED before the valves were closed"
  ! grep -q '"message":"error"' "$work/line.log" || fail "the line had an error"
}

for text in "$agent_line" "$room_line"; do
  line_text=$text
  web_line on-hangup=wait
  good_call
  caller
  tell state paused
  sleep 0.5
  content
  tell state playing
  sleep 0.5
  tell state ready
  heard '"state":"ended".*stopped'
  tell state playing
  wait_web
  good_call "after a stop in a call"
  caller
  tell quit
  expect_code 0 3
  content
  for end in INT EOS; do
    player=line
    line_text=$text
    [ "$end" = EOS ] && line_text="-e $text"
    web_line on-hangup=wait
    caller
    kill -INT "$line_pid"
    expect_code 0 3
    content
    player=runline
  done
done

# whipserver alone goes, the agent hears that the call is over, the line goes on
GST_DEBUG=whip:2,GST_EVENT:5 GST_DEBUG_NO_COLOR=1
export GST_DEBUG_NO_COLOR
line_text=$(echo "$agent_line" | sed 's/aiagentsink/identity name=seen ! aiagentsink/')
web_line on-hangup=wait name=whip
caller
tell state null whip
heard '"state":"ended".*stopped'
heard 'seen:sink.*voice-call.*ended'
sleep 1
tell quit
expect_code 0 3
content
