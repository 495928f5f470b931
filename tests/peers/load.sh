#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# 40 lines of one process take 250 calls at 50 a second; nothing is left over.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
lines 40 "sipsrc local-uri=sip:127.0.0.1:$port context=media on-hangup=wait $dense_line"
wait_line "$port"
"$TOOLS/callgen" -c 20 -t 1 -p "$line_pid" "sip:agent@127.0.0.1:$port" \
  >"$work/first.log" || fail "callgen did not run"
"$TOOLS/callgen" -c 50 -t 5 -p "$line_pid" "sip:agent@127.0.0.1:$port" \
  >"$work/calls.log" || fail "callgen did not run"
expect done == 250 calls
expect failed == 0 calls
sleep 0.5
first=$(fact fds first)
expect fds '<=' $((first + 2)) calls
[ "$(fact threads first)" = "$(fact threads calls)" ] ||
  fail "the number of threads depends on the number of calls"
