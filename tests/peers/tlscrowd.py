#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""tlscrowd.py PORT CA: 100 connections that say nothing, 100 that send a part of a
ClientHello, 200 that shake hands and then send their request by a byte a second, and one
that asks 3000 times and never reads an answer. Says "crowded" when all are there, and
"put out N" of the first 200."""
import select
import socket
import ssl
import sys
import time

QUIET = b""
HALF = bytes.fromhex("160301012e0100012a0303")
REQUEST = (b"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bK%d\r\n"
           b"Max-Forwards: 70\r\nFrom: <sip:x@127.0.0.1>;tag=%d\r\nTo: <sip:127.0.0.1>\r\n"
           b"Call-ID: crowd%d\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")


def connect():
    return socket.create_connection(("127.0.0.1", int(sys.argv[1])))


def main():
    context = ssl.create_default_context(cafile=sys.argv[2])
    idle = []
    for number in range(200):
        one = connect()
        one.send(HALF if number % 2 else QUIET)
        idle.append(one)
    slow = [context.wrap_socket(connect(), server_hostname="localhost") for _ in range(200)]
    deaf = context.wrap_socket(connect(), server_hostname="localhost")
    deaf.settimeout(0.2)
    sent = 0
    try:
        for sent in range(3000):
            deaf.sendall(REQUEST % (sent, sent, sent))
    except (socket.timeout, OSError):
        pass
    print("crowded, the deaf one asked %d times" % sent, flush=True)
    out, at = 0, 0
    while True:
        readable, _, _ = select.select(idle, [], [], 0.5)
        for one in readable:
            try:
                gone = not one.recv(100)
            except OSError:
                gone = True
            if gone:
                out += 1
                idle.remove(one)
        if readable and not idle:
            print("put out %d" % out, flush=True)
        for one in slow:
            try:
                one.send(REQUEST[at:at + 1])
            except OSError:
                pass
        at = min(at + 1, len(REQUEST) - 1)


main()
