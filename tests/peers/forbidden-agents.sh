#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Whom dial-allow does not have no agent puts callers through to: a model by its tool, a dialogue
# whose target the caller has typed a part of, one that is lost and has a fallback, a page by its
# data channel. The caller is asked nothing (a phone that prints each REFER), and no packet goes
# to where all of them live; then one who may be called shows that it would.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"
. "$(dirname "$0")/openailib.sh"
. "$(dirname "$0")/forbiddenlib.sh"

# line SINK-SETTINGS...: an agent's, at $uri
agent_line () {
  port=$(free_port)
  uri=sip:agent@127.0.0.1:$port
  : >"$work/line.log"
  runline sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait max-dials=100,1000 \
    dial-allow="$allowed" ! aiagentsink "$@" aiagentsrc ! sipsink
  wait_line "$port"
}

# caller STEP...: a phone in the background, until it is hung up on
caller () {
  : >"$work/phone.log"
  timeout 60 "$TOOLS/rtpphone" call "$uri" "$@" wait-bye 50000 >"$work/phone.log" 2>&1 &
  caller=$!
  pids="$pids $caller"
}

# not_asked WHO [COMMAND]: the caller is hung up on, and was asked for nothing
not_asked () {
  tell "${2:-hang-up}"
  wait "$caller" || fail "$1: the caller was not content"
  grep refer= "$work/phone.log" && fail "$1: the caller is to call somebody"
  nothing_left "$1"
}

# ---- a model, by its tool: each, and at last one who may be called

for target in $refused sip:carol@192.0.2.66; do
  echo "{\"target\":\"$target\"}"
done >"$work/arguments"
service model tool=transfer arguments="$work/arguments" answer=200
agent_line backend=openai backend::uri="$service" 'backend::greeting=""' \
  tools-enabled=transfer
turn='tone 300 600 wait-said wait-answer 9000 wait-quiet 500 9000'
# shellcheck disable=SC2086
caller $turn $turn tone 300 600
count=$(echo "$refused" | wc -l)
comes "$count" '"voice/transfer".*"state":"forbidden"'
wait_for '^refer=<sip:carol@192.0.2.66>' "$work/phone.log" ||
  fail "nobody is called by a tool at all"
tell hang-up
wait "$caller" || fail "the model's caller was not content"
[ "$(grep -c '^refer=' "$work/phone.log")" -eq 1 ] || fail "the caller was asked more than once"
[ "$(grep -c '"voice/transfer".*"state":"asked"' "$work/line.log")" -eq 1 ] ||
  fail "the far end was asked more than once"
nothing_left "a tool"
tell quit
expect_code 0

# ---- a dialogue: what the caller types stands in the target

cat >"$work/dialogue.ini" <<'INI'
[agent]
greeting=Hello.

[slot typed]
question=Which one?
digits=1-8

[intent number]
phrases=a number
key=1
needs=typed
answer=I am connecting you.
action=transfer
target=${typed}

[intent port]
phrases=a port
key=2
needs=typed
answer=I am connecting you.
action=transfer
target=sip:carol@192.0.2.66:${typed}

[intent host]
phrases=a host
key=3
needs=typed
answer=I am connecting you.
action=transfer
target=sip:carol@192.0.2.${typed}

[intent escape]
phrases=an escape
key=4
needs=typed
answer=I am connecting you.
action=transfer
target=sip:carol%${typed}192.0.2.66@192.0.2.67

[intent scheme]
phrases=a scheme
key=5
needs=typed
answer=I am connecting you.
action=transfer
target=tel:+${typed}
INI
agent_line backend::agent-file="$work/dialogue.ini"
n=0
for typed in 10900123 15070 25070 367 440 549900123; do
  caller wait-audio 9000 dtmf "$typed#"
  n=$((n + 1))
  comes "$n" '"voice/transfer".*"state":"forbidden"'
  not_asked "a dialogue, by $typed"
done
caller wait-audio 9000 dtmf 366#
wait_for '^refer=<sip:carol@192.0.2.66>' "$work/phone.log" ||
  fail "nobody is called by a dialogue at all"
tell quit
expect_code 0

# ---- an agent that is lost

gone=ws://127.0.0.1:$(free_port)/
for target in sip:eve@192.0.2.66 sip:carol@192.0.2.66:5070 sip:carol%40192.0.2.66@192.0.2.67 \
  tel:+49900123 sip:carol@192.0.2.66; do
  agent_line backend=websocket backend::uri="$gone" backend::fallback=transfer \
    backend::fallback-target="$target" backend::retries=0
  caller
  if [ "$target" = sip:carol@192.0.2.66 ]; then
    wait_for '^refer=<sip:carol@192.0.2.66>' "$work/phone.log" ||
      fail "nobody is called by a fallback at all"
  else
    heard '"voice/transfer".*"state":"forbidden"'
    not_asked "a fallback to $target"
  fi
  tell quit
  expect_code 0
done

# ---- a page, by its data channel: in a room with a phone, which has spoken last, and an agent
# that does what it reads

cat >"$work/room.ini" <<'INI'
[agent]
greeting=Hello.
silence-time=0

[intent eve]
phrases=call her
answer=I am connecting you.
action=transfer
target=sip:eve@192.0.2.66
INI
cat >"$work/said.json" <<'JSON'
{"type":"session.update","session":{"type":"realtime","tools":[{"type":"function","name":"transfer"}]}}
{"type":"conversation.item.create","item":{"type":"function_call","call_id":"1","name":"transfer","arguments":"{\"target\":\"sip:eve@192.0.2.66\"}"}}
{"type":"response.create","response":{"tool_choice":{"type":"function","name":"transfer"}}}
{"type":"voice-control","action":"transfer","target":"sip:eve@192.0.2.66"}
{"type":"voice.transfer","target":"sip:eve@192.0.2.66"}
{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"call her"}]}}
JSON
port=$(free_port)
uri=sip:agent@127.0.0.1:$port
line_text="voicemixer name=room sipsrc local-uri=sip:127.0.0.1:$port on-hangup=wait \
  dial-allow=$allowed max-dials=100,1000 ! room.sink_0 room.minus_0 ! sipsink \
  webrtcbin name=web ! rtpopusdepay ! opusdec ! room.sink_1 \
  room.minus_1 ! opusenc ! rtpopuspay ! web. \
  aiagentsrc ! room.sink_2 room.minus_2 ! aiagentsink backend::agent-file=$work/room.ini"
web_line on-hangup=wait
wait_line "$port"
caller wait-audio 9000 wait-quiet 500 9000 tone 440 1000 wait-said
heard '"voicemixer/speaker".*"state":"stopped","pad":"sink_0"'
node "$here/web/werift.mjs" "$url/whip" 6 sendrecv "$work/said.json" >"$work/page.log" 2>&1 ||
  fail "the page did not get its call"
[ "$(fact errors page)" -ge 4 ] || fail "what nobody takes was not refused"
heard '"voice/transfer".*"state":"forbidden"'
not_asked "a page" quit
expect_code 0
