#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# With on-hangup=wait a line serves caller after caller, then ends on demand and leaves no
# object behind.
. "$(dirname "$0")/lib.sh"

export GST_TRACERS=leaks GST_DEBUG=GST_TRACER:7 GST_DEBUG_NO_COLOR=1
port=$(free_port)
runline sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait $echo_line
wait_line "$port"
for caller in 1 2 3 4 5; do
  phone call "sip:agent@127.0.0.1:$port" tone 440 600 wait-audio 2000 \
    wait-said wait 300 facts record "$work/heard.wav" bye
  expect loud_ms '>=' 560
  expect loud_ms '<=' 640
  expect lost == 0
  expect odd_size == 0
  "$TOOLS/wavcheck" tone "$work/heard.wav" 440 >"$work/tone.log"
  expect clicks == 0 tone
  expect holes == 0 tone
done
kill -INT "$line_pid"
expect_code 0
if grep -q 'object-alive, type-name=(string)[^%]' "$work/line.log"; then
  fail "objects are alive after the end"
fi
