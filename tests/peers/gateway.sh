#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The gateway: many calls at once, a burst larger than the lines that wait, a line
# that fails beside others, draining, and what is written about all that.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
web=$(free_port)
uri=sip:agent@127.0.0.1:$port
secret=hunter-2-hunter
# The gateway itself lets callers wait 500 ms; sanitizers make lines in ten times
# the time.
patience=${SANITIZED:+busy-wait=5000}
echo_text="sipsrc local-uri=sip:\${USER:-}127.0.0.1:\${PORT} on-hangup=wait ${patience:+timers=timers,$patience} !
  aiagentsink backend=echo backend::mode=loop-back
aiagentsrc ! sipsink"

# check WHAT FILE [SAMPLE]
check () {
  checked=$(node "$here/gatewaycheck.mjs" "$@") || fail "$2: $checked"
}

metrics () {
  curl -sf "http://127.0.0.1:$web/metrics" >"$work/metrics.txt" ||
    fail "no metrics"
  check metrics "$work/metrics.txt"
}

# sample NAME VALUE
sample () {
  check metric "$work/metrics.txt" "$1"
  [ "$checked" = "$2" ] || fail "$1 is $checked, not $2"
}

calls_in_cdr () {
  grep -c "$1" "$work/calls.json"
}

# ---- many at once; comments and variables in the file

cat >"$work/echo.launch" <<TEXT
# a comment with \${NOTHING} for \${NAME}
$echo_text
TEXT
gateway --set PORT="$port" --set NAME=Grüße --lines 60 --warm 4 \
  --metrics "127.0.0.1:$web" "$work/echo.launch"
wait_line "$port"
"$TOOLS/callgen" -n 20 -r 50 -w 1 -t 2 -p "$line_pid" "$uri" >"$work/calls.log" ||
  fail "callgen did not run"
