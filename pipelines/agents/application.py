#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An agent in Python, which repeats what callers say; # ends the call.
   application.py [LAUNCH LINE]   default: who calls sip:agent@127.0.0.1:5060"""
import struct, sys, gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst
LINE = ("sipsrc on-hangup=wait ! aiagentsink name=ear backend=application aiagentsrc "
        "! sipsink")
RATE = 16000  # Hz, as backend::caps has it; samples of 2 bytes


class Agent:
    def __init__(self, backend):
        self.backend, self.call = backend, 0  # 0: there was none
        backend.connect("new-buffer", self.hear)

    def hear(self, _backend, buffer, speaking, call):
        """On a thread of its own, which may be slow."""
        if call != self.call:  # another caller
            self.call, self.turn, self.speaking = call, [], False
        self.turn.append(buffer.extract_dup(0, buffer.get_size()))
        if self.speaking and not speaking:  # the turn is over
            self.say(call, self.turn)
        self.turn = self.turn if speaking else self.turn[-15:]  # it is noticed late
        self.speaking = speaking

    def say(self, call, pieces):
        answer = self.backend.emit("begin-answer", call)
        for buffer in map(Gst.Buffer.new_wrapped, pieces):
            self.backend.emit("push-buffer", answer, buffer)  # FLUSHING: is cut off
        self.backend.emit("end-answer", answer)

    def take(self, fact):
        name, state = fact.get_name(), fact.get_string("state")
        if name == "aiagent/backend" and state == "ready":  # a dialogue begins
            wave = struct.pack("<32h", *[6000] * 16 + [-6000] * 16)
            self.on = fact.get_uint64("dialogue")[1]
            self.say(self.on, [wave * (RATE // 32 * 3)])
        elif name == "aiagent/turn" and state in ("interrupted", "response-done"):
            print(f"answer {fact.get_uint('answer')[1]} {state}: the caller heard "
                  f"{fact.get_uint64('heard')[1] / 1e6:.0f} ms", flush=True)
        elif name == "voice/dtmf" and fact.get_string("digit") == "#":
            self.backend.emit("control", self.on, Gst.Structure.new_empty("hang-up"))


Gst.init(None)
pipeline = Gst.parse_launch(" ".join(sys.argv[1:]) or LINE)
agent = Agent(pipeline.get_by_name("ear").get_property("backend-object"))
pipeline.set_state(Gst.State.PLAYING)
try:
    while True:  # in steps, so that Ctrl-C comes through
        message = pipeline.get_bus().timed_pop(Gst.SECOND)
        if message and message.type == Gst.MessageType.ELEMENT:
            agent.take(message.get_structure())
        elif message and message.type in (Gst.MessageType.ERROR, Gst.MessageType.EOS):
            print(message.type.first_value_nick, flush=True)
            break
finally:
    pipeline.set_state(Gst.State.NULL)  # who is on the line is hung up
