#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Callers that are neither our page nor Chromium's habits: another WebRTC stack
# (werift), a published WHIP client in a page of its own, a page written for OpenAI's
# Realtime API, payload numbers as Firefox has them, telephone codecs.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

line_text=$agent_line
web_line on-hangup=wait
timeout 60 node "$here/web/werift.mjs" "$url/whip" 4 >"$work/werift.log" 2>&1 ||
  fail "werift heard nothing"
expect packets '>' 100 werift
expect events '>' 2 werift
webphone --payload 109 -t 1 "$url/whip" || fail "payload 109 was not understood"
webphone --payload 120 -t 1 "$url/v1/realtime/calls" || fail "no call by that path"
kill -INT "$line_pid"
expect_code 0

for law in mulaw:pcmu alaw:pcma; do
  codec=${law#*:}
  line_text="webrtcbin name=web ! rtp${codec}depay ! aiagentsink backend=echo \
    backend::mode=loop-back aiagentsrc ! rtp${codec}pay ! web."
  web_line on-hangup=wait
  webphone -c "$codec" -t 1 "$url/whip" || fail "no call with $codec"
  webphone -t 1 "$url/whip" && fail "Opus on a line without it"
  kill -INT "$line_pid"
  expect_code 0
done

mkdir "$work/page"
cp "$here"/web/client/* "$work/page"
cp "$here/web/node_modules/whip-whep/whip.js" "$work/page"
says hours "what are your opening hours"
speech_at 1000 hours
line_text=$web_echo_line
web_line on-hangup=wait page="$work/page"
browser result
grep -q 'result connected connected true' "$work/browser.log" ||
  fail "the client was not content"
heard '"state":"answered"'
heard '"state":"ended".*"by":"peer"'
good_call "after a published client"
kill -INT "$line_pid"
expect_code 0
