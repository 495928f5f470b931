#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Caller after caller on one pipeline, however the one before went: by the button, by
# closing the tab, by killing the browser, by pc.close() with an open data channel, by
# vanishing. Files, threads and memory stay what they were.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

says hours "what are your opening hours"
speech_at 3000 hours
line_text=$agent_line
web_line on-hangup=wait inactivity-timeout=2000

files () {
  ls "/proc/$line_pid/fd" | wc -l
}
threads () {
  awk '/^Threads/ { print $2 }' "/proc/$line_pid/status"
}
memory () {
  awk '/^VmRSS/ { print $2 }' "/proc/$line_pid/status"
}
# comes_down WHAT LIMIT: what a call had is given back a moment after its end
comes_down () {
  left=200
  until now=$($1) && [ "$now" -le "$2" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "$1: $2 at most, but $now"
    sleep 0.05
  done
  echo "$1 $now, at most $2"
}

good_call first
browser call said "Welcome to Example" press state "Call ended"
line_free
sleep 1 # the second and later callers must add nothing to what is left of the first
files=$(files) threads=$(threads)
browser call said "Welcome to Example" close-tab
line_free
good_call "after a closed tab"
browser call said "Welcome to Example" kill
line_free
good_call "after a killed browser"
browser call said "Welcome to Example" pc-close wait 1000
line_free
good_call "after pc.close()"
webphone -t 1 --abandon --channel "$url/whip" || fail "no call"
line_free
browser call said "Welcome to Example" press state "Call ended"
comes_down files $((files + 2))
comes_down threads $((threads + 2))
grep -q 'error ' "$work/line.log" && fail "the line had an error"
kill -INT "$line_pid"
expect_code 0

# without an agent, which loads what it needs when it needs it
line_text="webrtcbin name=web ! rtpopusdepay ! opusdec ! fakesink async=false
  audiotestsrc is-live=true ! opusenc ! rtpopuspay ! web."
web_line on-hangup=wait
for number in 1 2 3 4; do
  good_call "number $number of a row"
done
memory=$(memory)
for number in 5 6 7 8 9 10; do
  good_call "number $number of a row"
done
# the sanitizer keeps what was freed
[ -n "${SANITIZED:-}" ] || comes_down memory $((memory + 8000))
tell quit
expect_code 0