expect up == 20 calls
expect failed == 0 calls
expect lost '<' 40 calls # of 2000; a busy machine may be late
sleep 0.5
check json "$work/events.json"
check json "$work/calls.json"
[ "$checked" = objects=20 ] || fail "20 calls gave $checked"
[ "$(calls_in_cdr '"by":"peer"')" = 20 ] || fail "not all calls ended normally"
metrics
sample 'voice_gateway_calls_total{route="echo",channel="sip",disposition="answered"}' 20
sample 'voice_gateway_calls{route="echo"}' 0
sample 'voice_gateway_lines{route="echo",state="waiting"}' 4
sample voice_gateway_setup_seconds_count 20
sample voice_gateway_log_records_lost_total 0
[ "$(curl -s "http://127.0.0.1:$web/health")" = ok ] || fail "not healthy"

# ---- 50 INVITEs in 100 ms for 4 lines: all are answered, none is refused

"$TOOLS/callgen" -n 50 -r 500 -w 1 -t 1 "$uri" >"$work/calls.log" ||
  fail "callgen did not run"
expect up == 50 calls
expect failed == 0 calls
sleep 0.5
metrics
sample 'voice_gateway_calls_total{route="echo",channel="sip",disposition="answered"}' 70
sample 'voice_gateway_line_failures_total{route="echo"}' 0
sample 'voice_gateway_lines{route="echo",state="waiting"}' 4

# ---- draining: the call goes on, new ones and OPTIONS get 503

"$TOOLS/rtpphone" call "$uri" tone 440 2500 wait 2500 bye \
  >"$work/talker.log" 2>&1 &
talker=$!
sleep 0.5
kill -TERM "$line_pid"
sleep 0.6
phone try-call "$uri"
expect status == 503
phone options "$uri"
expect options == 503
[ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$web/health")" = 503 ] ||
  fail "healthy while it drains"
metrics
sample voice_gateway_draining 1
sample 'voice_gateway_lines{route="echo",state="waiting"}' 1
wait "$talker" || fail "the call was cut: $(cat "$work/talker.log")"
expect_code 0
[ "$(calls_in_cdr '"by":"peer"')" = 71 ] || fail "the last call is not recorded"

# ---- calls that last too long are cut, and the code says so

gateway --set PORT="$port" --drain-timeout 1 "$work/echo.launch"
wait_line "$port"
"$TOOLS/rtpphone" call "$uri" wait-bye 8000 >"$work/talker.log" 2>&1 &
talker=$!
sleep 0.5
kill -TERM "$line_pid"
expect_code 1
wait "$talker" || fail "no BYE: $(cat "$work/talker.log")"
grep -q '"cause":"The gateway ended"' "$work/calls.json" ||
  fail "the cut call is not recorded"

# ---- routes of a file; one of them fails, the other does not notice

cat >"$work/agent.ini" <<TEXT
[agent]
rate=8000
greeting=hello
[answer hello]
audio=tone:440,300
text=Words that nobody may read
TEXT
cat >"$work/agent.launch" <<TEXT
sipsrc ! aiagentsink backend=script backend::agent-file=$work/agent.ini
aiagentsrc ! sipsink
TEXT
cat >"$work/crash.launch" <<TEXT
$echo_text
audiotestsrc is-live=true ! identity error-after=\${AFTER} ! fakesink sync=false
TEXT
cat >"$work/gateway.ini" <<TEXT
[gateway]
metrics=127.0.0.1:$web
redact=transcripts,digits
set.PORT=$port
set.API_TOKEN=$secret
[route agents]
file=agent.launch
entry=sales;support
lines=8
property.sipsrc.local-uri=sip:\${ENTRY}@127.0.0.1:\${PORT}
[route good]
file=echo.launch
lines=20
set.USER=good@
[route crash]
file=crash.launch
set.USER=crash@
set.AFTER=100
TEXT
: >"$work/events.json"
: >"$work/calls.json"
gateway --config "$work/gateway.ini"
wait_line "$port"
"$TOOLS/callgen" -n 10 -r 50 -w 1 -t 5 "sip:good@127.0.0.1:$port" \
  >"$work/calls.log" &
load=$!
"$TOOLS/rtpphone" call "sip:crash@127.0.0.1:$port" wait-bye 8000 \
  >"$work/talker.log" 2>&1 || fail "no BYE: $(cat "$work/talker.log")"
phone call "sip:support@127.0.0.1:$port" wait-audio 3000 dtmf 5 wait 500 bye
phone call "sip:sales@127.0.0.1:$port" wait-audio 3000 bye
phone try-call "sip:nobody@127.0.0.1:$port"
expect status == 404
wait "$load" || fail "callgen did not run"
expect up == 10 calls
expect failed == 0 calls
expect lost '<' 20 calls
wait_for '"event":"error"' "$work/events.json" ||
  fail "the failed line is not in the log"
again=$(grep -c 'route crash: works again' "$work/gateway.log")
[ "$(grep -c 'route crash: .* iterations' "$work/gateway.log")" = $((again + 1)) ] ||
  fail "the failure is not said once each time"
[ "$(calls_in_cdr '"route":"good".*"by":"peer"')" = 10 ] ||
  fail "the good calls did not end normally"
[ "$(calls_in_cdr '"route":"crash".*"by":"us".*"disposition":"answered"')" = 1 ] ||
  fail "the call of the failed line is not recorded"
metrics
sample 'voice_gateway_calls_total{route="agents",channel="sip",disposition="answered"}' 2
kill -TERM "$line_pid"
expect_code 0
check json "$work/events.json"
check json "$work/calls.json"
grep -q '"event":"aiagent/transcript".*"text":"…"' "$work/events.json" ||
  fail "no transcript, or not hidden"
grep -q '"event":"voice/dtmf".*"digit":"…"' "$work/events.json" ||
  fail "no digit, or not hidden"
grep -q 'nobody may read' "$work/events.json" && fail "the log tells what was said"

# ---- browsers in one moment get a line each, too; one waits, the others for theirs

cat >"$work/web.launch" <<TEXT
webrtcbin name=web ! rtpopusdepay ! opusdec !
  aiagentsink backend=echo backend::mode=loop-back
aiagentsrc ! opusenc ! rtpopuspay ! web.
whipserver on-hangup=wait port=\${PORT} $patience
TEXT
: >"$work/events.json"
: >"$work/calls.json"
gateway --set PORT="$web" --lines 6 --warm 1 "$work/web.launch"
"$TOOLS/webphone" -n 5 -i 0 -t 2 "http://127.0.0.1:$web/whip" \
  >"$work/webphone.log" 2>&1 || fail "a browser was not served"
[ "$(grep -c ' answered ' "$work/webphone.log")" = 5 ] ||
  fail "not all browsers were answered: $(cat "$work/webphone.log")"
sleep 0.5

# ---- they drain: the call goes on, a new one hears why there is none

"$TOOLS/webphone" -t "${SANITIZED:+1}6" "http://127.0.0.1:$web/whip" \
  >"$work/talker.log" 2>&1 &
talker=$!
wait_for connected "$work/talker.log" || fail "no call"
kill -TERM "$line_pid"
sleep 0.6
"$TOOLS/webphone" -t 1 "http://127.0.0.1:$web/whip" \
  >"$work/webphone.log" 2>&1 && fail "a browser gets through while it drains"
grep -q 'status 503 .*No new calls' "$work/webphone.log" ||
  fail "draining is not said: $(cat "$work/webphone.log")"
wait "$talker" || fail "the browser's call was cut: $(cat "$work/talker.log")"
expect_code 0
check json "$work/events.json"
[ "$(calls_in_cdr '"channel":"webrtc".*"by":"peer".*"packets-received":[1-9]')" = 6 ] ||
  fail "the browsers' calls are not recorded"

# ---- secrets are not repeated, mistakes are named

cat >"$work/wrong.launch" <<TEXT
sipsrc latency=\${API_TOKEN} ! fakesink
TEXT
# wrong ARGUMENTS...: the gateway does not run, and says that it is for these
wrong () {
  "$VOICE_GATEWAY" "$@" >"$work/wrong.log" 2>&1
  wrong_code=$?
  [ "$wrong_code" = 2 ] || fail "code $wrong_code, not 2, for: $*"
}
wrong --set API_TOKEN=$secret "$work/wrong.launch"
grep -q latency "$work/wrong.log" || fail "the mistake is not named"
grep -q "$secret" "$work"/*.log "$work"/*.json && fail "a secret is repeated"

sed 's/^property.*/&\nproperty.sipsrc.latency=abc/' "$work/gateway.ini" \
  >"$work/wrong.ini"
wrong --config "$work/wrong.ini"
grep -q 'route agents, property.sipsrc.latency: it is .*abc.* number from' \
  "$work/wrong.log" || fail "the wrong value is not named"
for option in --log --cdr; do
  wrong $option "$work/none/file" --set PORT="$port" "$work/echo.launch"
  grep -q "$work/none/file" "$work/wrong.log" || fail "$option is not named"
done

# ---- nobody reads the log, then its reader goes: calls go on

: >"$work/calls.json"
mkfifo "$work/pipe"
exec 7<>"$work/pipe"
timeout 1 cat /dev/zero >"$work/pipe" # full
"$VOICE_GATEWAY" --set PORT="$port" --lines 60 --cdr "$work/calls.json" \
  "$work/echo.launch" >"$work/pipe" 2>"$work/gateway.log" 7>&- &
line_pid=$!
pids="$pids $line_pid"
wait_line "$port"
"$TOOLS/callgen" -n 10 -r 50 -w 1 -t 1 "$uri" >"$work/calls.log" 7>&- ||
  fail "callgen did not run"
expect up == 10 calls
expect failed == 0 calls
wait_for '"by":"peer"' "$work/calls.json" || fail "no record of a call"
exec 7>&-
phone call "$uri" tone 440 600 wait-audio 3000 bye
wait_for 'Standard output cannot be written' "$work/gateway.log" ||
  fail "that the log is lost is not told"
kill -TERM "$line_pid"
expect_code 0
[ "$(calls_in_cdr '"by":"peer"')" = 11 ] || fail "not all calls are recorded"

# ---- as many lines as files may be open, and a word about it

(ulimit -n 256 && exec "$VOICE_GATEWAY" --set PORT="$port" --lines 200 --warm 200 \
  --log "$work/events.json" "$work/echo.launch") >"$work/limit.log" 2>&1 &
line_pid=$!
pids="$pids $line_pid"
wait_for 'lines wait' "$work/limit.log" 20 || fail "the gateway did not start"
grep -q 'limit of open files' "$work/limit.log" || fail "the limit is not named"
waiting=$(sed -n 's/.* \([0-9]*\) lines wait.*/\1/p' "$work/limit.log")
"$TOOLS/callgen" -n "$waiting" -r 50 -w 1 -t 1 "$uri" >"$work/calls.log" ||
  fail "callgen did not run"
expect failed == 0 calls
kill -TERM "$line_pid"
expect_code 0
