#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The page in words and by keyboard: every error a caller may see is the right one, and
# what the buttons promise happens. With SHOTS=DIRECTORY it leaves pictures there.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

says hours "what are your opening hours"
speech_at 3000 hours
fake=$microphone
other=
mkdir -p "${SHOTS:=$work/shots}"

# visit PATH ACTION...: the browser at that address, when nobody calls any more but $other
visit () {
  [ -n "$other" ] || line_free
  (
    url=$url$1
    shift
    browser "$@" close-tab # which hangs up
    ! grep -q page-error "$work/browser.log" || fail "the page has an error"
  ) || exit 1
}

# at NAME SCHEME WIDTH PATH ACTION...: the same on such a screen, which all fits on, and
# a picture of it
at () {
  name=$SHOTS/$1-$2-$3.png
  export SCHEME="$2" WIDTH="$3"
  shift 3
  visit "$@" fits screenshot "$name"
  unset SCHEME WIDTH
}

line_text=$agent_line
web_line on-hangup=wait line=support token="sec+ret%"
good=/support#token=sec+ret%

# before there is a call
for scheme in light dark; do
  for width in 360 800; do
    at idle $scheme $width "$good"
  done
done
microphone=
at no-microphone light 360 "$good" press error "No microphone was found" \
  state "Ready to call" is call text Call
microphone=$fake
REFUSE=yes
export REFUSE
at refused dark 360 "$good" press error "The microphone was not allowed"
unset REFUSE
visit "$good" microphone-error NotReadableError press error "in use by another program" \
  microphone-error OverconstrainedError press error "That microphone is gone" \
  microphone-error TypeError press error "The call could not be made (said)."
at no-token light 800 /support press error "This line needs a token"
visit /support#token=sec+reT press error "This line needs a token"
visit /#token=sec+ret% press error "There is no such line here"
visit "/support#token=sec%2Bret%25" call
visit "$good" answer 403 "" press error "The server refuses calls from this page" \
  answer 422 '{"detail":"Nothing in common."}' \
  press error "The server refused the call. Nothing in common." \
  answer 503 '{"detail":"No new calls are taken here any more."}' \
  press error "No new calls are taken here any more." \
  answer 503 "<html>" press error "The line is busy." \
  answer 502 "<html>" press error "The server refused the call."
visit "$good" no-answer 300 press error "The server does not answer" \
  state "Ready to call"
"$TOOLS/webphone" --token "sec+ret%" --channel -t 60 "$url/whip/support" \
  >"$work/other.log" 2>&1 &
other=$!
pids="$pids $other"
wait_for connected "$work/other.log" || fail "the other caller does not get through"
at busy dark 800 "$good" press error "All lines are busy"
kill "$other"
other=

# hanging up while a microphone is opened: it does not stay on, nothing is wrong
visit "$good" slow-microphone 1000 press state "Asking" press state "Ready to call" \
  microphones-off is error text "" is call text Call
visit "$good" call slow-microphone 1000 choose microphone 1 press state "Call ended" \
  microphones-off is error text ""

# by keyboard alone; the clock is not read aloud; mute keeps its name
at call light 800 "$good" key Tab focused call key Enter state "In a call" \
  said "Welcome to Example" unread 2500 \
  choose microphone 1 is error text "" key Tab focused microphone \
  screenshot "$SHOTS/focus.png" key Tab focused mute \
  key Space is mute aria-pressed true is mute text Mute key Tab key Tab \
  focused text type "where are you?" said "12 Market Street" key Shift+Tab
for scheme in light dark; do
  at call $scheme 360 "$good" call click mute said "Welcome to Example" \
    type "where are you?" said "12 Market Street" type "where are you?" lines 3 \
    type "where are you?" lines 4
done
at goodbye dark 800 "$good" call said "Welcome to Example" \
  type goodbye said "Goodbye!" state "Call ended" is text disabled true

# the agent is told to be silent, and is
line_free
: >"$work/line.log"
visit "$good" call click mute said "Welcome to Example" is stop aria-disabled true \
  type "what are your opening hours" is stop aria-disabled false \
  record "$work/stopped.wav" 5000 wait 1000 click stop is stop aria-disabled true recorded
heard '"aiagent/turn".*"state":"interrupted"'
"$TOOLS/wavcheck" sound "$work/stopped.wav" >"$work/sound.log"
expect end_ms '<' 2500 sound

# a server that dies: in a call, and before one
at unreachable light 800 "$good" call said "Welcome to Example" end-process "$line_pid" \
  error "The connection was lost" state "Call ended" screenshot "$SHOTS/lost.png" \
  press error "The server cannot be reached" state "Ready to call"
