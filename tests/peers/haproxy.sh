#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# pipelines/haproxy in front of three gateways for browsers: what belongs to a call goes
# to its gateway; one is killed, one drains, one is full.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin
config=$(cd "$here/../../pipelines/haproxy" && pwd)/haproxy.cfg
port=$(free_port)
metrics=$(free_port)
site=http://127.0.0.10:$port
patience=${SANITIZED:+busy-wait=5000}

command -v haproxy >"$work/which.log" ||
  fail "haproxy is missing (tools/setup check)"

cat >"$work/web.launch" <<TEXT
webrtcbin name=web ! rtpopusdepay ! opusdec !
  aiagentsink backend=echo backend::mode=loop-back
aiagentsrc ! opusenc ! rtpopuspay ! web.
whipserver host=\${HOST} port=\${PORT} $patience
TEXT

# gateway N LINES: starts it, at 127.0.0.1N
gateway () {
  : >"$work/gateway$1.log"
  background "gateway$1" "$VOICE_GATEWAY" --log "$work/events$1.json" \
    --cdr "$work/calls$1.json" --set "HOST=127.0.0.1$1" --set "PORT=$port" \
    --metrics "127.0.0.1$1:$metrics" --lines "$2" "$work/web.launch"
  eval "gateway$1=$last_pid"
}

wait_gateway () {
  wait_for 'lines wait' "$work/gateway$1.log" 60 ||
    fail "gateway $1 did not start"
}

# browsers NAME N SECONDS: calls in the background, their facts in NAME.log
browsers () {
  background "$1" timeout 60 "$TOOLS/webphone" -n "$2" -i 300 -t "$3" "$site/whip"
  eval "$1=$last_pid"
}

# all_served NAME N: waits for their end. On a busy machine a call may be over before it
# connects; that is not the proxy's doing.
all_served () {
  eval "wait \$$1"
  [ "$(grep -c answered "$work/$1.log")" = "$2" ] ||
    fail "not all browsers were served: $1"
}

# up NAME N: until so many of its browsers are in their calls
up () {
  left=400
  until [ "$(grep -c answered "$work/$1.log")" -ge "$2" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "no $2 browsers are in a call: $1"
    sleep 0.05
  done
}

# Calls on record at gateway N
calls () {
  grep -vc '"disposition":"refused"' "$work/calls$1.json"
}

# by_peer N...: how many of their calls the browser hung up
by_peer () {
  for n in "$@"; do
    cat "$work/calls$n.json"
  done | grep -c '"by":"peer"'
}

# answers STATUS CURL-ARGUMENT...
answers () {
  status=$1
  shift
  got=$(curl -s -o /dev/null -w '%{http_code}' "$@")
  [ "$got" = "$status" ] || fail "$*: $got, not $status"
}

for n in 1 2 3; do
  gateway $n 8
done
for n in 1 2 3; do
  wait_gateway $n
done
haproxy -c -f "$config" >"$work/check.log" 2>&1 || fail "the configuration is wrong"
background haproxy env ADDRESS="127.0.0.10:$port" GATEWAY_1="127.0.0.11:$port" \
  GATEWAY_2="127.0.0.12:$port" GATEWAY_3="127.0.0.13:$port" \
  METRICS_PORT="$metrics" haproxy -db -f "$config"
left=100
until curl -sf -o /dev/null "$site/"; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || fail "HAProxy does not run"
  sleep 0.05
done

# ---- all three have calls, and hear when they are hung up

browsers first 9 4
all_served first 9
sleep 0.5
for n in 1 2 3; do
  [ "$(calls $n)" -ge 2 ] || fail "gateway $n has too few calls"
done
by_peer=$(by_peer 1 2 3)
[ "$by_peer" = 9 ] || fail "$by_peer of 9 calls were hung up by the browser"

# ---- one is killed: its calls are lost, no other, and no new one

browsers held 6 6
up held 6
kill -KILL "$gateway1"
browsers fresh 6 3
all_served fresh 6
wait "$held"
sleep 0.5
lost=$((9 + 12 - $(by_peer 1 2 3)))
[ "$lost" -ge 1 ] && [ "$lost" -le 4 ] || fail "$lost calls of 12 are lost"
echo "killed: 12 calls, $lost lost"

# ---- it comes back, another drains: it takes no call, and its own go on

gateway 1 8
wait_gateway 1
sleep 1
: >"$work/calls2.json"
browsers leaving 6 7
up leaving 6
kill -TERM "$gateway2"
left=200 # lines that wait go, but for one that says so
until curl -s "http://127.0.0.12:$metrics/metrics" |
  grep -q 'voice_gateway_lines{.*state="waiting"} [01]$'; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || fail "lines go on to wait where it drains"
  sleep 0.05
done
browsers after 6 3
all_served after 6
all_served leaving 6
line_pid=$gateway2
expect_code 0 15
had=$(sed -n 's/.*for the end of \([0-9]*\)\..*/\1/p' "$work/gateway2.log")
[ "$(calls 2)" -eq "$had" ] ||
  fail "the gateway that drains had $had calls, and $(calls 2) at its end"
[ "$(calls 2)" -ge 1 ] || fail "the gateway that drains had no call"
[ "$(by_peer 2)" = "$(calls 2)" ] ||
  fail "calls are lost where it drains: $(grep -v '"by":"peer"\|"refused"' "$work/calls2.json")"
echo "drained: 12 calls, 0 lost, $(calls 2) of them ended there"

# ---- one is full

: >"$work/calls2.json"
gateway 2 1
wait_gateway 2
sleep 1
browsers full 6 3
all_served full 6
sleep 0.5
[ "$(calls 2)" -ge 1 ] || fail "the small gateway has no call"

# ---- what is no call

answers 200 "$site/"
answers 415 -X POST -d offer "$site/whip"
answers 404 -X DELETE "$site/gateway-1/whip/calls/none"
answers 404 -X DELETE "$site/nobody/whip/calls/none"
answers 404 -X DELETE "$site/whip/calls/none"
kill -KILL "$gateway1" "$gateway2" "$gateway3"
answers 503 -X POST -d offer "$site/whip"
