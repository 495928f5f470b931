#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# One line, two trunks, each encrypted as its own section says: by one calls are plain, by the
# other they have SRTP, and at both baresip hears its own sentence. What the line says of
# the call and its record name the trunk.
. "$(dirname "$0")/lib.sh"

plain_port=$(free_port)
secret_port=$(free_port)
port=$(free_port)
cat >"$work/trunks.ini" <<INI
[plain]
aor=sip:me@127.0.0.1:$plain_port
expires=0
prefix=+49
[secret]
aor=sip:me@127.0.0.1:$secret_port
expires=0
prefix=+33
srtp=required
INI
cat >"$work/out.launch" <<TEXT
sipsrc local-uri=sip:127.0.0.1:$port on-hangup=wait account=$work/trunks.ini
  dial-allow=+* $echo_line
TEXT
speech "$work/said.wav" 500
gateway --lines 1 --control "unix:$work/control" "$work/out.launch"

# by TRUNK ENCRYPTION NUMBER PORT MEDIAENC
by () {
  : >"$work/events.json"
  MEDIAENC=$5 baresip_answers "$4" "$work/said.wav" 4 "$3"
  timeout 30 "$VOICE_GATEWAY" call "$3" --route out --control "unix:$work/control" \
    >"$work/call.log" 2>&1 || fail "$3 is not called"
  wait "$baresip_pid"
  "$TOOLS/wavcheck" find "$work/said.wav" "$work"/phone/dump-*-dec.wav >"$work/find.log"
  expect pieces '>' 0.85 find
  for state in calling answered ended; do
    grep '"voice/call"' "$work/events.json" | grep "\"state\":\"$state\"" |
      grep -q "\"trunk\":\"$1\"" || fail "$state does not name the trunk $1"
  done
  grep '"state":"answered"' "$work/events.json" | grep -q "\"encryption\":\"$2\"" ||
    fail "the call by $1 is not $2"
  wait_for "\"trunk\":\"$1\"" "$work/calls.json" 5 ||
    fail "the record does not name the trunk $1"
}
by plain none +4930123 "$plain_port" ''
by secret sdes +33199 "$secret_port" srtp-mand
