#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A bad network: 5 % of all packets are lost, the others come up to 30 ms late and out
# of order. Of ten recorded questions at least nine are understood.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

set -- "what are your opening hours" "what is your address" "when do you open" \
  "where are you located" "are you open tomorrow" "how do i get to you" \
  "what time do you close" "give me your address" "how late are you open" \
  "tell me your opening hours"
sources= number=0 before=4500 # the greeting
for question; do
  number=$((number + 1))
  says "q$number" "$question"
  "$TOOLS/wavcheck" to8k "$work/q$number.wav" "$work/p$number.wav" "$before" 2500 ||
    fail "question $number could not be written"
  before=1000
  sources="$sources filesrc location=$work/p$number.wav ! wavparse ! all."
done
# shellcheck disable=SC2086
"$TOOLS/runline" concat name=all ! wavenc ! filesink location="$work/all.wav" \
  $sources </dev/null >"$work/concat.log" 2>&1 || fail "the call could not be recorded"

line_text=$agent_line
web_line on-hangup=wait
webphone -t 60 --loss 5 --jitter 30 --channel --play "$work/all.wav" "$url/whip" ||
  fail "nothing came through"
grep '^relay' "$work/webphone.log"
right=0
for question; do
  grep -q "\"role\":\"caller\",\"text\":\"$question\".*\"rejected\":\"\"" \
    "$work/line.log" && right=$((right + 1)) || echo "not understood: $question"
done
echo "understood $right of 10"
[ "$right" -ge 9 ] || fail "only $right of 10 were understood"

# the line knows how bad it was
tell stats
heard '"whipserver0".*"packets-lost"'
stat () {
  sed -n "s/.*\"whipserver0\".*\"$1\":\([0-9]*\).*/\1/p" "$work/line.log" | tail -n 1
}
echo "$(stat packets-received) packets came, $(stat packets-lost) were lost, jitter" \
  "$(($(stat jitter) / 1000000)) ms, round trip $(($(stat round-trip) / 1000000)) ms"
all=$(($(stat packets-received) + $(stat packets-lost)))
[ "$(stat packets-lost)" -gt $((all / 40)) ] || fail "the lost packets were not counted"
[ "$(stat packets-lost)" -lt $((all / 10)) ] || fail "more than lost was counted"
[ "$(stat jitter)" -gt 2000000 ] || fail "the jitter was not measured"
[ "$(stat round-trip)" -gt 2000000 ] || fail "the round trip was not measured"
kill -INT "$line_pid"
expect_code 0
