#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Hold and resume, UPDATE, an INVITE without an offer, a new address in mid-call.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
uri=sip:agent@127.0.0.1:$port
line -e sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait $echo_line
wait_line "$port"

# on hold nothing is sent to us; afterwards the line is heard again
phone call "$uri" tone 440 60000 wait-audio 2000 \
  reinvite inactive wait 200 mark wait 500 facts bye
expect packets == 0
[ "$(fact answer_direction)" = inactive ] || fail "hold was not answered inactive"

phone call "$uri" tone 440 60000 wait-audio 2000 reinvite recvonly \
  mute on wait 200 reinvite sendrecv mute off tone 440 60000 wait-audio 2000 bye
phone call "$uri" tone 440 60000 wait-audio 2000 reinvite sendonly bye
[ "$(fact answer_direction)" = recvonly ] || fail "sendonly was not answered recvonly"

phone call "$uri" tone 440 60000 wait-audio 2000 update inactive wait 200 mark \
  wait 300 facts update sendrecv tone 440 60000 wait-audio 2000 bye
expect packets == 0

phone late-call "$uri" tone 440 60000 wait-audio 2000 bye

phone call "$uri" tone 440 60000 wait-audio 2000 move tone 440 60000 \
  wait-audio 2000 mark wait 500 facts bye
expect packets '>=' 20
expect lost == 0

# A-law
phone -a call "$uri" tone 440 500 wait-audio 2000 wait-said wait 200 facts \
  record "$work/heard.wav" bye
"$TOOLS/wavcheck" tone "$work/heard.wav" 440 >"$work/tone.log"
expect clicks == 0 tone
kill -INT "$line_pid"
expect_code 0
