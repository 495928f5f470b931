#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# torture.sh udp|tcp: everything that a port on the internet receives, with a look
# at OPTIONS and a good call after each message.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
lines 60 "sipsrc local-uri=sip:127.0.0.1:$port context=media on-hangup=wait $dense_line"
wait_line "$port"
option=
[ "$1" = tcp ] && option=-t
memory=32
[ -n "${SANITIZED:-}" ] && memory=512
"$TOOLS/torture" $option -m $memory -p "$line_pid" "sip:agent@127.0.0.1:$port" \
  >"$work/torture.log" 2>&1 || fail "$(tail -n 1 "$work/torture.log")"
cat "$work/torture.log"
kill -TERM "$line_pid"
expect_code 0 10
