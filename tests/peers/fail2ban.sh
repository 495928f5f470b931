#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Strangers are refused by phone and browser; fail2ban finds their addresses in the records
# by the filter of pipelines/fail2ban, and no address that one of them has written.
. "$(dirname "$0")/lib.sh"
filter=$here/../../pipelines/fail2ban/voice-gateway.conf

command -v fail2ban-regex >/dev/null || {
  echo "fail2ban is missing (tools/setup check)"
  exit 77
}
port=$(free_port)
web_port=$(free_port)
(umask 077 && echo not-this >"$work/token")
cat >"$work/phone.launch" <<TEXT
sipsrc local-uri=sip:127.0.0.1:$port allow-from=192.0.2.1 on-hangup=wait $echo_line
TEXT
cat >"$work/browser.launch" <<TEXT
webrtcbin name=web ! rtpopusdepay ! opusdec ! aiagentsink backend=echo
aiagentsrc ! opusenc ! rtpopuspay ! web.
whipserver on-hangup=wait port=$web_port token-file=$work/token
TEXT
gateway "$work/phone.launch" "$work/browser.launch"

# whom it finds, one a line
banned () {
  fail2ban-regex --out '<ip>' "$work/calls.json" "$filter" 2>"$work/regex.log"
}

forged='x","status":403,"disposition":"refused","address":"192.0.2.66:5060","y":"'
phone try-call "sip:agent@127.0.0.1:$port"
expect status == 403
phone try-call "sip:$(printf %s "$forged" | tr -d ' ":,.' )@127.0.0.1:$port"
curl -s -o /dev/null -X POST -H 'Content-Type: application/sdp' \
  -H "User-Agent: $forged" --data v=0 "http://127.0.0.1:$web_port/whip"
wait_for '"channel":"webrtc".*"disposition":"refused"' "$work/calls.json" ||
  fail "no record of the browser that was refused"
banned >"$work/banned.log"
[ "$(sort "$work/banned.log" | uniq -c | tr -s ' ')" = " 3 127.0.0.1" ] ||
  fail "not these three were found, and nobody else"
kill -TERM "$line_pid"
expect_code 0
