#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A caller whose pictures come before the sound: the call begins and ends where the
# sound is, and nowhere else.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

GST_DEBUG=GST_EVENT:5 GST_DEBUG_NO_COLOR=1
export GST_DEBUG GST_DEBUG_NO_COLOR
says hours "what are your opening hours"
speech_at 100 hours
line_text="webrtcbin name=web ! rtpopusdepay ! opusdec ! identity name=sound !
  fakesink sync=false async=false
  web. ! rtpvp8depay ! vp8dec ! identity name=pictures !
  fakesink sync=false async=false"
web_line on-hangup=wait page="$here/web/video"
browser result
heard '"state":"ended".*"by":"peer"'
heard 'sound:sink.*voice-call.*answered'
heard 'sound:sink.*voice-call.*ended'
grep 'pictures:sink.*voice-call' "$work/line.log" &&
  fail "the call is told among pictures"
tell quit
expect_code 0
