#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What an agent asks of a browser's call: a transfer is answered "unsupported", and the
# call goes on; a hang-up is obeyed after the last word.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

# a caller who says nothing before the agent is done
says hello "good morning"
"$TOOLS/wavcheck" to8k "$work/hello.wav" "$work/quiet.wav" 8000 1000 ||
  fail "the silence could not be written"
cat >"$work/agent.ini" <<'INI'
[agent]
rate=8000
greeting=hello

[answer hello]
audio=tone:440,500
tool=transfer
tool-target=sip:sales@example.com
INI
line_text="webrtcbin name=web ! rtpopusdepay ! opusdec ! aiagentsink backend=script \
  backend::agent-file=$work/agent.ini aiagentsrc ! opusenc ! rtpopuspay ! web."
web_line on-hangup=wait
webphone -t 3 --play "$work/quiet.wav" "$url/whip" || fail "no call"
heard '"name":"transfer".*"result":"unsupported"'
heard '"state":"ended".*"by":"peer"'
good_call "after a transfer"
tell quit
expect_code 0

sed -i 's/transfer/hang-up/; /target/d' "$work/agent.ini"
web_line on-hangup=wait
webphone -t 6 --channel --play "$work/quiet.wav" "$url/whip" || fail "no call"
heard '"name":"hang-up".*"result":"accepted"'
heard '"state":"ended".*"by":"us"'
good_call "after a hang-up"
tell quit
expect_code 0
