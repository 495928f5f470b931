#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The avatar pipeline as it stands: its picture is decoded in Chromium, and moves while
# the agent speaks. A caller without video hears the agent all the same, and is told its
# words once, though the line forks.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

says hours "what are your opening hours"
speech_at 5000 hours
line_text=$(grep -v '^#' "$here/../../pipelines/webrtc-avatar.launch" |
  sed 's/^whipserver.*//')
web_line on-hangup=wait
browser call said "from nine in the morning" picture 3000 screenshot "$work/face.png" \
  press state "Call ended"
grep -E '^(frames|moved|shown|width)' "$work/browser.log"
sed -i 's/^\([a-z]*\) \([0-9a-z]*\)$/\1=\2/' "$work/browser.log"
expect frames '>' 60 browser
expect moved '>' 100 browser
expect width '==' 320 browser
good_call "without video"
webphone -t 8 --channel "$url/whip" || fail "no call with a channel"
told=$(grep -c 'transcript.delta.*Welcome to Example' "$work/webphone.log")
[ "$told" -eq 1 ] || fail "the greeting was told $told times"
kill -INT "$line_pid"
expect_code 0
