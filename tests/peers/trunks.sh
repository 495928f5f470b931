#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A line with several trunks, SIPp at each: twenty calls shared by weight, a number by its
# prefix, and past one that is dead, one that is full and one that answers no OPTIONS, to
# one that takes the call; when that is gone, too, one sentence says why of each.
. "$(dirname "$0")/lib.sh"

# trunk NAME HOST SCENARIO: SIPp there, until it is ended; its process is in $trunk_pid
trunk () {
  (cd "$work" && exec timeout 170 sipp -sf "$here/scenarios/$3.xml" -i "$2" -p 5060 \
    -nostdin -recv_timeout 60000 -trace_err -error_file "$work/sipp-$1-errors.log") \
    >"$work/sipp-$1.log" 2>&1 &
  trunk_pid=$!
  pids="$pids $trunk_pid"
  left=200
  until ss -lnuH | grep -q "$2:5060 "; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "SIPp does not listen at $2"
    sleep 0.05
  done
}

# told PATTERN: in how many messages of the line
told () {
  grep -c "$1" "$work/line.log"
}

# comes COUNT PATTERN: there are so many messages
comes () {
  left=1200 # the last one that is tried, and is dead, takes 32 s (RFC 3261 17.1.1.2, timer B)
  until [ "$(told "$2")" -ge "$1" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "no $1 messages like $2"
    sleep 0.05
  done
}

calls=0
# call TARGET: is answered, and hung up
call () {
  calls=$((calls + 1))
  tell call "$1"
  comes "$calls" '"voice/call".*"state":"answered"'
  tell hang-up
  comes "$calls" '"voice/call".*"state":"ended"'
}

# has TRUNK COUNT: so many calls
has () {
  count=$(told "\"voice/try\".*\"state\":\"trying\".*\"trunk\":\"$1\"")
  [ "$count" -eq "$2" ] || fail "$1 had $count calls, not $2"
}

# trunks: the line, with those of the file
trunks () {
  port=$(free_port)
  runline sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait \
    dial-allow='+*' account="$work/trunks.ini" $echo_line
  wait_line "$port"
}

cat >"$work/trunks.ini" <<INI
[west]
aor=sip:4930123@127.0.0.31
expires=0
weight=3
[east]
aor=sip:user7@127.0.0.32
expires=0
[paris]
aor=sip:33199@127.0.0.33
expires=0
prefix=+33
codecs=PCMU
INI
trunk west 127.0.0.31 uas-talk
trunk east 127.0.0.32 uas-talk
trunk paris 127.0.0.33 uas-talk
trunks
while [ "$calls" -lt 20 ]; do
  call +4930123
done
has west 15
has east 5
has paris 0
call +33123
has paris 1
tell quit
expect_code 0

# ---- one that says nothing, one that is full, one that is not there

cat >"$work/trunks.ini" <<INI
[dead]
aor=sip:me@127.0.0.41
expires=0
weight=1000
[full]
aor=sip:me@127.0.0.42
expires=0
weight=100
[down]
aor=sip:me@127.0.0.43
expires=0
weight=1000
options=1
[good]
aor=sip:me@127.0.0.44
expires=0
INI
background dead python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.41", 5060))
print("bound", flush=True)
time.sleep(170)'
wait_for bound "$work/dead.log" || fail "nothing is dead"
trunk full 127.0.0.42 uas-full
trunk good 127.0.0.44 uas-talk
: >"$work/line.log"
calls=0
trunks
heard '"voice/account".*"state":"down","account":"down"'
call +4930123
heard '"voice/try".*"failed".*"trunk":"dead".*"status":408'
heard '"voice/try".*"failed".*"trunk":"full".*"status":503,"avoided":40'
has down 0
has good 1
call +4930123 # straight to it
has dead 1
has full 1
has good 2
kill "$trunk_pid"
wait "$trunk_pid" 2>/dev/null
tell call +4930123
comes 3 '"voice/call".*"state":"ended"'
grep '"message":"warning"' "$work/line.log" >"$work/why.log"
for why in 'dead was tried (' 'full wants no call for another ' \
  'down is down (its servers do not take OPTIONS)' 'good was tried ('; do
  grep -q "No trunk takes the call: .*$why" "$work/why.log" ||
    fail "nobody says that $why"
done
[ "$(told 'No trunk takes the call')" -le 2 ] || fail "it is said more than once"
tell quit
expect_code 0
