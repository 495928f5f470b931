#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A program that links sofia-sip, spandsp and speexdsp for itself takes ten calls: the
# names that they share with our plugins are not mixed up.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
player_program=hostline
runline sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait $echo_line
wait_line "$port"
for caller in 1 2 3 4 5 6 7 8 9 10; do
  phone call "sip:agent@127.0.0.1:$port" tone 440 600 wait-audio 2000 \
    wait-said dtmf 1 wait 400 facts bye
  expect loud_ms '>=' 560
  expect lost == 0
done
[ "$(grep -c '/dtmf"' "$work/line.log")" = 10 ] || fail "a digit was not heard"
kill -INT "$line_pid"
expect_code 0
