#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Two accounts of one line of ours each at Kamailio, which wants a password of every
# request, one of them by TLS: called through it, calling through it, while nonces expire,
# registrations are renewed, and the registrar is restarted with another algorithm.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin
host=127.0.0.20
port=$(free_port)
registrar=$host:$port
tls=$host:$(free_port)

command -v kamailio >"$work/which.log" ||
  fail "kamailio is missing (tools/setup check)"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$host" \
  -addext "subjectAltName=IP:$host" -keyout "$work/key.pem" -out "$work/cert.pem" \
  2>"$work/openssl.log" || fail "no certificate"
by_tls="tls-certificate=$work/cert.pem tls-key=$work/key.pem tls-ca=$work/cert.pem"

# kamailio_starts ALGORITHM: with nonces that live for 2 s
kamailio_starts () {
  background "kamailio-$1" kamailio -DD -E -m 32 -M 4 -w "$work" -Y "$work" \
    -f "$here/registrar.cfg" -A "ADDRESS=$registrar" -A "ALGORITHM=\"$1\"" \
    -A NONCE_EXPIRE=2 -A "TLS_ADDRESS=$tls" \
    -A "TLS_CERTIFICATE=\"$work/cert.pem\"" -A "TLS_KEY=\"$work/key.pem\""
  kamailio=$last_pid
  said=$work/kamailio-$1.log
}

kamailio_ends () {
  kill "$kamailio"
  wait "$kamailio" 2>/dev/null
}

# kamailio_says PATTERN SENTENCE
kamailio_says () {
  wait_for "$1" "$said" 15 || fail "$2"
}

# account_is NAME STATE: the next message says so
account_is () {
  heard "\"voice/account\".*\"state\":\"$2\".*\"account\":\"$1\"" 15
}

umask 077
printf 's:cret\n' >"$work/password"
cat >"$work/accounts.ini" <<INI
[reception]
aor=sip:4930123@$registrar
password-file=$work/password
display-name=Front desk
[fax]
aor=sip:fax@$registrar
password-file=$work/password
outbound-proxy=sip:$tls;transport=tls
INI
speech "$work/spoken.8k.wav" 1500

# ---- SHA-256 only

kamailio_starts SHA-256
mine=$(free_port)
runline sipsrc name=fax session=fax local-uri="sip:127.0.0.1:$mine" \
  on-hangup=wait account="$work/accounts.ini#fax" $by_tls ! fakesink sync=false \
  sipsrc name=reception local-uri="sip:127.0.0.1:$mine" on-hangup=wait \
  account="$work/accounts.ini#reception" dial-allow="sip:*@$host:*" $by_tls \
  $echo_line
account_is reception registered
account_is fax registered
grep -q 'registered fax for 600 from .*transport=tls' "$said" ||
  fail "the fax is not registered by TLS"

# ---- called through the registrar, for longer than a registration and a nonce live

baresip_phone "$(free_port)" "$work/spoken.8k.wav" "phone@$registrar"
echo "<sip:phone@$registrar>;auth_pass=phone;regint=0;audio_codecs=PCMU" \
  >"$work/phone/accounts"
timeout 40 baresip -f "$work/phone" -e "/dial sip:4930123@$registrar" -t 5 \
  >"$work/baresip.log" 2>&1 </dev/null
grep -q 'Call established' "$work/baresip.log" || fail "no call is established"
heard '"voice/call".*"state":"answered".*"admitted":"account"'
heard '"voice/call".*"state":"ended"'
count=$(grep -c 'registered 4930123' "$said")
[ "$count" -ge 2 ] || fail "the registration was not renewed in the call"
kamailio_says 'asked 4930123 to register: -4' "no nonce has expired"
"$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$work"/phone/dump-*-dec.wav \
  >"$work/find.log"
expect pieces '>' 0.85 find # the line gives back what it hears

# ---- the registrar is restarted, has forgotten all, and wants MD5

kamailio_ends
kamailio_starts MD5
: >"$work/line.log"
account_is reception registered

# ---- calls through it, to a phone that is registered there

phone_port=$(free_port)
baresip_phone "$phone_port" "$work/spoken.8k.wav" "phone@$registrar"
echo "<sip:phone@$registrar>;auth_pass=phone;regint=60;answermode=auto;audio_codecs=PCMU" \
  >"$work/phone/accounts"
background baresip timeout 60 baresip -f "$work/phone" -t 30 </dev/null
phone=$last_pid
kamailio_says 'registered phone' "the phone does not register"
tell call "sip:phone@$registrar"
heard '"voice/call".*"state":"answered".*"direction":"outgoing"'
kamailio_says 'knew 4930123 who asked to INVITE' "nobody was asked to call"
sleep 3.1 # the nonce expires: Kamailio counts whole seconds
tell hang-up
kamailio_says 'knew 4930123 who asked to BYE' "nobody was asked to hang up"
kamailio_says 'asked 4930123 to BYE: -4' "the nonce was good for BYE, too"
kill "$phone"
wait "$phone" # it takes its registration back, too, for which it needs Kamailio

# ---- the end: the registration is taken back

tell quit
expect_code 0
kamailio_says "registered 4930123 for 0 " "the registration is not taken back"

# ---- the gateway as an extension: its lines share one registration

VOICE_SIP_PASSWORD=s:cret
export VOICE_SIP_PASSWORD
gateway --set EXTENSION=fax --set "PBX=$registrar" --set "SIP_PORT=$(free_port)" \
  --config "$here/../../pipelines/pbx-extension.ini"
unset VOICE_SIP_PASSWORD
wait_for '"voice/account".*"registered"' "$work/events.json" ||
  fail "the gateway is not registered"
phone call "sip:fax@$registrar" wait-audio 5000 bye
kill -TERM "$line_pid"
expect_code 0
grep -q '"answered":"' "$work/calls.json" || fail "the gateway had no call"

# ---- a wrong password is one error; two tries, and no third

printf 'wrong\n' >"$work/password"
: >"$work/line.log"
before=$(grep -c 'asked 4930123 to register' "$said")
runline sipsrc local-uri="sip:127.0.0.1:$(free_port)" on-hangup=wait \
  account="$work/accounts.ini#reception" $echo_line
expect_code 1 10
grep '"message":"error"' "$work/line.log" |
  grep -q 'Account reception.*refuses the password of reception' ||
  fail "not the error that it is"
count=$(grep -c 'asked 4930123 to register' "$said")
[ $((count - before)) = 2 ] || fail "$((count - before)) tries with a wrong password"

# ---- no word of the passwords is anywhere

for word in s:cret 733a63726574 "'wrong"; do
  ! grep -l -e "$word" "$work"/*.log >"$work/found" ||
    fail "$word is in $(cat "$work/found")"
done
