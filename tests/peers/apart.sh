#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# apart.sh COMMAND...: in a network of its own, where root may make one, so that tests
# which run side by side never meet on a port. Beside the loopback it has an interface
# that leads nowhere: browsers offer no address of the loopback. That there is no name
# server is known at once: who asks one would wait for seconds.
make='ip link set lo up && ip link add eth0 type veth peer name eth1 &&
  ip addr add 198.51.100.1/24 dev eth0 && ip link set eth0 up &&
  ip link set eth1 up && ip route add default via 198.51.100.2 &&
  sed -n "s/^nameserver \([0-9.]*\)$/\1/p" /etc/resolv.conf |
    xargs -r -I NAMESERVER ip route add unreachable NAMESERVER'
if [ -z "${SHARED_NETWORK:-}" ] && unshare -n sh -c "$make" 2>/dev/null; then
  exec unshare -n sh -c "$make"' && exec "$@"' apart "$@"
fi
exec "$@"
