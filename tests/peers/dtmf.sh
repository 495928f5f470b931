#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Digits both ways by RFC 4733, then by INFO to SIPp, which says that it takes them, then
# as tones in SIPp's audio.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
runline sipsrc local-uri="sip:127.0.0.1:$port" $echo_line
wait_line "$port"
"$TOOLS/rtpphone" call "sip:agent@127.0.0.1:$port" dtmf '159#*0' wait 1600 \
  wait-dtmf '42#' 4000 bye >"$work/phone.log" 2>&1 &
caller=$!
pids="$pids $caller"
heard '"voice/call".*"state":"answered"'
for digit in 1 5 9 '#' '\*' 0; do
  heard "\"voice/dtmf\".*\"digit\":\"$digit\""
done
tell dtmf '42#'
wait "$caller" || fail "the phone was not content: $(tail -n 1 "$work/phone.log")"
expect_code 0

port=$(free_port)
: >"$work/line.log"
runline sipsrc local-uri="sip:127.0.0.1:$port" $echo_line
wait_line "$port"
sipp_run uac-info "127.0.0.1:$port" &
caller=$!
heard '"voice/call".*"state":"answered"'
tell dtmf '4*2'
wait "$caller" || fail "SIPp did not get the keys by INFO"
expect_code 0

# A second of 770 and 1336 Hz, which is a 5.
GST_PLUGIN_PATH= GST_REGISTRY=$work/tones.registry gst-launch-1.0 -q \
  audiomixer name=both ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! \
  filesink location="$work/five.pcmu" \
  audiotestsrc freq=770 volume=0.1 samplesperbuffer=160 num-buffers=50 ! both. \
  audiotestsrc freq=1336 volume=0.1 samplesperbuffer=160 num-buffers=50 ! both. ||
  fail "there are no tones to play"
port=$(free_port)
: >"$work/line.log"
runline sipsrc local-uri="sip:127.0.0.1:$port" $echo_line
wait_line "$port"
sipp_run uac-tones "127.0.0.1:$port" &
caller=$!
heard '"voice/dtmf".*"digit":"5"'
tell hang-up
wait "$caller" || fail "SIPp, which played tones, was not content"
expect_code 0
[ "$(grep -c '"voice/dtmf"' "$work/line.log")" = 1 ] || fail "one key came as several"
