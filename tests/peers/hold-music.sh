#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# An agent's line puts a phone on hold, twice: it hears the music meanwhile, and only then.
# baresip, too, takes the hold and is there afterwards.
. "$(dirname "$0")/lib.sh"

tone=1020 # Hz

gst-launch-1.0 -q audiotestsrc num-buffers=50 samplesperbuffer=160 freq=$tone \
  volume=0.3 ! audio/x-raw,format=S16LE,rate=8000,channels=1 ! wavenc ! \
  filesink location="$work/music.wav" >"$work/music.log" 2>&1 ||
  fail "there is no music"

# hold_twice: as soon as the call is there
hold_twice () {
  heard '"voice/call".*"state":"answered"'
  for turn in 1 2; do
    : >"$work/line.log"
    tell hold
    heard '"voice/call".*"state":"held".*"by":"us"'
    sleep 1
    tell resume
    heard '"voice/call".*"state":"resumed".*"by":"us"'
  done
}

port=$(free_port)
uri=sip:agent@127.0.0.1:$port
: >"$work/line.log"
runline sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait ! \
  aiagentsink hold-music="$work/music.wav" aiagentsrc ! sipsink
wait_line "$port"
background phone timeout 40 "$TOOLS/rtpphone" call "$uri" wait-bye 20000 facts \
  record "$work/heard.wav"
phone=$last_pid
hold_twice
tell hang-up
heard '"voice/call".*"state":"ended"'
wait "$phone" || fail "the phone was not content"
expect reinvites == 4
"$TOOLS/wavcheck" pure "$work/heard.wav" $tone >"$work/heard.log"
expect pure_ms '>' 1500 heard
expect pure_ms '<' 4000 heard

: >"$work/line.log"
speech "$work/caller.wav" 20000
baresip_phone "$(free_port)" "$work/caller.wav" caller@127.0.0.1
background baresip timeout 40 baresip -f "$work/phone" -e "/dial $uri" </dev/null
hold_twice
tell hang-up
heard '"voice/call".*"state":"ended".*"by":"us"'
[ "$(grep -c 'got re-INVITE' "$work/baresip.log")" = 4 ] ||
  fail "baresip was not asked four times"
tell quit
expect_code 0
