#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The gateway when things go wrong: settings that are no good, lines that hang in their
# start, in a call and at their end, a port in use, refused callers, rotated logs,
# recordings that are cut, two signals.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
web=$(free_port)
patience=${SANITIZED:+10}
patience=${patience:-5}
echo_text="sipsrc local-uri=sip:\${USER:-}127.0.0.1:$port !
  aiagentsink backend=echo backend::mode=loop-back   aiagentsrc ! sipsink"
echo "$echo_text" >"$work/echo.launch"

# health CODE
health () {
  code=$(curl -s -m 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$web/health")
  [ "$code" = "$1" ] || fail "/health gives $code, not $1"
}

refused () {
  curl -s -m 5 "http://127.0.0.1:$web/metrics" |
    grep -q "calls_refused_total{channel=\"sip\",reason=\"$1\"} $2\$" ||
    fail "not $2 calls were refused as $1"
}

# stop CODE: within the patience
stop () {
  kill -TERM "$line_pid"
  expect_code "$1" "$patience"
}

# ---- what runs, but hardly as it was meant, is told; what cannot run says why

cat >"$work/fixed.launch" <<TEXT
sipsrc local-uri=sip:127.0.0.1:$port ! wavenc ! filesink location=$work/fixed.wav
TEXT
cat >"$work/same.ini" <<TEXT
[route one]
file=echo.launch
[route two]
file=fixed.launch
[route other]
file=echo.launch
set.USER=other@
TEXT
gateway --config "$work/same.ini"
grep -q "same.ini, \[route two\]: every line writes the file $work/fixed.wav" \
  "$work/gateway.log" || fail "nothing is said of the file that all lines write"
grep -q "routes one and two: both take calls at sip:127.0.0.1:$port," \
  "$work/gateway.log" || fail "nothing is said of two routes at one address"
[ "$(grep -c 'voice-gateway: route' "$work/gateway.log")" = 1 ] ||
  fail "more is said than is wrong"
kill -TERM "$line_pid"
expect_code 0
echo "sipsrc ! aiagentsink backend=nonsense" >"$work/nonsense.launch"
"$VOICE_GATEWAY" --log "$work/events.json" "$work/nonsense.launch" \
  >"$work/nonsense.log" 2>&1 &&
  fail "a backend that is none is taken"
grep -q 'aiagentsink.backend: it is "nonsense", but must be one of local, echo' \
  "$work/nonsense.log" || fail "the backends that there are are not named"

# ---- a pipe that nobody empties, and one that nobody opens: other routes go on

mkfifo "$work/full" "$work/shut"
sleep 120 <"$work/full" &
pids="$pids $!"
cat >"$work/full.launch" <<TEXT
sipsrc local-uri=sip:full@127.0.0.1:$port ! queue ! audioresample !
  audio/x-raw,rate=192000 ! filesink location=$work/full
TEXT
cat >"$work/shut.launch" <<TEXT
sipsrc local-uri=sip:shut@127.0.0.1:$port ! filesink location=$work/shut
TEXT
cat >"$work/gateway.ini" <<TEXT
[gateway]
metrics=127.0.0.1:$web
[route good]
file=echo.launch
lines=20
set.USER=good@
[route full]
file=full.launch
lines=30
[route shut]
file=shut.launch
TEXT
background gateway "$VOICE_GATEWAY" --log "$work/events.json" \
  --cdr "$work/calls.json" --config "$work/gateway.ini"
line_pid=$last_pid
wait_line "$port"
for call in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  phone call "sip:full@127.0.0.1:$port" tone 440 2000 wait 250 bye
done
wait_for 'route shut: line .* does not start' "$work/gateway.log" 10 ||
  fail "nothing is said of the line that does not start"
wait_for 'route full: line .* does not end' "$work/gateway.log" 10 ||
  fail "nothing is said of the lines that do not end"
health 503 # of a route there is no line
"$TOOLS/callgen" -n 10 -r 20 -w 1 -t 1 "sip:good@127.0.0.1:$port" \
  >"$work/calls.log" || fail "callgen did not run"
expect up == 10 calls
expect failed == 0 calls
phone try-call "sip:nobody@127.0.0.1:$port"
expect status == 404
refused unknown 1
stop 1
grep '"state":"refused"' "$work/events.json" | grep -q '"status":404' ||
  fail "the log does not know of the caller who was refused"
grep '"disposition":"refused"' "$work/calls.json" | grep -q 'sip:nobody@' ||
  fail "no record of the caller who was refused"
grep -q 'lines do not end; they are left' "$work/gateway.log" ||
  fail "nothing is said of what is left"
[ "$(grep -c '"route":"full".*"by":"peer"' "$work/calls.json")" = 20 ] ||
  fail "not every call of the lines that hang is recorded"

# ---- a recording that is cut can be played; a log that was moved begins anew

cat >"$work/record.launch" <<TEXT
sipsrc local-uri=sip:127.0.0.1:$port ! tee name=t   t. ! queue ! wavenc !
  filesink location=$work/call-\${LINE_ID}.wav
t. ! aiagentsink backend=echo backend::mode=loop-back   aiagentsrc ! sipsink
TEXT
rm "$work/events.json" "$work/calls.json"
background gateway "$VOICE_GATEWAY" --log "$work/events.json" \
  --cdr "$work/calls.json" --drain-timeout 1 --metrics "127.0.0.1:$web" \
  "$work/record.launch"
line_pid=$last_pid
wait_line "$port"
health 200
"$TOOLS/rtpphone" call "sip:a@127.0.0.1:$port" tone 440 1000 wait-bye 20000 \
  >"$work/talker.log" 2>&1 &
talker=$!
wait_for '"state":"answered"' "$work/events.json" || fail "no call is up"
phone try-call "sip:a@127.0.0.1:$port"
expect status == 486
refused busy 1
wait_for '"status":486.*"disposition":"refused"' "$work/calls.json" ||
  fail "no record of the caller who found the line busy"
mv "$work/events.json" "$work/old.json"
kill -HUP "$line_pid"
sleep 1
stop 1
wait "$talker" || fail "no BYE: $(cat "$work/talker.log")"
grep -q '"state":"ended"' "$work/events.json" || fail "the new log lacks the end"
grep -q '"state":"ended"' "$work/old.json" && fail "the old log is still written"
line=$(sed -n '/"disposition":"answered"/s/.*"line":"\([0-9a-f]*\)".*/\1/p' \
  "$work/calls.json")
record=$work/call-$line.wav
size=$(wc -c <"$record")
[ "$size" -gt 16000 ] || fail "there are only $size octets of the recording"
[ "$(od -A n -t u4 -j 4 -N 4 "$record" | tr -d ' ')" -eq $((size - 8)) ] ||
  fail "the recording does not know its own length"
grep -q '"packets-received":[1-9]' "$work/calls.json" ||
  fail "the record of the call that was cut lacks its figures"

# ---- a second signal ends at once, with a BYE; a port in use ends a start

background gateway "$VOICE_GATEWAY" "$work/echo.launch"
line_pid=$last_pid
wait_line "$port"
"$VOICE_GATEWAY" "$work/echo.launch" >"$work/second.log" 2>&1 &
second=$!
left=$((patience * 20))
while kill -0 "$second" 2>/dev/null; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || fail "the port is in use, and the gateway goes on"
  sleep 0.05
done
wait "$second" && fail "the port is in use, and the code says all is well"
grep -q "$port" "$work/second.log" || fail "the port in use is not named"
"$TOOLS/rtpphone" call "sip:a@127.0.0.1:$port" wait-bye 20000 \
  >"$work/talker.log" 2>&1 &
talker=$!
sleep 0.5
kill -TERM "$line_pid"
sleep 0.5
stop 1
wait "$talker" || fail "no BYE: $(cat "$work/talker.log")"

# ---- what a text says at one half of a pair is not contradicted at the other

cat >"$work/halves.launch" <<TEXT
sipsrc ! aiagentsink context=mine backend=echo backend::mode=loop-back
aiagentsrc ! sipsink local-uri=sip:127.0.0.1:$port context=phone timers=timers,busy-wait=700
TEXT
gateway "$work/halves.launch"
wait_line "$port"
phone call "sip:a@127.0.0.1:$port" tone 440 600 wait-audio 3000 bye
kill -TERM "$line_pid"
expect_code 0

# ---- too few files for a line beside the one that ends: it comes once that is gone

gateway --lines 1 "$work/echo.launch"
wait_line "$port"
files=$(ls "/proc/$line_pid/fd" | wc -l)
kill -TERM "$line_pid"
expect_code 0
# shellcheck disable=SC3045
(ulimit -n $((files + 36)) && exec "$VOICE_GATEWAY" --lines 1 \
  --log "$work/events.json" "$work/echo.launch") >"$work/gateway.log" 2>&1 &
line_pid=$!
pids="$pids $line_pid"
wait_line "$port"
phone call "sip:a@127.0.0.1:$port" tone 440 300 wait-audio 3000 bye
wait_for 'limit of open files' "$work/gateway.log" ||
  fail "there were files enough"
sleep 2
phone call "sip:a@127.0.0.1:$port" tone 440 300 wait-audio 3000 bye
kill -TERM "$line_pid"
expect_code 0
