#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# pipelines/kamailio with TLS and users in front of a gateway: baresip registers by TLS, calls
# the agent's echo and is called by a line, and hears both times what was said. A wrong
# password, and somebody else's name, are refused.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin
config=$(cd "$here/../../pipelines/kamailio" && pwd)
port=$(free_port)
tls_port=$(free_port)
domain=voice.example.com
proxy=127.0.0.10

command -v kamailio >"$work/which.log" && [ -n "$(find /usr/lib -name tls.so -path '*kamailio*')" ] || {
  echo "kamailio or its TLS is missing (tools/setup check)"
  exit 77
}
mkdir "$work/users"
ha1=$(printf 'bob:%s:secret' $domain | md5sum | cut -d ' ' -f 1)
printf 'username(str) domain(str) ha1(str)\nbob:%s:%s\n' $domain "$ha1" \
  >"$work/users/subscriber"
printf 'table_name(str) table_version(int)\nsubscriber:7\n' >"$work/users/version"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
  -subj "/CN=$domain" -keyout "$work/key.pem" -out "$work/cert.pem" 2>"$work/openssl.log" ||
  fail "no certificate"
echo "1 sip:127.0.0.11:$port" >"$work/dispatcher.list"
background kamailio kamailio -DD -E -m 32 -M 4 -w "$work" -Y "$work" \
  -f "$config/kamailio.cfg" -A "ADDRESS=$proxy:$port" \
  -A "GATEWAYS=\"$work/dispatcher.list\"" -A "TLS_ADDRESS=$proxy:$tls_port" \
  -A "TLS_CERTIFICATE=\"$work/cert.pem\"" -A "TLS_KEY=\"$work/key.pem\"" \
  -A "USERS=\"text://$work/users\""

# Two lines: one that waits, one that calls bob when it is told to.
cat >"$work/in.launch" <<TEXT
sipsrc local-uri=sip:agent@127.0.0.11:$port $echo_line
TEXT
cat >"$work/out.launch" <<TEXT
sipsrc local-uri=sip:out@127.0.0.11:$port on-hangup=wait dial-allow=sip:*@$proxy:* $echo_line
TEXT
gateway --control "unix:$work/control" "$work/in.launch" "$work/out.launch"

speech "$work/said.wav" 4000

# register PASSWORD: baresip, at the proxy by TLS; -t: how long it lives
register () {
  baresip_phone "$(free_port)" "$work/said.wav" "bob@$domain"
  sed -i "s/^sip_listen.*/sip_listen 127.0.0.1:$(free_port)/" "$work/phone/config"
  echo "<sip:bob@$domain;transport=tls>;auth_pass=$1;regint=60;answermode=auto;\
outbound=\"sip:$proxy:$tls_port;transport=tls\";audio_codecs=PCMU" >"$work/phone/accounts"
  shift
  background baresip timeout 60 baresip -f "$work/phone" "$@" </dev/null
  baresip_pid=$last_pid
}

unregister () {
  kill "$baresip_pid"
  wait "$baresip_pid" 2>/dev/null
}

# what baresip heard is what it said
heard_itself () {
  baresip_talked
  "$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$work"/phone/dump-*-dec.wav \
    >"$work/find.log"
  expect pieces '>' 0.85 find
}

register wrong
wait_for '403\|401' "$work/baresip.log" || fail "a wrong password is taken"
unregister

register secret -e "/dial sip:agent@$domain" -t 8
wait_for 'Call established' "$work/baresip.log" || fail "its call is not answered"
wait "$baresip_pid" 2>/dev/null
heard_itself
wait_for '"disposition":"answered"' "$work/calls.json" || fail "the call has no record"

register secret
wait_for 'TLS/v4} 200 OK' "$work/baresip.log" ||
  fail "baresip does not get registered again"
timeout 30 "$VOICE_GATEWAY" call "sip:bob@$proxy:$port" --route out \
  --control "unix:$work/control" >"$work/call.log" 2>&1 &
call=$!
pids="$pids $call"
wait_for '"answered"' "$work/call.log" || fail "bob is not reached"
sleep 6
unregister
wait "$call" || fail "the call of a line was not answered"
heard_itself

# who says that he is bob, and cannot show it; who wants to register without a word
for ask in INVITE/From/\;tag=x REGISTER/To/; do
  header=$(echo "$ask" | cut -d / -f 2)
  got=$(node "$here/sipsend.mjs" "$proxy:$port" "${ask%%/*}" "sip:agent@$domain" \
    "$header: <sip:bob@$domain>${ask##*/}")
  [ "$got" = 401 ] || [ "$got" = 407 ] || fail "$ask: $got"
done
