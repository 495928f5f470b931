#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An agent in Python: a tone for a greeting, then it repeats what the caller says; # ends the
   call.   websocket.py [PORT]   default: 8765. Debian: apt install python3-websockets"""
import asyncio, json, struct, sys, websockets


async def agent(socket, _path=None):  # one for each call
    start = json.loads(await socket.recv())
    print(f"{start['from']} calls {start['to']}", flush=True)
    wave = struct.pack("<32h", *[6000] * 16 + [-6000] * 16)
    await socket.send(wave * (start["sampleRate"] // 32 * 3))
    await socket.send('{"type":"mark","data":{"name":"greeting"}}')
    turn, speaking = [], False
    async for message in socket:
        if isinstance(message, bytes):  # 20 ms of the caller, S16LE
            turn.append(message)
            turn = turn if speaking else turn[-15:]  # it is noticed late
            continue
        told = json.loads(message)
        if told.get("type") == "mark":
            print(told["data"]["name"], told["data"]["event"], flush=True)
        elif told.get("event") == "turn":  # what was being said is cut off already
            speaking = told["state"] == "started"
            if not speaking:
                await socket.send(b"".join(turn))
        elif told.get("dtmf") == "#":
            await socket.send('{"type":"disconnect"}')


async def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8765
    server = await websockets.serve(agent, "127.0.0.1", port)
    print(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.Future()


asyncio.run(main())
