#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Secrets are canaries: the key of a service, the token of a WHIP server, the password of a
# TURN server, by a file and by variables. A phone and a browser speak to an agent behind
# backend=openai, which runs a command, with everything in GStreamer's log; the service
# checks that the key comes. The canaries are in no log, event, record, metric, command
# line, picture of a pipeline, or environment of the command.
# GStreamer's own webrtcbin writes TURN servers into two of its categories: these are left
# out (pipelines/README.md).
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

[ -d "$here/web/node_modules/ws" ] || {
  echo "Node's package ws is missing (tools/setup check)"
  exit 77
}
key=sk-canary-8d02
token=token-canary-31f7
turn=turn-canary-c95e
everything='*:9,webrtcbin:0,webrtcnice:0,webrtcice:0'
(umask 077 && echo "$token" >"$work/token")
mkdir "$work/seen" "$work/seen/dot"

cat >"$work/tool" <<'TEXT'
#!/bin/sh
tr '\0' '\n' </proc/$$/environ >"$(dirname "$0")/seen/environment"
echo '{}'
TEXT
chmod +x "$work/tool"
cat >"$work/tools.json" <<'TEXT'
[ { "name": "find_order", "parameters": { "type": "object" } } ]
TEXT
agent="backend=openai backend::uri=\${SERVICE} tools=$work/tools.json
  tool-command=$work/tool"
cat >"$work/phone.launch" <<TEXT
sipsrc ! aiagentsink $agent   aiagentsrc ! sipsink
TEXT
cat >"$work/browser.launch" <<TEXT
webrtcbin name=web ! rtpopusdepay ! opusdec ! aiagentsink $agent
aiagentsrc ! opusenc ! rtpopuspay ! web.
whipserver on-hangup=wait port=\${WEB_PORT} token-file=$work/token
TEXT

# with_secrets COMMAND...: in place of the shell that runs it
with_secrets () {
  exec env OPENAI_API_KEY="$key" \
    VOICE_WHIPSERVER_TURN_SERVER="turn://user:$turn@127.0.0.1:9" \
    GST_DEBUG="$everything" GST_DEBUG_NO_COLOR=1 "$@"
}

# found WHERE: fails if a canary is in that file or folder
found () {
  for canary in "$key" "$token" "$turn"; do
    ! grep -rqaF -e "$canary" "$1" || fail "$canary is in $(grep -rlaF -e "$canary" "$1"):
$(grep -rhaF -m 3 -e "$canary" "$1" | cut -c -300)"
  done
}

OPENAISERVER_KEY=$key background service node "$here/web/openaiserver.mjs" \
  log="$work/seen/service.events" answer=1000 tool=find_order
wait_for '^listening' "$work/service.log" || fail "the service does not listen"
service=$(sed -n 's/^listening on //p' "$work/service.log")
port=$(free_port)
web=$(free_port)
metrics=$(free_port)
cat >"$work/gateway.ini" <<TEXT
[gateway]
metrics=127.0.0.1:$metrics
set.SERVICE=$service
set.WEB_PORT=$web
[route phones]
file=phone.launch
property.sipsrc.local-uri=sip:agent@127.0.0.1:$port
[route browsers]
file=browser.launch
TEXT

# ---- the gateway, with a phone and a browser

background gateway with_secrets "$VOICE_GATEWAY" --log "$work/seen/events.json" \
  --cdr "$work/seen/calls.json" --config "$work/gateway.ini"
line_pid=$last_pid
wait_for 'lines wait' "$work/gateway.log" 40 || fail "the gateway did not start"
wait_line "$port"
"$TOOLS/webphone" -q --token "$token" -t 3 "http://127.0.0.1:$web/whip" \
  >"$work/webphone.log" 2>&1 || fail "the browser is not served"
phone call "sip:agent@127.0.0.1:$port" wait-audio 8000 wait-quiet 500 9000 \
  tone 300 600 wait-said wait-audio 8000 bye
wait_for PATH "$work/seen/environment" || fail "the command was not run"
ps -o args= -p "$line_pid" >"$work/seen/ps"
curl -sf "http://127.0.0.1:$metrics/metrics" >"$work/seen/metrics" || fail "no metrics"
kill -TERM "$line_pid"
expect_code 0 20
grep -q '"channel":"webrtc".*"disposition":"answered"' "$work/seen/calls.json" ||
  fail "no record of the browser's call"
grep -q '"channel":"sip".*"disposition":"answered"' "$work/seen/calls.json" ||
  fail "no record of the phone's call"
mv "$work/gateway.log" "$work/seen/gateway"
grep -qa ' MEMDUMP ' "$work/seen/gateway" || fail "the log has not everything"
found "$work/seen"

# ---- gst-launch-1.0, which draws the pipeline whenever it changes

[ -z "${SANITIZED:-}" ] || exit 0 # gst-launch lacks its runtime
GST_DEBUG_DUMP_DOT_DIR=$work/seen/dot background drawn with_secrets \
  gst-launch-1.0 -m webrtcbin name=web ! rtpopusdepay ! opusdec ! \
  aiagentsink backend=openai backend::uri="$service" \
  aiagentsrc ! opusenc ! rtpopuspay ! web. \
  whipserver port="$web" token-file="$work/token"
line_pid=$last_pid
url=http://127.0.0.1:$web
wait_web
"$TOOLS/webphone" -q --token "$token" -t 3 "$url/whip" >"$work/webphone.log" 2>&1 ||
  fail "the browser is not served"
ended 20
mv "$work/drawn.log" "$work/seen/drawn"
grep -q whipserver "$work"/seen/dot/*PLAYING*.dot || fail "no picture of the pipeline"
found "$work/seen"
# the service lets nobody in without the key: it came
[ "$(grep -c '"opened"' "$work/seen/service.events")" = 3 ] ||
  fail "not every call had its session"
