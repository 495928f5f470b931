#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""cascadeserver.py [--port N] [--first MS] [--rate N] [--heard TEXT]... [--say TEXT]...

The servers of backend=cascade on 127.0.0.1, with nothing behind them: what the caller says is
always understood as the next --heard, the model writes the next --say, --rate words a
second, the first after --first ms, and the voice is espeak-ng's. Answers in the manner of
OpenAI, Ollama and their like: HTTP/1.1, chunked, server-sent events.

Prints "uri=..." and then, for each request, one line of JSON.
"""
import argparse
import http.server
import itertools
import json
import subprocess
import threading
import time

HEARD = ["what is your name", "tell me a story", "thank you"]
SAY = ["I have none: I am a server that repeats itself. What else would you like to know?",
       "Once upon a time there was a telephone, and it rang. Nobody answered. So it rang on."]
VOICE_RATE = 22050  # espeak-ng's


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--first", type=int, default=300)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--heard", action="append")
    parser.add_argument("--say", action="append")
    return parser.parse_args()


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    options = None
    heard = said = None
    lock = threading.Lock()

    def log_message(self, *_):
        pass

    def note(self, **what):
        with self.lock:
            print(json.dumps({"path": self.path, **what}), flush=True)

    def begin(self, kind, length=None):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if length is None:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def send_json(self, value):
        body = json.dumps(value).encode()
        self.begin("application/json", len(body))
        self.wfile.write(body)

    def send_chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def send_event(self, delta, finish=None):
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        event = {"object": "chat.completion.chunk", "choices": [choice]}
        self.send_chunk(b"data: %s\n\n" % json.dumps(event).encode())

    def do_GET(self):
        if self.path != "/v1/models":
            self.send_error(404)
            return
        self.send_json({"object": "list", "data": [{"id": "parrot", "object": "model"}]})
        self.note()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = {"/v1/audio/transcriptions": self.transcribe,
                  "/v1/chat/completions": self.chat,
                  "/v1/audio/speech": self.speak}.get(self.path)
        if answer:
            answer(body)
        else:
            self.send_error(404)

    def transcribe(self, body):
        if b"RIFF" not in body or b"WAVEfmt " not in body:
            self.send_error(400)
            return
        with self.lock:
            text = next(self.heard)
        self.note(bytes=len(body), text=text)
        self.send_json({"text": text})

    def chat(self, body):
        request = json.loads(body)
        with self.lock:
            words = next(self.said).split()
        self.note(messages=request["messages"], model=request.get("model"))
        written = 0
        try:
            self.begin("text/event-stream")
            self.send_event({"role": "assistant", "content": ""})
            time.sleep(self.options.first / 1000)
            for word in words:
                self.send_event({"content": word if not written else " " + word})
                written += 1
                time.sleep(1 / self.options.rate)
            self.send_event({}, "stop")
            self.send_chunk(b"data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")
        except ConnectionError:
            self.close_connection = True
        self.note(written=written, of=len(words))

    def speak(self, body):
        request = json.loads(body)
        self.note(input=request["input"], voice=request.get("voice"))
        made = subprocess.run(["espeak-ng", "--stdout", request["input"]], check=True,
                              capture_output=True).stdout
        sound = made[44:]  # behind its header
        self.begin("audio/pcm")
        for at in range(0, len(sound), 4801):
            self.send_chunk(sound[at:at + 4801])
        self.wfile.write(b"0\r\n\r\n")


def main():
    options = Server.options = arguments()
    Server.heard = itertools.cycle(options.heard or HEARD)
    Server.said = itertools.cycle(options.say or SAY)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Server)
    server.daemon_threads = True
    print(f"uri=http://127.0.0.1:{server.server_port}/v1", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


main()
