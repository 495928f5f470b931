#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A gateway that is steered from outside: a real call is placed, spoken into and hung up
# by its socket, and by `voice-gateway call`; what cannot be done is answered so.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
socket=$work/control

cat >"$work/out.launch" <<TEXT
sipsrc local-uri=sip:127.0.0.1:$port on-hangup=wait dial-allow=sip:*@127.0.0.1:* !
  aiagentsink backend=local
aiagentsrc ! sipsink
TEXT
cat >"$work/file.launch" <<TEXT
audiotestsrc is-live=true ! fakesink
TEXT

# ask NAME: a client of the socket; `say` gives it lines, what it reads is in NAME.log
ask () {
  mkfifo "$work/$1.in" 2>/dev/null
  exec 8<>"$work/$1.in"
  node "$here/controlclient.mjs" "$socket" <"$work/$1.in" >"$work/$1.log" 2>&1 &
  pids="$pids $!"
}

say () {
  echo "$*" >&8
}

# answered ID PATTERN: the reply with that id
answered () {
  wait_for "^{\"id\":\"$1\",.*$2" "$work/steering.log" ||
    fail "no reply $1 like $2"
}

# callee STEP...: a phone that waits to be called, at $callee_port
callee () {
  background callee "$TOOLS/rtpphone" listen 30000 "$@"
  callee_pid=$last_pid
  wait_for '^listening=' "$work/callee.log" || fail "the phone does not listen"
  callee_port=$(fact listening callee)
}

# ---- mistakes are named before anything runs

"$VOICE_GATEWAY" --control tcp:7 "$work/out.launch" >"$work/wrong.log" 2>&1
[ $? = 2 ] || fail "tcp is taken"
grep -q 'unix:control' "$work/wrong.log" || fail "what --control takes is not said"
"$VOICE_GATEWAY" call sip:bob@127.0.0.1 --route out --control "unix:$socket" \
  >"$work/wrong.log" 2>&1
[ $? = 2 ] || fail "without a gateway there is a call"
grep -q 'has to run' "$work/wrong.log" || fail "that there is no gateway is not said"

gateway --lines 4 --control "unix:$socket" "$work/out.launch" "$work/file.launch"
[ "$(stat -c %a "$socket")" = 600 ] || fail "others may connect"
"$VOICE_GATEWAY" --control "unix:$socket" "$work/out.launch" >"$work/wrong.log" 2>&1
[ $? = 2 ] || fail "two gateways have one socket"
grep -q 'Another program listens' "$work/wrong.log" || fail "the clash is not named"

# ---- commands, one by one; with no call, with one

ask steering
say '{"command":"say","text":"Hello","id":"0"}'
answered 0 '"ok":false,"error":"no such call"'
say 'garbage'
wait_for 'one JSON object' "$work/steering.log" || fail "garbage has no reply"
say '{"command":"call","uri":"sip:bob@127.0.0.1:9","route":"none","id":"1"}'
answered 1 '"error":"no such route"'
say '{"command":"call","uri":"sip:bob@127.0.0.1:9","route":"file","id":"1b"}'
answered 1b '"error":"unsupported"'
say '{"command":"call","uri":"no address","route":"out","id":"1c"}'
answered 1c '"error":"no line takes it'
say '{"command":"call","uri":"sip:bob@127.0.0.2","route":"out","id":"1d"}'
answered 1d '"error":"no line takes it'
wait_for 'sip:bob@127.0.0.2.* is forbidden' "$work/steering.log" ||
  fail "why nobody calls it is not told"

callee wait-audio 20000 wait-dtmf 42 30000 facts wait-bye 20000
say '{"command":"call","uri":"sip:bob@127.0.0.1:'"$callee_port"'","route":"out","id":"2"}'
answered 2 '"ok":true,"call-id":"[^"]'
wait_for '"event":"voice/call".*"state":"answered"' "$work/steering.log" ||
  fail "the call was not answered"
call_id=$(sed -n 's/^{"id":"2".*"call-id":"\([^"]*\)".*/\1/p' "$work/steering.log")
grep -q "\"state\":\"calling\".*$call_id\|$call_id.*\"state\":\"calling\"" \
  "$work/steering.log" || fail "the reply names another call"
wait_for '"event":"aiagent/turn".*"response-done"' "$work/steering.log" ||
  fail "the agent did not greet"
say '{"command":"say","text":"Somebody from outside says this","call-id":"'"$call_id"'","id":"3"}'
answered 3 '"ok":true'
wait_for 'Somebody from outside says this' "$work/steering.log" ||
  fail "what was to be said is in no transcript"
say '{"command":"hold","id":"4"}'
answered 4 '"ok":true'
wait_for '"state":"held".*"by":"us"\|"by":"us".*"state":"held"' "$work/steering.log" ||
  fail "the call was not held"
say '{"command":"resume","id":"4b"}'
answered 4b '"ok":true'
wait_for '"event":"voice/call".*"state":"resumed"' "$work/steering.log" ||
  fail "the call was not taken back"
say '{"command":"transfer","target":"sip:carol@127.0.0.2","id":"5"}'
answered 5 '"error":"failed"'
wait_for '"event":"voice/transfer".*"state":"forbidden"' "$work/steering.log" ||
  fail "that a transfer is forbidden was not told"
say '{"command":"hang-up","call-id":"another","id":"6"}'
answered 6 '"error":"no such call"'
say '{"command":"send-dtmf","digits":"no","id":"7"}'
answered 7 '"error":"failed"'
say '{"command":"send-dtmf","digits":"42","id":"8"}'
answered 8 '"ok":true'
wait_for '^packets=' "$work/callee.log" || fail "the digits did not arrive"
say '{"command":"hang-up","id":"9"}'
answered 9 '"ok":true'
wait "$callee_pid" || fail "the phone was not content: $(cat "$work/callee.log")"
wait_for '"state":"ended"' "$work/steering.log" || fail "the end was not told"

# ---- the client: 0 for an answered call, with its events; 1 for one that is not

callee wait-audio 15000 bye
"$VOICE_GATEWAY" call "sip:bob@127.0.0.1:$callee_port" --route out \
  --control "unix:$socket" >"$work/called.log" 2>&1
[ $? = 0 ] || fail "the answered call is none"
wait "$callee_pid" || fail "the phone was not content: $(cat "$work/callee.log")"
for state in calling answered ended; do
  grep -q "\"state\":\"$state\"" "$work/called.log" || fail "no event $state"
done
"$VOICE_GATEWAY" call "sip:bob@127.0.0.1:$(free_port)" --route out \
  --control "unix:$socket" >"$work/called.log" 2>&1
[ $? = 1 ] || fail "a call that nobody answers is one"
"$VOICE_GATEWAY" call sip:bob@127.0.0.1 --route none --control "unix:$socket" \
  >"$work/called.log" 2>&1
[ $? = 1 ] || fail "a route that is none calls"
grep -q 'no such route' "$work/called.log" || fail "it is not said why"

# ---- drain: no new calls, then the end; the file goes with the gateway

say '{"command":"drain","id":"10"}'
answered 10 '"ok":true'
expect_code 0 15
[ -e "$socket" ] && fail "the socket is left behind"
node "$here/gatewaycheck.mjs" json "$work/events.json" >/dev/null ||
  fail "the log is no JSON"
