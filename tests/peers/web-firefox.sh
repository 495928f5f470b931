#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Firefox opens the page, presses Call, asks the recorded question; the answer is heard,
# and both sides' words stand on the page. Goodbye ends the call.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

says hours "what are your opening hours"
speech_at 6000 hours
line_text=$agent_line
web_line
export BROWSER=firefox
browser call said "Welcome to Example" wait 3500 record "$work/answer.wav" 15000 \
  said "what are your opening hours" recorded type "goodbye" said "Goodbye!" \
  state "Call ended"
"$TOOLS/wavcheck" sound "$work/answer.wav" >"$work/sound.log"
begin=$(fact begin_ms sound) end=$(fact end_ms sound)
echo "hours|wav:$((begin - 300))-$((end + 300))|$work/answer.wav" |
  "$RECOGNITION" "$here/../speech/answers.ini" 100 clean=100 >"$work/said.log" ||
  fail "the answer was not recognised in what Firefox heard"
grep -q page-error "$work/browser.log" && fail "the page has an error"
expect_code 0
