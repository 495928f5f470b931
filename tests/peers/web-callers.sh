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
# the second and later callers must add nothing; a moment to come to rest
settled () {
  wait_for "\"state\":\"ended\"" "$work/line.log" 20
  sleep 1
}

good_call first
browser call said "Welcome to Example" press state "Call ended"
settled
files=$(files) threads=$(threads)
: >"$work/line.log"
browser call said "Welcome to Example" close-tab
settled
good_call "after a closed tab"
: >"$work/line.log"
browser call said "Welcome to Example" kill
settled
good_call "after a killed browser"
: >"$work/line.log"
browser call said "Welcome to Example" pc-close wait 1000
settled
good_call "after pc.close()"
: >"$work/line.log"
webphone -t 1 --abandon --channel "$url/whip" || fail "no call"
settled
browser call said "Welcome to Example" press state "Call ended"
sleep 1
echo "files $files -> $(files), threads $threads -> $(threads)"
[ "$(files)" -le $((files + 2)) ] || fail "files: $files -> $(files)"
[ "$(threads)" -le $((threads + 2)) ] || fail "threads: $threads -> $(threads)"
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
sleep 1
echo "memory $memory -> $(memory) kB"
# the sanitizer keeps what was freed
[ -n "${SANITIZED:-}" ] || [ "$(memory)" -le $((memory + 8000)) ] ||
  fail "memory: $memory -> $(memory) kB"
tell quit
expect_code 0
