#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A phone and a browser in one line, whose process stands still for 0.2 to 0.5 s in the
# middle of the call: afterwards each hears the other. With a number that many calls of
# each pipeline, each with another moment and length; a summary comes at the end.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

runs=${1:-1}
BROWSER_HZ=1750
PHONE_HZ=1300

# whistle FILE HZ: a fifth of a second and a pause, eight times: no noise suppression
# takes that for noise, and nobody speaks so
whistle () {
  "$TOOLS/runline" audiotestsrc wave=ticks freq="$2" volume=0.4 \
    sine-periods-per-tick=$(($2 * 3 / 10)) tick-interval=500000000 \
    samplesperbuffer=160 num-buffers=200 ! audio/x-raw,rate=8000,channels=1 ! \
    wavenc ! filesink location="$1" </dev/null >"$work/whistle.log" 2>&1 ||
    fail "nobody can whistle"
}
whistle "$work/phone-says.wav" "$PHONE_HZ"
whistle "$work/browser-says.wav" "$BROWSER_HZ"
# Both begin when the stall is over, one after the other; the agent may talk, too.
speech_at 6500 browser-says
player=line
n_calls=0

# one_call PIPELINE RUN
one_call () {
  port=$(free_port)
  line_text="$(grep -v '^#' "$here/../../pipelines/$1.launch" |
    sed "s/^whipserver.*//; s/^sipsrc/sipsrc local-uri=sip:127.0.0.1:$port/")"
  # a hash of the run's number for either
  stall=$(echo "$2 $1" | cksum | awk '{
    printf "after=%.3f length=%.3f", 1 + $1 % 2000 / 1000,
      0.2 + int ($1 / 2000) % 300 / 1000 }')
  eval "$stall"
  rm -f "$work/browser.wav" "$work/phone.wav" "$work/browser.log"
  web_line on-hangup=wait
  browser call record "$work/browser.wav" 15500 recorded press state "Call ended" &
  browser_pid=$!
  wait_for '^done call' "$work/browser.log" 90 || fail "the browser did not call"
  "$TOOLS/rtpphone" call "sip:anybody@127.0.0.1:$port" wait 10000 \
    play "$work/phone-says.wav" wait-said wait 1000 bye record "$work/phone.wav" \
    >"$work/phone.log" 2>&1 &
  phone_pid=$!
  began=$(date +%s%3N)
  sleep "$after"
  kill -STOP "$line_pid"
  sleep "$length"
  kill -CONT "$line_pid"
  over=$(($(date +%s%3N) - began))
  wait "$phone_pid" || fail "the phone was not content"
  wait "$browser_pid" || fail "the browser was not content"
  kill -INT "$line_pid"
  ended 10
}

# hears FILE HZ: so many ms of that whistle behind the stall
hears () {
  "$TOOLS/wavcheck" pure "$work/$1.wav" "$2" "$over" >"$work/pure.log"
  expect pure_ms '>' 500 pure
  fact pure_ms pure
}

for run in $(seq "$runs"); do
  for pipeline in sip-webrtc-gateway hybrid-room; do
    one_call "$pipeline" "$run"
    by_phone=$(hears phone "$BROWSER_HZ") ||
      fail "the phone does not hear the browser: $by_phone"
    by_browser=$(hears browser "$PHONE_HZ") ||
      fail "the browser does not hear the phone: $by_browser"
    echo "$pipeline $run: stood still $after s into the call for $length s;" \
      "heard by phone $by_phone ms, by browser $by_browser ms"
    n_calls=$((n_calls + 1))
  done
done
echo "$n_calls calls, sound both ways in all"
