#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A caller offers audio and video at one port, RTCP with them (RFC 9143, RFC 5761): the line takes
# the audio alone out of the bundle, hears it, sends it back, and sends its RTCP to that port.
# linphone has bundles of its audio only (linphone.sh), so the phone is ours (rtpphone -b).
. "$(dirname "$0")/lib.sh"

speech "$work/said.wav" 500
port=$(free_port)
line sipsrc local-uri="sip:127.0.0.1:$port" $echo_line
wait_line "$port"
phone -b call "sip:agent@127.0.0.1:$port" play "$work/said.wav" wait-said \
  wait-quiet 1000 9000 record "$work/heard.wav" wait-rtcp 15000 facts \
  reinvite sendrecv tone 440 500 wait-audio 5000 bye
expect rtcp == 0
"$TOOLS/wavcheck" find "$work/said.wav" "$work/heard.wav" >"$work/find.log"
expect pieces '>' 0.85 find
expect level_db '>' -1 find
expect_code 0
