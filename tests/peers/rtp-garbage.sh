#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Garbage at the media ports, from the caller and from strangers, disturbs no call.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
line -e sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait $echo_line
wait_line "$port"
phone call "sip:agent@127.0.0.1:$port" tone 440 60000 wait-audio 2000 \
  flood 20000 wait 500 mark tone 440 60000 wait-audio 2000 mark wait 1000 facts bye
expect loud_ms '>=' 900
phone call "sip:agent@127.0.0.1:$port" tone 440 500 wait-audio 2000 \
  wait-said wait 200 facts bye
expect lost == 0
kill -INT "$line_pid"
expect_code 0
