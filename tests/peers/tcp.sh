#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# The same line is called over TCP, on the same port.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
line -e sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait $echo_line
wait_line "$port"
for caller in 1 2 3; do
  phone -t call "sip:agent@127.0.0.1:$port" tone 440 500 wait-audio 2000 \
    wait-said wait 200 facts bye
  expect loud_ms '>=' 460
  phone call "sip:agent@127.0.0.1:$port" tone 440 200 wait-audio 2000 bye
done
sipp_run uac-wait-bye -t t1 "127.0.0.1:$port" &
caller=$!
sleep 1
kill -INT "$line_pid"
wait "$caller" || fail "SIPp got no BYE over TCP"
expect_code 0
