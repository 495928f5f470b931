#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A name with three servers in a real name service: one is dead, one says 503, the third
# takes the call within 5 s; the next call goes there at once. And a name without servers.
[ -n "${NAMESPACE:-}" ] || {
  unshare -rnm true 2>/dev/null || {
    echo "no network and mount namespaces here"
    exit 77
  }
  NAMESPACE=1 exec unshare -rnm "$0"
}
. "$(dirname "$0")/lib.sh"

ip link set lo up
PATH=$PATH:/usr/sbin
printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >"$work/resolv.conf"
mount --bind "$work/resolv.conf" /etc/resolv.conf || fail "no resolv.conf of its own"
background dnsmasq dnsmasq --no-daemon --no-resolv --no-hosts \
  --bind-interfaces --listen-address=127.0.0.1 --log-queries \
  --conf-file=/dev/null --local=/test/ \
  --srv-host=_sip._udp.pbx.test,good.pbx.test,5070,30 \
  --srv-host=_sip._udp.pbx.test,dead.pbx.test,5070,10 \
  --srv-host=_sip._udp.pbx.test,full.pbx.test,5070,20 \
  --host-record=dead.pbx.test,127.0.0.11 --host-record=full.pbx.test,127.0.0.12 \
  --host-record=good.pbx.test,127.0.0.13 --host-record=plain.test,127.0.0.13
wait_for 'started' "$work/dnsmasq.log" || fail "dnsmasq does not start"

# takes what comes and says nothing
background dead python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.11", 5070))
print("bound", flush=True)
time.sleep(60)'
wait_for bound "$work/dead.log" || fail "nothing is dead"

# server ADDRESS SCENARIO PORT: SIPp there; its process is in $server_pid
server () {
  (cd "$work" && exec timeout 40 sipp -sf "$here/scenarios/$2.xml" -i "$1" -p "$3" \
    -nostdin -m 1 -recv_timeout 30000 -timeout 35 -trace_err \
    -error_file "$work/sipp-$2.log") >"$work/$2.log" 2>&1 &
  server_pid=$!
  pids="$pids $server_pid"
  left=200
  until ss -lnuH | grep -q "$1:$3 "; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "SIPp does not listen at $1"
    sleep 0.05
  done
}

# told PATTERN: in how many messages of the line
told () {
  grep -c "$1" "$work/line.log"
}

server 127.0.0.12 uas-full 5070
full=$server_pid
server 127.0.0.13 uas-answer 5070
good=$server_pid
runline sipsrc local-uri="sip:127.0.0.1:$(free_port)" uri=sip:bob@pbx.test \
  on-hangup=wait dial-allow='sip:*@pbx.test' $echo_line
heard '"state":"answered"' 10
seconds=$(awk -F '"time":' '/"voice\/try"/ && !from { from = $2 + 0 }
  /"state":"answered"/ { print $2 - from; exit }' "$work/line.log")
awk -v s="$seconds" 'BEGIN { exit !(s > 0 && s < 5) }' ||
  fail "the call was up after $seconds s"
heard '"voice/try".*"failed".*"address":"127.0.0.11:5070".*"status":408'
heard '"voice/try".*"failed".*"address":"127.0.0.12:5070".*"status":503,"avoided":40'
heard '"voice/call".*"state":"ended"'
wait "$full" || fail "SIPp (503) was not content"
wait "$good" || fail "SIPp was not content"

server 127.0.0.13 uas-answer 5070
tell call sip:bob@pbx.test
wait "$server_pid" || fail "SIPp was not called again"
[ "$(told '"voice/try".*"state":"trying"')" -eq 4 ] ||
  fail "the second call tried others first"

server 127.0.0.13 uas-answer 5060
: >"$work/line.log"
runline sipsrc local-uri="sip:127.0.0.1:$(free_port)" uri=sip:bob@plain.test $echo_line
expect_code 0 15
wait "$server_pid" || fail "SIPp was not called by its name"
grep -q 'query\[SRV\] _sip._udp.plain.test' "$work/dnsmasq.log" ||
  fail "nobody asked for servers of a plain name"
echo "up after $seconds s"
