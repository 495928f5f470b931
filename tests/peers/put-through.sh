#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A receptionist puts a caller (baresip) through, by way of Kamailio: "sales please" to a
# phone that is busy, of which the agent says what is true; then one declines, and one
# answers and hears the caller.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin
exchange=127.0.0.10
command -v kamailio >"$work/which.log" ||
  fail "kamailio is missing (tools/setup check)"

port=$(free_port)
busy_port=$(free_port)
decline_port=$(free_port)

# the phone that answers, until it has heard somebody
background answering "$TOOLS/rtpphone" listen 40000 wait-audio 20000 wait 300 facts bye
wait_for '^listening=' "$work/answering.log" || fail "the phone does not listen"
answering=$last_pid
answering_port=$(fact listening answering)

# An exchange of four extensions and the agent.
cat >"$work/kamailio.cfg" <<CONFIG
#!KAMAILIO
listen=udp:$exchange:5060
children=2
debug=1
log_stderror=yes
auto_aliases=no
dns=no
rev_dns=no
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "textops.so"
request_route {
  if (!mf_process_maxfwd_header("10")) exit;
  if (has_totag()) {
    if (loose_route()) t_relay();
    else if (is_method("ACK") && t_check_trans()) t_relay();
    else sl_send_reply("404", "Not Here");
    exit;
  }
  if (is_method("CANCEL")) {
    if (t_check_trans()) t_relay();
    exit;
  }
  record_route();
  switch (\$rU) {
    case "agent": \$du = "sip:127.0.0.1:$port"; break;
    case "200": \$du = "sip:127.0.0.1:$answering_port"; break;
    case "201": \$du = "sip:127.0.0.1:$busy_port"; break;
    case "203": \$du = "sip:127.0.0.1:$decline_port"; break;
    default: sl_send_reply("404", "No Such Extension"); exit;
  }
  t_relay();
}
CONFIG
background kamailio kamailio -f "$work/kamailio.cfg" -DD -E -Y "$work" -m 32 -M 4

# sipp_waits NAME SCENARIO PORT: in the background, for one call
sipp_waits () {
  (cd "$work" && exec timeout 60 sipp -sf "$here/scenarios/$2.xml" \
    -i 127.0.0.1 -p "$3" -m 1 -nostdin -trace_err -error_file "$work/$1.log") \
    >"$work/$1-out.log" 2>&1 &
  last_pid=$!
  pids="$pids $last_pid"
}
sipp_waits busy uas-busy "$busy_port"
busy=$last_pid
sipp_waits declines uas-decline "$decline_port"
declines=$last_pid

: >"$work/line.log"
runline sipsrc local-uri="sip:127.0.0.1:$port" on-hangup=wait dial-allow='20*' \
  max-dials=5 ! aiagentsink aiagentsrc ! sipsink
wait_line "$port"

"$RECOGNITION" say rms "connect me to sales please" "$work/sales.wav" ||
  fail "cannot speak"
"$TOOLS/wavcheck" to8k "$work/sales.wav" "$work/question.wav" 4000 20000 ||
  fail "the question could not be written"
baresip_phone "$(free_port)" "$work/question.wav" "caller@$exchange"
background baresip timeout 60 baresip -f "$work/phone" -e "/dial sip:agent@$exchange" \
  </dev/null

# busy: the agent says so, and goes on
heard '"voice/transfer".*"state":"trying".*"target":"201"'
heard '"voice/transfer".*"state":"refused".*"target":"201".*"status":486'
heard '"role":"agent","text":"I am sorry, nobody in sales can take your call'
wait "$busy" || fail "the busy phone was not called"

# declined
tell transfer 203
heard '"voice/transfer".*"state":"refused".*"target":"203".*"status":603'
wait "$declines" || fail "the phone that declines was not called"

# not allowed: nobody is called
tell transfer 300
heard '"voice/transfer".*"state":"forbidden".*"target":"300"'
grep -q '"voice/call".*"state":"ended"' "$work/line.log" &&
  fail "the call did not go on"

# answered: the caller is heard there, and the call is over here
tell transfer 200
heard '"voice/transfer".*"state":"accepted".*"target":"200".*"status":200'
heard '"voice/call".*"state":"ended".*"cause":"The call was transferred"'
wait "$answering" || fail "the caller did not get to the phone that answers"
expect loud_ms '>' 100 answering
tell quit
expect_code 0
