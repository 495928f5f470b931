#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the gateway writes of a call's agent, which is lost in the call and comes back: its
# name and model, its first sound as the phone hears it, and what its service has counted,
# in record and metrics. And of one that nobody pays, or waits for.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/openailib.sh"

port=$(free_port)
web=$(free_port)
think=600

# of the record of route $1, member $2
record () {
  sed -n "s/.*\"route\":\"$1\".*\"$2\":\([^,}]*\).*/\1/p" "$work/calls.json"
}

# is ROUTE MEMBER VALUE
is () {
  [ "$(record "$1" "$2")" = "$3" ] || fail "$2 of $1 is $(record "$1" "$2"), not $3"
}

# of all answers, as the services counted
counted () {
  sed -n "s/.*\"usage\":.*\"$1\":\([0-9]*\).*/\1/p" "$work"/*.events |
    awk '{ n += $1 } END { print n + 0 }'
}

# sample NAME VALUE
sample () {
  value=$(node "$here/gatewaycheck.mjs" metric "$work/metrics.txt" "$1")
  [ "$value" = "$2" ] || fail "$1 is $value, not $2"
}

service first think=$think answer=1000
cat >"$work/agent.launch" <<TEXT
sipsrc local-uri=sip:\${ROUTE}@127.0.0.1:$port ! aiagentsink
aiagentsrc ! sipsink
TEXT
cat >"$work/gateway.ini" <<TEXT
[gateway]
metrics=127.0.0.1:$web
[route paid]
file=agent.launch
property.aiagentsink.backend=openai
property.aiagentsink.backend::uri=$service
property.aiagentsink.backend::model=tone-1
[route mirror]
file=agent.launch
property.aiagentsink.backend=echo
TEXT
gateway --config "$work/gateway.ini"
wait_line "$port"

# It greets, is killed, comes back, hears a tone, which may have waited for it, and hangs up.
background phone timeout 60 "$TOOLS/rtpphone" call "sip:paid@127.0.0.1:$port" \
  wait-audio 9000 wait-quiet 500 9000 wait 3000 tone 300 600 wait-said wait-bye 20000
caller_pid=$last_pid
wait_for '"status":"completed"' "$work/first.events" || fail "it does not greet"
wait_for '"aiagent/usage"' "$work/events.json" || fail "what it used is not told"
kill -KILL "$service_pid"
wait "$service_pid" 2>/dev/null # until it has given its port back
service second port="${service##*:}" think=$think tool=hang_up
wait_for '"aiagent/backend".*"retrying"' "$work/events.json" || fail "it is not missed"
wait "$caller_pid" || fail "the phone was not content: $(tail -n 1 "$work/phone.log")"
"$TOOLS/rtpphone" call "sip:mirror@127.0.0.1:$port" wait 300 bye >"$work/mirror.log" 2>&1 ||
  fail "nobody answers: $(cat "$work/mirror.log")"
wait_for '"route":"mirror"' "$work/calls.json" || fail "a call is not recorded"
curl -sf "http://127.0.0.1:$web/metrics" >"$work/metrics.txt" || fail "no metrics"
node "$here/gatewaycheck.mjs" metrics "$work/metrics.txt" >"$work/check.log" ||
  fail "$(cat "$work/check.log")"

is paid agent '"openai"'
is paid agent-model '"tone-1"'
[ "$(counted output_tokens)" -ge 20 ] || fail "an answer of a second is not counted"
is paid agent-tokens-in "$(counted input_tokens)"
is paid agent-tokens-out "$(counted output_tokens)"
lost=$(grep -c '"aiagent/backend".*"retrying"' "$work/events.json")
is paid agent-reconnects "$lost"
# Who hears it does so later than it is sent, and began to wait when it knew of the answer.
echo "first_audio_ms=$(record paid agent-first-audio)" | tee "$work/told.log"
expect first_audio_ms '>=' $think told
expect first_audio_ms '<=' $(($(fact audio_after_ms phone) + 500)) told
sample 'voice_gateway_agent_tokens_total{agent="openai",model="tone-1",direction="in"}' \
  "$(counted input_tokens)"
sample 'voice_gateway_agent_tokens_total{agent="openai",model="tone-1",direction="out"}' \
  "$(counted output_tokens)"
sample 'voice_gateway_agent_reconnects_total{agent="openai"}' "$lost"
sample 'voice_gateway_agent_reconnects_total{agent="echo"}' 0
sample voice_gateway_agent_first_audio_seconds_count 1
is mirror agent '"echo"'
is mirror agent-model '""'
is mirror agent-first-audio null
is mirror agent-reconnects 0
is mirror agent-tokens-in null
kill -TERM "$line_pid"
expect_code 0
