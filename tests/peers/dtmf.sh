#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Digits both ways, RFC 4733.
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
