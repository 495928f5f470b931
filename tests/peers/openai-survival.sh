#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# backend=openai in a phone's call, with a service that is killed in the middle of an
# answer, comes back, and is killed for good: the call goes on, the caller hears that
# somebody is there, the new session knows what was said until it was heard and answers; in
# the end a goodbye, and our BYE. And one that accepts, and does not answer; and one that is
# frozen.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/openailib.sh"

count=$(seq -s ' ' 1 99)

# caller STEP...: as phone, beside what happens here
caller () {
  background phone timeout 60 "$TOOLS/rtpphone" "$@"
  caller_pid=$last_pid
}

content () {
  wait "$caller_pid" || fail "the phone was not content: $(tail -n 1 "$work/phone.log")"
}

# kB of memory
memory () {
  sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$line_pid/status"
}

# killed_in_answer NAME: when it has begun, and something of it was heard
killed_in_answer () {
  wait_for '"status":"in_progress"' "$work/$1.events" || fail "$1 was not asked"
  sleep 1.2
  kill -KILL "$service_pid"
}

bridge='"aiagent/transcript".*"role":"agent","text":"One moment, please\."'

service first answer=20000 pace=2 text="$count"
agent 'backend::greeting=""' backend::retries=5 \
  backend::fallback-text="Please call again later."
caller call "$uri" tone 300 600 wait-said wait-bye 45000 record "$work/heard.wav" facts
killed_in_answer first
heard '"aiagent/backend".*"state":"retrying".*"reason":"[^"]'
heard "$bridge"
service second port="${service##*:}" answer=20000 pace=2 text="$count"
wait_for '"status":"in_progress"' "$work/second.events" || fail "nobody answers again"
before=$(memory) # our own voice is in it
killed_in_answer second
heard '"aiagent/backend".*"state":"failed".*"reason":"[^"]'
after=$(memory)
content
expect_code 0
grep -q '"voice/call".*"state":"ended".*"by":"us"' "$work/line.log" ||
  fail "the call did not end by us"
# Who comes back late has used up the retries: then nothing is between tone and goodbye.
check sounds "$work/second.events" "$work/heard.wav" 'tone,speech,tone,(speech,)?speech'
check history "$work/second.events" "$count" "$work/heard.wav"
echo "grown_kB=$((after - before))" | tee "$work/memory.log"
[ -n "${SANITIZED:-}" ] || expect grown_kB '<=' 4096 memory # those keep what is freed

# Two connections are never answered; the third one is. Then the service is frozen, and does
# not hear that somebody speaks: who does is heard when it is there again.
service odd stall=2 answer=1000
agent 'backend::greeting=""' backend::response-timeout=1000 \
  backend::connect-timeout=1000
caller call "$uri" tone 300 600 wait-said wait-audio 9000 wait-quiet 1000 9000 \
  wait-audio 20000 wait 700 tone 300 600 wait-said wait-answer 9000 wait-quiet 500 9000 \
  record "$work/heard.wav" bye
wait_for '"status":"completed"' "$work/odd.events" || fail "the third connection is silent"
heard '"aiagent/backend".*"state":"retrying".*"reason":"it does not answer"'
kill -STOP "$service_pid"
heard '"aiagent/backend".*"state":"retrying".*"reason":"it gives no sign of life"'
until [ "$(grep -c "$bridge"'.*"final":false' "$work/line.log")" -ge 2 ]; do
  kill -0 "$line_pid" 2>/dev/null || fail "the caller heard nothing while it was frozen"
  sleep 0.05
done
sleep 0.7
kill -CONT "$service_pid"
content
expect_code 0
check sounds "$work/odd.events" "$work/heard.wav" speech,tone,speech,tone

check_types session.update input_audio_buffer.append conversation.item.create response.create
