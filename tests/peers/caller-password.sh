#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# A line that wants a password: baresip, which has it, gets through and hears itself; with
# another one it does not. baresip 1.0 gives up where SHA-256 is offered beside MD5: its user
# has an MD5 only. With SHA-256 a line of ours calls, which has an account.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
umask 077
md5=$(printf 'anna:voice:s:cret' | md5sum | cut -d ' ' -f 1)
echo "anna:voice:$md5" >"$work/users"
echo "bert:pa55word" >"$work/others"
other=$(free_port)
speech "$work/spoken.8k.wav" 1500

# calls PASSWORD: baresip, as anna
calls () {
  baresip_phone "$(free_port)" "$work/spoken.8k.wav" anna@127.0.0.1
  echo "<sip:anna@127.0.0.1>;auth_pass=$1;regint=0;audio_codecs=PCMU" \
    >"$work/phone/accounts"
  timeout 30 baresip -f "$work/phone" -e "/dial sip:agent@127.0.0.1:$port" -t 4 \
    >"$work/baresip.log" 2>&1 </dev/null
}

runline sipsrc session=other local-uri="sip:*:$other" on-hangup=wait \
  auth-file="$work/others" ! fakesink sync=false \
  sipsrc local-uri="sip:*:$port" on-hangup=wait auth-file="$work/users" $echo_line
wait_line "$port"
calls s:cret
grep -q 'Call established' "$work/baresip.log" || fail "no call is established"
heard '"voice/call".*"state":"answered".*"admitted":"digest"'
heard '"voice/call".*"state":"ended"'
"$TOOLS/wavcheck" find "$work"/phone/dump-*-enc.wav "$work"/phone/dump-*-dec.wav \
  >"$work/find.log"
expect pieces '>' 0.85 find
! grep -q '"state":"refused"' "$work/line.log" || fail "a right password is refused"

calls wrong
! grep -q 'Call established' "$work/baresip.log" || fail "a wrong password is taken"
heard '"voice/call".*"state":"refused".*"status":401'

echo pa55word >"$work/password"
cat >"$work/accounts.ini" <<INI
[bert]
aor=sip:bert@127.0.0.1:$other
expires=0
password-file=$work/password
INI
background caller timeout 20 "$TOOLS/runline" sipsrc uri="sip:agent@127.0.0.1:$other" \
  account="$work/accounts.ini#bert" local-uri="sip:127.0.0.1:$(free_port)" \
  ! fakesink sync=false </dev/null
heard '"voice/call".*"state":"answered".*"session":"other".*"admitted":"digest"'

! grep -l -e 's:cret' -e pa55word "$work"/*.log >"$work/found" ||
  fail "the password is in $(cat "$work/found")"
tell quit
expect_code 0
