#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every way out says BYE: Ctrl-C with and without -e, as SIPp sees it.
. "$(dirname "$0")/lib.sh"

# interrupted OPTION...: a call is up when Ctrl-C comes
interrupted () {
  port=$(free_port)
  line "$@" sipsrc local-uri="sip:127.0.0.1:$port" $echo_line
  wait_line "$port"
  sipp_run uac-wait-bye "127.0.0.1:$port" &
  caller=$!
  wait_for 'state=(string)answered\|"state":"answered"' "$work/line.log" 5 ||
    fail "the line did not tell that the call started"
  sleep 0.3
  kill -INT "$line_pid"
  wait "$caller" || fail "SIPp got no BYE (gst-launch-1.0 $*)"
  ended 5
}

interrupted -e
[ "$code" -eq 0 ] || fail "gst-launch-1.0 -e ended with code $code"
# runline turns Ctrl-C into EOS, so it has no second way
if [ -z "${SANITIZED:-}" ]; then
  interrupted
fi
