#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# An agent that costs, and strangers: 1,000 INVITEs and 1,000 offers from ten sources reach
# a gateway whose agent is behind backend=openai. Five of the sources may call and have the
# token, and call too often; the others may not at all. The sessions that the service sees
# are within sessions-per-minute, and who is permitted gets through meanwhile. Then those
# who may call do so all at once: max-sessions, and who is refused is hung up on.
. "$(dirname "$0")/lib.sh"

[ -d "$here/web/node_modules/ws" ] && [ -d "$here/web/node_modules/werift" ] || {
  echo "Node's packages are missing (tools/setup check)"
  exit 77
}
per_minute=3
token=token-canary-77aa
(umask 077 && echo $token >"$work/token")
node "$here/web/offer.mjs" >"$work/offer.sdp" || fail "no offer"

cat >"$work/phone.launch" <<TEXT
sipsrc ! aiagentsink admit=known backend=openai backend::uri=\${SERVICE} \${LIMITS}
aiagentsrc ! sipsink
TEXT
cat >"$work/browser.launch" <<TEXT
webrtcbin name=web ! rtpopusdepay ! opusdec !
  aiagentsink admit=known backend=openai backend::uri=\${SERVICE} \${LIMITS}
aiagentsrc ! opusenc ! rtpopuspay ! web.
whipserver on-hangup=wait port=\${WEB_PORT} token-file=$work/token
TEXT

# gate NAME LIMITS: a service, whose log is NAME.events, and a gateway before it
gate () {
  background "$1" node "$here/web/openaiserver.mjs" log="$work/$1.events" answer=1000
  service_pid=$last_pid
  wait_for '^listening' "$work/$1.log" || fail "the service does not listen"
  port=$(free_port)
  web=$(free_port)
  cat >"$work/gateway.ini" <<TEXT
[gateway]
set.SERVICE=$(sed -n 's/^listening on //p' "$work/$1.log")
set.LIMITS=$2
set.WEB_PORT=$web
[route phones]
file=phone.launch
lines=40
warm=8
property.sipsrc.local-uri=sip:agent@*:$port
property.sipsrc.allow-from=127.0.0.1,127.0.0.2/31,127.0.0.4/31,127.0.0.6
[route browsers]
file=browser.launch
lines=20
warm=4
TEXT
  gateway --config "$work/gateway.ini"
  wait_line "$port"
}

close_gate () {
  kill -TERM "$line_pid"
  expect_code "${1:-0}" 20
  kill "$service_pid"
}

flood () {
  background flood node "$here/flood.mjs" sip="127.0.0.1:$port" \
    uri="sip:agent@127.0.0.1:$port" url="http://127.0.0.1:$web/whip" \
    offer="$work/offer.sdp" token="$token" holders=5 "$@"
  flood_pid=$last_pid
}

# ended_as NAME: how many
ended_as () {
  sed -n "s/^$1 //p" "$work/flood.log" | grep . || echo 0
}

# opened NAME: how many sessions the service had
opened () {
  grep -c '"opened"' "$work/$1.events"
}

gate fast "sessions-per-minute=$per_minute"
began=$(date +%s)
flood invites=1000 offers=1000
sleep 1
kill -0 $flood_pid || fail "the flood is over before anybody calls"
phone call "sip:agent@127.0.0.1:$port" wait-audio 8000 bye
timeout 30 "$TOOLS/webphone" --token "$token" -t 3 "http://127.0.0.1:$web/whip" \
  >"$work/webphone.log" 2>&1 || fail "a permitted browser is not served"
kill -0 $flood_pid || fail "the flood was over before the permitted had called"
wait $flood_pid
cat "$work/flood.log"
# offers alone cost nothing; browsers that connect are limited, too
timeout 30 "$TOOLS/webphone" -q -n 4 -i 0 --token "$token" -t 2 \
  "http://127.0.0.1:$web/whip" >"$work/webphone.log" 2>&1
cat "$work/webphone.log"
# six sources, each with as many as it may have at once and those of the time since
seconds=$(($(date +%s) - began))
most=$((6 * (per_minute + seconds * per_minute / 60 + 1)))
n=$(opened fast)
echo "sessions=$n limit=$most seconds=$seconds"
[ "$n" -le "$most" ] || fail "the service had $n sessions, not $most at most"
[ "$n" -ge $((5 * per_minute + 2)) ] || fail "only $n sessions: nobody was let through"
[ "$(ended_as 'invite 403')" = 500 ] || fail "not all strangers' INVITEs got 403"
[ "$(ended_as 'offer 401')" = 500 ] || fail "not all strangers' offers got 401"
close_gate

# all at once, of any number a minute, and nobody hangs up: the four that may last do, and
# the others, who are refused, keep no line
: >"$work/calls.json"
gate many "sessions-per-minute=0 max-sessions=4"
flood invites=100 hold=0
wait_for '^over' "$work/flood.log" 40 || fail "not all callers were answered"
left=200
until [ "$(grep -c '"by":"us"' "$work/calls.json")" -ge 96 ]; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || fail "callers who are refused keep their lines"
  sleep 0.1
done
n=$(opened many)
echo "sessions=$n limit=4"
[ "$n" -eq 4 ] || fail "the service had $n sessions, not 4"
kill -TERM $flood_pid
! grep -q "$token" "$work"/*.log "$work"/*.events "$work"/*.json ||
  fail "the token stands in a log"
close_gate
