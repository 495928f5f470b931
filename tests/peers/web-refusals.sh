#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# What must not be answered is refused within a second, with its status and a JSON
# problem; a forged fingerprint never gets media; a good call goes on meanwhile.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/weblib.sh"

sdp="Content-Type: application/sdp"
bearer="Authorization: Bearer secret"

# status EXPECTED WHAT CURL-ARGUMENT...
status () {
  expected=$1 what=$2
  shift 2
  : >"$work/body"
  got=$(curl -s -m 1 -o "$work/body" -w '%{http_code}' "$@")
  [ "$got" = "$expected" ] || fail "$what: status $got, not $expected"
  [ "$got" -lt 400 ] || grep -q "\"status\":$expected,\"detail\":\"[A-Z]" \
    "$work/body" || fail "$what: no problem in the body: $(cat "$work/body")"
}

# offers of a real caller, and what can be wrong with them
line_text=$web_echo_line
web_line on-hangup=wait line=support token=secret \
  allowed-origins=https://example.com stun-server=stun://127.0.0.1:9
whip=$url/whip/support
node "$here/web/offer.mjs" >"$work/offer.sdp" || fail "no offer"
good="--data-binary @$work/offer.sdp"
grep -v ice-ufrag "$work/offer.sdp" >"$work/no-ice.sdp"
grep -v fingerprint "$work/offer.sdp" >"$work/no-dtls.sdp"
sed 's/opus/G729/I' "$work/offer.sdp" >"$work/no-codec.sdp"
head -c 700 "$work/offer.sdp" >"$work/cut.sdp"
head -c 70000 /dev/zero | tr '\0' a >"$work/long.sdp"

status 401 "no token" -H "$sdp" $good "$whip"
status 401 "wrong token" -H "$sdp" -H "Authorization: Bearer secreT" $good "$whip"
status 403 "another origin" -H "$sdp" -H "$bearer" -H "Origin: https://evil.test" \
  $good "$whip"
status 403 "another origin's preflight" -X OPTIONS -H "Origin: https://evil.test" \
  "$whip"
for name in 127.evil.test localhost.evil.test; do
  status 403 "a page at $name" -H "$sdp" -H "$bearer" -H "Host: $name:$web_port" \
    -H "Origin: http://$name:$web_port" $good "$whip"
done
for name in 127.0.0.2 "[::1]" LocalHost; do
  status 400 "a page at $name" -H "$sdp" -H "$bearer" -H "Host: $name:$web_port" \
    -H "Origin: http://$name:$web_port" -d "hello" "$whip"
done
status 204 "preflight" -X OPTIONS -H "Origin: https://example.com" "$whip"
status 404 "another line" -H "$sdp" -H "$bearer" $good "$url/whip/sales"
status 404 "no session" -X DELETE -H "$bearer" "$url/whip/calls/0123"
status 404 "no file" "$url/../../etc/passwd"
status 405 "GET" "$whip"
status 405 "POST to the page" -d x "$url/"
status 406 "another answer" -H "$sdp" -H "$bearer" -H "Accept: text/html" $good "$whip"
status 413 "too long" -H "$sdp" -H "$bearer" --data-binary @"$work/long.sdp" "$whip"
status 413 "too long in pieces" -H "$sdp" -H "$bearer" \
  -H "Transfer-Encoding: chunked" --data-binary @"$work/long.sdp" "$whip"
status 415 "another type" -H "Content-Type: text/plain" -H "$bearer" $good "$whip"
status 400 "cut off" -H "$sdp" -H "$bearer" --data-binary @"$work/cut.sdp" "$whip"
status 400 "no SDP" -H "$sdp" -H "$bearer" -d "hello" "$whip"
status 422 "no ICE" -H "$sdp" -H "$bearer" --data-binary @"$work/no-ice.sdp" "$whip"
status 422 "no DTLS" -H "$sdp" -H "$bearer" --data-binary @"$work/no-dtls.sdp" "$whip"
status 422 "no codec" -H "$sdp" -H "$bearer" --data-binary @"$work/no-codec.sdp" \
  "$whip"

# a caller who is not who made the offer
webphone --token secret --forge -t 2 "$whip" && fail "a forged caller heard something"
heard 'another fingerprint'
grep -q '"state":"answered"' "$work/line.log" && fail "a forged caller got through"

# a good one, with a second one beside it that is told to wait
"$TOOLS/webphone" --token secret --channel -t 3 "$whip" >"$work/good.log" 2>&1 &
good_pid=$!
wait_for connected "$work/good.log" || fail "the good caller does not get through"
curl -s -m 1 -D "$work/headers" -o "$work/body" -H "$sdp" -H "$bearer" $good "$whip"
grep -q '503' "$work/headers" && grep -qi '^retry-after' "$work/headers" ||
  fail "busy is not said: $(cat "$work/headers")"
wait "$good_pid" || fail "the good call was no good"
curl -s -m 4 -D "$work/headers" -o "$work/body" -H "$sdp" -H "$bearer" \
  -H "Origin: https://example.com" $good "$whip"
for header in "HTTP/1.1 201" "location: /whip/calls/" "etag: \"" \
  "access-control-allow-origin: https://example.com" \
  "link: <stun:127.0.0.1:9>; rel=\"ice-server\""; do
  grep -qi "^$header" "$work/headers" || fail "no header $header"
done
session=$url$(sed -n 's/^[Ll]ocation: //p' "$work/headers" | tr -d '\r')
fragment="Content-Type: application/trickle-ice-sdpfrag"
status 415 "another fragment" -X PATCH -H "$bearer" -d x "$session"
status 400 "no fragment" -X PATCH -H "$bearer" -H "$fragment" -d "x" "$session"
status 412 "an old fragment" -X PATCH -H "$bearer" -H "$fragment" \
  -H 'If-Match: "old"' -d "a=end-of-candidates" "$session"
status 204 "a fragment" -X PATCH -H "$bearer" -H "$fragment" \
  --data-binary "a=mid:0
a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host" "$session"
status 200 "an ICE restart" -X PATCH -H "$bearer" -H "$fragment" -H "If-Match: *" \
  --data-binary "a=ice-ufrag:another
a=ice-pwd:anotheranotheranotheran" "$session"
grep -q 'ice-ufrag:' "$work/body" || fail "the restart was not answered"
grep -q '^a=candidate:' "$work/body" || fail "the restart names no candidate"
status 204 "a fragment after the restart" -X PATCH -H "$bearer" -H "$fragment" \
  --data-binary "a=ice-ufrag:another
a=ice-pwd:anotheranotheranotheran
a=mid:0
a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host" "$session"
status 400 "a restart with a foreign mid" -X PATCH -H "$bearer" -H "$fragment" \
  --data-binary "a=ice-ufrag:third
a=ice-pwd:thirdthirdthirdthirdthi
a=mid:nobody
a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host" "$session"
status 204 "a fragment after that" -X PATCH -H "$bearer" -H "$fragment" \
  --data-binary "a=ice-ufrag:another
a=ice-pwd:anotheranotheranotheran" "$session"
status 401 "DELETE without token" -X DELETE "$session"
status 200 "DELETE" -X DELETE -H "$bearer" "$session"
grep -q secret "$work/line.log" && fail "the token is in the log"
kill -INT "$line_pid"
expect_code 0
