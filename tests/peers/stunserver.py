#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""stunserver.py ADDRESS PORT: a server of STUN (RFC 8489), which answers Binding requests
with XOR-MAPPED-ADDRESS, and prints whom it has seen."""
import socket
import struct
import sys

COOKIE = 0x2112A442

where = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
where.bind((sys.argv[1], int(sys.argv[2])))
print("ready", flush=True)
while True:
    data, (host, port) = where.recvfrom(2048)
    if len(data) < 20:
        continue
    kind, _, cookie = struct.unpack("!HHI", data[:8])
    if kind != 1 or cookie != COOKIE:
        continue
    print("seen", host, port, flush=True)
    address = struct.unpack("!I", socket.inet_aton(host))[0] ^ COOKIE
    mapped = struct.pack("!HHBBHI", 0x0020, 8, 0, 1, port ^ (COOKIE >> 16), address)
    where.sendto(struct.pack("!HHI", 0x0101, len(mapped), COOKIE) + data[8:20] + mapped,
                 (host, port))
