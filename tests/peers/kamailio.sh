#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# pipelines/kamailio in front of three gateways: one is killed under load, one drains,
# one is full. Calls are lost where their gateway is, and nowhere else.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin
config=$(cd "$here/../../pipelines/kamailio" && pwd)
port=$(free_port)
proxy=127.0.0.10:$port
uri=sip:agent@$proxy
# Sanitizers make lines in ten times the time, and calls cost more.
patience=${SANITIZED:+timers=timers,busy-wait=5000}
rate=${SANITIZED:+6}
rate=${rate:-20} # calls a second, of 3 s

for program in kamailio kamcmd; do
  command -v $program >"$work/which.log" ||
    fail "$program is missing (tools/setup check)"
done

cat >"$work/echo.launch" <<TEXT
sipsrc local-uri=sip:\${HOST}:\${PORT} rtp-port-range=\${RTP} $patience !
  aiagentsink backend=echo backend::mode=loop-back
aiagentsrc ! sipsink
TEXT

# gateway N LINES: starts it, at 127.0.0.1N
gateway () {
  background "gateway$1" "$VOICE_GATEWAY" --log "$work/events$1.json" \
    --cdr "$work/calls$1.json" --set "HOST=127.0.0.1$1" --set "PORT=$port" \
    --set "RTP=2${1}000-2${1}999" --lines "$2" --warm 2 "$work/echo.launch"
  eval "gateway$1=$last_pid"
}

wait_gateway () {
  wait_for 'lines wait' "$work/gateway$1.log" 60 ||
    fail "gateway $1 did not start"
}

# list N:MAXLOAD...: the gateways that Kamailio is told of
list () {
  for n in "$@"; do
    echo "1 sip:127.0.0.1${n%:*}:$port 0 0 duid=g${n%:*};maxload=${n#*:}"
  done >"$work/dispatcher.list"
}

ask_kamailio () {
  kamcmd -s "unixs:$work/kamailio_ctl" "$@"
}

# What Kamailio thinks of the gateways in their order, Active or Inactive: "AIA"
states () {
  ask_kamailio dispatcher.list 2>/dev/null |
    sed -n 's/.*URI: \(.*\)/\1/p; s/.*FLAGS: \(.\).*/\1/p' |
    paste - - | sort | cut -f 2 | tr -d '\n'
}

