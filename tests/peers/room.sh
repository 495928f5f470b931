#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# One room: baresip, Chromium and the embedded agent. Each hears the two others and
# not itself, the agent answers either, and the whole is on src.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

says hours "what are your opening hours"
says address "what is your address"
speech_at 9000 hours # the browser asks first
"$TOOLS/wavcheck" to8k "$work/address.wav" "$work/phone.wav" 19000 12000 ||
  fail "the second question could not be written"
port=$(free_port)
line_text="$(grep -v '^#' "$here/../../pipelines/hybrid-room.launch" |
  sed "s/^whipserver.*//; s/^sipsrc/sipsrc local-uri=sip:127.0.0.1:$port/") \
  room.src ! wavenc ! filesink location=$work/all.wav async=false"
player=line
web_line on-hangup=wait
browser call record "$work/browser.wav" 32000 said "Welcome to Example" \
  said "what are your opening hours" said "what is your address" recorded \
  screenshot "$work/room.png" press state "Call ended" &
browser_pid=$!
wait_for '^done call' "$work/browser.log" 90 || fail "the browser did not call"
baresip_call "sip:agent@127.0.0.1:$port" "$work/phone.wav" 29
wait "$browser_pid" || fail "the browser was not content: $(cat "$work/browser.log")"
kill -INT "$line_pid"
ended 10
cp "$work"/phone/dump-*-dec.wav "$work/heard-by-phone.wav"

# hears FILE WHAT: those words are recognised where the question is found; hears_not: it
# is nowhere found. What went through a browser is less like itself than what did not.
alike () {
  "$TOOLS/wavcheck" find "$work/$2.wav" "$work/$1.wav" >"$work/find.log"
  echo "$1: $2 alike $(fact alike find), level $(fact level_db find)"
  at=$(awk -v a="$(fact at_ms find)" 'BEGIN { print int(a) }')
  after=$(awk -v a="$at" -v b="$(fact length_ms find)" 'BEGIN { print int(a + b) }')
}
hears () {
  alike "$1" "$2"
  from=$((at > 300 ? at - 300 : 0))
  echo "$2|wav:$from-$((after + 300))|$work/$1.wav" |
    "$RECOGNITION" "$here/../../pipelines/agents/receptionist.ini" 100 clean=100 \
      >"$work/said.log" || fail "\"$2\" was not recognised in $1"
}
hears_not () {
  alike "$1" "$2"
  expect alike '<' 0.25 find
}
hears heard-by-phone hours
hears_not heard-by-phone address
hears browser address
hears_not browser hours
hears all hours
hears all address
# the agent's answer to the second question, behind it; in the browser's recording and
# the mix by where the question is, in the phone's by its own clock
answered () {
  echo "$3|wav:$2-$(($2 + $4))|$work/$1.wav" |
    "$RECOGNITION" "$here/../speech/answers.ini" 100 clean=100 >"$work/said.log" ||
    fail "the agent's answer was not recognised in $1"
}
for file in heard-by-phone browser all; do
  question=address length=5000
  [ "$file" = heard-by-phone ] && question=hours length=8200
  alike "$file" "$question"
  answered "$file" "$after" "$question" "$length"
done
