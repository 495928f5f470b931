#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Whom dial-allow does not have nobody calls, whoever names him: an application, a far end
# by REFER and by 302, the control socket of a gateway. All of them live on a network of
# their own, and not one packet goes there; then one who may be called shows that it would.
. "$(dirname "$0")/lib.sh"

. "$(dirname "$0")/forbiddenlib.sh"

port=$(free_port)
moved_port=$(free_port)
: >"$work/line.log"
runline sipsrc local-uri="sip:*:$port" on-hangup=wait timers=timers,busy-wait=10000 refer=follow \
  max-dials=100 dial-allow="$allowed" ! fakesink
wait_line "$port"

# an application
n=0
for target in $refused; do
  tell call "$target"
  n=$((n + 1))
  comes "$n" 'is forbidden'
done
nothing_left call

# a far end's REFER
for target in $refused; do
  sipp_run uac-refer "127.0.0.1:$port" -key target "$target" && fail "$target is called"
  grep -q 'SIP/2.0 40[03]' "$work/sipp-errors.log" || fail "$target: no 403"
  rm -f "$work/sipp-errors.log"
done
nothing_left REFER

# a far end's 302
for target in $refused; do
  case $target in
    http*) continue ;; # no Contact of a call
  esac
  : >"$work/line.log"
  (cd "$work" && exec timeout 30 sipp -sf "$here/scenarios/uas-moved.xml" \
    -i 127.0.0.1 -p "$moved_port" -m 1 -nostdin -key target "$target") \
    >"$work/moved.log" 2>&1 &
  moved=$!
  pids="$pids $moved"
  wait_for "$(printf ':%04X ' "$moved_port")" /proc/net/udp ||
    fail "who has moved is not there"
  tell call "sip:moved@127.0.0.1:$moved_port"
  heard '"voice/call".*"state":"ended"'
  wait "$moved" || fail "the line did not call who has moved"
done
nothing_left 302
tell quit
expect_code 0

# a gateway's control socket
cat >"$work/out.launch" <<TEXT
sipsrc local-uri=sip:*:$port on-hangup=wait dial-allow=sip:carol@192.0.2.66 ! fakesink
TEXT
gateway --lines 1 --control "unix:$work/control" "$work/out.launch"
for target in $refused; do
  timeout 20 "$VOICE_GATEWAY" call "$target" --route out \
    --control "unix:$work/control" >"$work/call.log" 2>&1 && fail "$target is called"
done
nothing_left "the control socket"

# and who may be
timeout 5 "$VOICE_GATEWAY" call sip:carol@192.0.2.66 --route out \
  --control "unix:$work/control" >"$work/call.log" 2>&1
something_leaves "nobody is called at all"
kill "$line_pid"
