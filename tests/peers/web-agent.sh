#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Chromium opens the page, presses Call, asks the recorded question; the answer is
# heard, and both sides' words stand on the page. Typing works, too; goodbye ends the
# call, and with it the line, which stock gst-launch-1.0 plays.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

says hours "what are your opening hours"
speech_at 6000 hours
line_text=$agent_line
player=line
web_line
browser call said "Welcome to Example" wait 3500 record "$work/answer.wav" 12500 \
  said "what are your opening hours" recorded screenshot "$work/call.png" \
  type "where are you?" said "12 Market Street" wait 500 \
  type "goodbye" said "Goodbye!" state "Call ended"
"$TOOLS/wavcheck" sound "$work/answer.wav" >"$work/sound.log"
begin=$(fact begin_ms sound) end=$(fact end_ms sound)
echo "hours|wav:$((begin - 300))-$((end + 300))|$work/answer.wav" |
  "$RECOGNITION" "$here/../speech/answers.ini" 100 clean=100 >"$work/said.log" ||
  fail "the answer was not recognised in what the browser heard"
grep -q page-error "$work/browser.log" && fail "the page has an error"
# gst-launch and runline write messages in different ways
wait_for 'role.*caller.*what[\\]* are[\\]* your[\\]* opening[\\]* hours' \
  "$work/line.log" || fail "no transcript of the caller on the bus"
wait_for 'voice/call.*state.*ended.*by.*us' "$work/line.log" ||
  fail "no message of the session's end"
expect_code 0
