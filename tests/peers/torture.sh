#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# torture.sh udp|tcp|tls: everything that a port on the internet receives, with a look
# at OPTIONS and a good call after each message. By TLS each connection has a socat between.
. "$(dirname "$0")/lib.sh"

port=$(free_port)
local=sip:127.0.0.1:$port
option=
[ "$1" = tcp ] && option=-t
[ "$1" = tls ] && option=-s
if [ "$1" = tls ]; then
  command -v socat >/dev/null || {
    echo "socat is missing (tools/setup check)"
    exit 77
  }
  authority ca
  certificate line ca IP:127.0.0.1
  local="sips:127.0.0.1:$port tls-certificate=$work/line.pem"
fi
lines 60 "sipsrc local-uri=$local context=media on-hangup=wait $dense_line"
if [ "$1" = tls ]; then
  listens "$port"
  plain=$(free_port)
  background socat socat "TCP-LISTEN:$plain,bind=127.0.0.1,fork,reuseaddr,backlog=500" \
    "OPENSSL:127.0.0.1:$port,cafile=$work/ca.crt"
  port=$plain
  listens "$port"
else
  wait_line "$port"
fi
memory=32
[ -n "${SANITIZED:-}" ] && memory=512
"$TOOLS/torture" $option -m $memory -p "$line_pid" "sip:agent@127.0.0.1:$port" \
  >"$work/torture.log" 2>&1 || fail "$(tail -n 1 "$work/torture.log")"
cat "$work/torture.log"
kill -TERM "$line_pid"
expect_code 0 10
