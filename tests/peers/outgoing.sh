#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Calls that the line places, and each way in which they can fail: every one has
# its own sentence and code.
. "$(dirname "$0")/lib.sh"

NOT_FOUND=3 BUSY=4 OPEN_READ_WRITE=7 NOT_AUTHORIZED=15

# place URI OPTION...: a line that calls at start
place () {
  uri=$1
  shift
  : >"$work/line.log"
  runline sipsrc local-uri="sip:127.0.0.1:$(free_port)" uri="$uri" "$@" $echo_line
}

# fails_with CODE PATTERN
fails_with () {
  expect_code 1 15
  grep '"message":"error"' "$work/line.log" >"$work/error.log" ||
    fail "no error on the bus for $uri"
  grep -q "gst-resource-error-quark\",\"code\":$1,\"text\":\"[^\"]*$2" \
    "$work/error.log" || fail "for $uri not the error that it is"
  grep -q "($uri)" "$work/error.log" || fail "the error does not name $uri"
}

# callee SCENARIO ARGUMENT...: SIPp on a fresh port
callee () {
  port=$(free_port)
  scenario=$1
  shift
  sipp_run "$scenario" -p "$port" "$@" &
  callee=$!
  attempt=0
  until grep -q ":$(printf %04X "$port") " /proc/net/udp /proc/net/tcp; do
    attempt=$((attempt + 1))
    [ "$attempt" -lt 60 ] || fail "SIPp does not listen"
    sleep 0.05
  done
}

content () {
  wait "$callee" || fail "SIPp ($scenario) was not content"
}

callee uas-answer
place "sip:bob@127.0.0.1:$port"
expect_code 0 10
content
heard '"voice/call".*"state":"answered"'
heard '"voice/call".*"state":"ended"'

callee uas-answer -t t1
place "sip:bob@127.0.0.1:$port;transport=tcp"
expect_code 0 10
content

callee uas-busy
place "sip:bob@127.0.0.1:$port"
fails_with $BUSY '[Bb]usy'
content

callee uas-unknown
place "sip:bob@127.0.0.1:$port"
fails_with $NOT_FOUND ''
content

callee uas-forbidden
place "sip:bob@127.0.0.1:$port"
fails_with $NOT_AUTHORIZED ''
content

# nobody picks up: CANCEL after ring-timeout
callee uas-ring
place "sip:bob@127.0.0.1:$port" timers=timers,ring-timeout=1000
fails_with $OPEN_READ_WRITE '[Aa]nswer'
content

# the caller changes its mind: CANCEL
callee uas-ring
place "sip:bob@127.0.0.1:$port"
heard '"voice/call".*"state":"\(ringing\|calling\|early\)"'
sleep 0.3
tell hang-up
ended 5
content

# nobody there
place "sip:bob@127.0.0.1:$(free_port)" timers=timers,ring-timeout=3000
fails_with $OPEN_READ_WRITE ''

# no such name
place "sip:bob@nowhere.invalid"
fails_with $NOT_FOUND 'nowhere.invalid'

# a name that is no address: localhost must do
callee uas-answer
place "sip:bob@localhost:$port"
expect_code 0 10
content
