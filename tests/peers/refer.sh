#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A caller (SIPp) gives its call away by REFER: blind to a phone that answers, which hears
# the line go on, and with Replaces, as somebody does who has spoken with the other one
# before. Whom dial-allow does not have nobody calls.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
replaced_port=$(free_port)

: >"$work/line.log"
runline sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait refer=follow \
  dial-allow='sip:carol@127.0.0.1:*' ! fakesink \
  audiotestsrc is-live=true ! sipsink
wait_line "$port"

# refer TARGET
refer () {
  sipp_run uac-refer "127.0.0.1:$port" -key target "$1"
}

# blind
background carol "$TOOLS/rtpphone" listen 40000 wait-audio 20000 mark wait 300 facts bye
carol=$last_pid
wait_for '^listening=' "$work/carol.log" || fail "the phone does not listen"
refer "sip:carol@127.0.0.1:$(fact listening carol)" ||
  fail "the caller did not hear that it was done"
wait "$carol" || fail "the phone was not called"
expect loud_ms '>' 100 carol
heard '"voice/call".*"state":"changed".*"to":"sip:carol@127.0.0.1'
heard '"voice/call".*"state":"ended".*"by":"peer"'

# with Replaces
(cd "$work" && exec timeout 60 sipp -sf "$here/scenarios/uas-replaces.xml" \
  -i 127.0.0.1 -p "$replaced_port" -m 1 -nostdin -trace_err \
  -error_file "$work/replaced.log") >"$work/replaced-out.log" 2>&1 &
replaced=$!
pids="$pids $replaced"
refer "sip:carol@127.0.0.1:$replaced_port?Replaces=there%40sipp%3Bto-tag%3D1%3Bfrom-tag%3D2" ||
  fail "the caller did not hear that it was done, with Replaces"
wait "$replaced" || fail "the call with Replaces did not come"

# not allowed
refer "sip:dave@127.0.0.1:$replaced_port" && fail "the line calls anybody"
grep -q 403 "$work/sipp-errors.log" || fail "it was not refused with 403"
tell quit
expect_code 0