wait_states () {
  left=200
  until [ "$(states)" = "$1" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "the gateways are \"$(states)\", not $1"
    sleep 0.05
  done
}

# reload N:MAXLOAD...: another list; Kamailio takes one in five seconds
reload () {
  list "$@"
  left=70
  until ask_kamailio dispatcher.reload 2>&1 | tee "$work/reload.log" |
    grep -q success; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "the list is not read again"
    sleep 0.1
  done
}

# Calls that Kamailio counts at all gateways
no_call_counts () {
  counted=$(ask_kamailio dispatcher.list |
    awk '/DLGLOAD/ { sum += $2 } END { print sum + 0 }')
  [ "$counted" = 0 ] || fail "$counted calls count that are over"
}

# load NAME SECONDS: calls in the background, what came of them in NAME.log
load () {
  "$TOOLS/callgen" -c "$rate" -t "$2" -d 3000 "$uri" >"$work/$1.log" 2>&1 &
  load=$!
  pids="$pids $load"
}

load_ended () {
  wait "$load" || fail "callgen did not run"
}

# count NAME CONDITION: how many calls of NAME.log are as awk's CONDITION says, in
# which began, setup, media, silent and end_ are words of their lines
count () {
  sed -n 's/^call //p' "$work/$1.log" | sed 's/[a-z]*=//g' |
    awk "{ began = \$1; setup = \$2; media = \$3; silent = \$4; end_ = \$5 }
      $2 { n++ } END { print n + 0 }"
}

# none NAME CONDITION SENTENCE
none () {
  n=$(count "$1" "$2")
  [ "$n" = 0 ] || fail "$n calls $3"
}

now () {
  date +%s.%3N
}

# refused STATUS ARGUMENTS-OF-SIPSEND
refused () {
  status=$1
  shift
  got=$(node "$here/sipsend.mjs" "$proxy" "$@")
  [ "$got" = "$status" ] || fail "$*: $got, not $status"
}

for n in 1 2 3; do
  gateway $n 100
done
for n in 1 2 3; do
  wait_gateway $n
done
kamailio -c -f "$config/kamailio.cfg" -A "ADDRESS=$proxy" \
  -A "GATEWAYS=\"$config/dispatcher.list\"" >"$work/check.log" 2>&1 ||
  fail "the configuration is wrong"
list 1:100 2:100 3:100
background kamailio kamailio -DD -E -m 32 -M 4 -w "$work" -Y "$work" \
  -f "$config/kamailio.cfg" -A "ADDRESS=$proxy" \
  -A "GATEWAYS=\"$work/dispatcher.list\""
kamailio=$last_pid
wait_states AAA

# ---- one is killed under load: its own calls are lost, and no other

load killed 11
sleep 4
at=$(now)
kill -KILL "$gateway1"
wait_states IAA
load_ended
lost=$(count killed 'end_ != "ok"')
none killed 'end_ != "ok" && media != "127.0.0.11"' "of others are lost"
none killed "end_ != \"ok\" && began > $at" "that came afterwards are lost"
none killed 'end_ == "ok" && silent > 1000' "heard nothing"
[ "$lost" -gt $((rate / 2)) ] && [ "$lost" -lt $((rate * 2)) ] ||
  fail "$lost calls are lost, of about $((rate * 3))"
echo "killed: $(fact offered killed) calls, $lost lost;" \
  "set-up $(fact setup_p50_ms killed) ms (median), for" \
  "$(count killed 'setup > 450') calls up to $(fact setup_max_ms killed) ms"
no_call_counts

# ---- it comes back, another drains: no call is lost

gateway 1 100
wait_gateway 1
wait_states AAA
load drained 8
sleep 4
at=$(now)
kill -TERM "$gateway2"
line_pid=$gateway2
expect_code 0 15
load_ended
none drained 'end_ != "ok"' "are lost"
none drained 'silent > 1000' "heard nothing"
none drained "media == \"127.0.0.12\" && began > $at + 1" \
  "go to a gateway that drains"
[ "$(count drained 'media == "127.0.0.11"')" -gt $((rate * 2)) ] ||
  fail "the gateway that came back has no calls"
wait_states AIA
echo "drained: $(fact offered drained) calls, 0 lost;" \
  "set-up $(fact setup_p50_ms drained) ms, at most $(fact setup_max_ms drained) ms"
no_call_counts

# ---- one is full: its callers are taken to the next; it is not taken for dead

: >"$work/gateway2.log"
: >"$work/calls2.json"
gateway 2 3
wait_gateway 2
wait_states AAA
load full 2
load_ended
none full 'end_ != "ok"' "are lost"
[ "$(count full 'media == "127.0.0.12"')" -ge 3 ] ||
  fail "the small gateway has too few calls"
[ "$(states)" = AAA ] || fail "the full gateway is taken for dead"
no_call_counts
# Before it says that it is full it lets a caller wait for 500 ms, which nobody has
# to if Kamailio knows how many lines it has.
waited=$(count full 'setup > 450')
reload 1:100 2:3 3:100
load known 2
load_ended
none known 'end_ != "ok"' "are lost"
[ "$(count known 'media == "127.0.0.12"')" -ge 3 ] ||
  fail "the small gateway has too few calls"
[ "$(count known 'setup > 450')" -le "$waited" ] ||
  fail "the full gateway is asked again and again"
echo "full: $(fact offered full) calls, 0 lost; $waited waited for it," \
  "$(count known 'setup > 450') when its lines are known"

no_call_counts

# ---- what nobody may do here

refused 200 OPTIONS "$uri"
refused 405 REGISTER "sip:$proxy"
refused 403 INVITE sip:agent@127.0.0.12:"$port"
refused 403 OPTIONS sip:127.0.0.1:9
refused 483 OPTIONS "$uri" "Max-Forwards: 0"
refused 481 BYE "$uri" "To: <$uri>;tag=x"
refused 403 BYE sip:127.0.0.1:9 "To: <$uri>;tag=x" "Route: <sip:$proxy;lr>"
refused 403 BYE "sip:127.0.0.12:$port" "To: <$uri>;tag=x" \
  "Route: <sip:$proxy;lr>,<sip:127.0.0.1:9;lr>"
refused 403 BYE "sip:127.0.0.12:$port;alias=127.0.0.1~9~1" "To: <$uri>;tag=x" \
  "Route: <sip:$proxy;lr>"
refused 481 BYE "sip:127.0.0.12:$port" "To: <$uri>;tag=x" "Route: <sip:$proxy;lr>"

# ---- all lines are taken; a call is hung up by its gateway; no gateway is left

reload 2:100
for n in 1 2 3; do
  "$TOOLS/rtpphone" call "$uri" wait-bye 20000 >"$work/held$n.log" 2>&1 &
  eval "held$n=$!"
  pids="$pids $!"
done
for n in 1 2 3; do
  wait_for '^status=200' "$work/held$n.log" 8 || fail "line $n is not taken"
done
phone try-call "$uri"
expect status == 486
kill -TERM "$gateway2"
sleep 0.5
kill -TERM "$gateway2" # does not wait for them
for n in 1 2 3; do
  eval "wait \$held$n" || fail "no BYE came to phone $n"
done
wait_states I
phone try-call "$uri"
expect status == 503
refused 503 OPTIONS "$uri"
no_call_counts

kill -TERM "$kamailio"
left=100
while kill -0 "$kamailio" 2>/dev/null; do
  left=$((left - 1))
  [ "$left" -gt 0 ] || fail "Kamailio does not end"
  sleep 0.05
done
