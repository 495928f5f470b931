#!/usr/bin/env python3
"""An agent in Python, which repeats what callers say; # ends the call.
   application.py [LAUNCH LINE]   default: who calls sip:agent@127.0.0.1:5060
Debian: apt install python3-gi gir1.2-gstreamer-1.0"""
import struct
import sys
import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst

LINE = ("sipsrc on-hangup=wait ! aiagentsink name=ear backend=application "
        "aiagentsrc ! sipsink")
RATE = 16000  # Hz, as backend::caps has it; samples of 2 bytes


class Agent:
    def __init__(self, backend):
        self.backend = backend
        self.turn, self.speaking = [], False  # what the caller says
        backend.connect("new-buffer", self.hear)

    def hear(self, _backend, buffer, speaking):
        """On a thread of its own, which may be slow."""
        self.turn.append(buffer.extract_dup(0, buffer.get_size()))
        if self.speaking and not speaking:  # the turn is over
            self.say(self.turn)
        if not speaking:
            self.turn = self.turn[-15:]  # before a turn is noticed it has begun
        self.speaking = speaking

    def say(self, pieces):
        answer = self.backend.emit("begin-answer")
        for buffer in map(Gst.Buffer.new_wrapped, pieces):
            if self.backend.emit("push-buffer", answer, buffer) != Gst.FlowReturn.OK:
                return  # the caller speaks
        self.backend.emit("end-answer", answer)

    def take(self, name, fact):
        state = fact.get_string("state")
        if name == "aiagent/backend" and state == "ready":  # a dialogue begins
            wave = [6000] * 16 + [-6000] * 16  # a tone of 3 s
            self.say([struct.pack("<32h", *wave) * (RATE // 32 * 3)])
        elif name == "aiagent/turn" and state in ("interrupted", "response-done"):
            print(f"answer {fact.get_uint('answer')[1]} {state}: the caller heard "
                  f"{fact.get_uint64('heard')[1] / 1e6:.0f} ms", flush=True)
        elif name.endswith("/dtmf") and fact.get_string("digit") == "#":
            self.backend.emit("control", Gst.Structure.new_empty("hang-up"))


Gst.init(None)
pipeline = Gst.parse_launch(" ".join(sys.argv[1:]) or LINE)
agent = Agent(pipeline.get_by_name("ear").get_property("backend-object"))
pipeline.set_state(Gst.State.PLAYING)
for message in iter(lambda: pipeline.get_bus().timed_pop(Gst.CLOCK_TIME_NONE), None):
    if message.type in (Gst.MessageType.ERROR, Gst.MessageType.EOS):
        print(message.type.first_value_nick, flush=True)
        break
    if message.type == Gst.MessageType.ELEMENT:
        agent.take(message.get_structure().get_name(), message.get_structure())
pipeline.set_state(Gst.State.NULL)
