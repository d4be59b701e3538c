#!/usr/bin/env python3
"""espeak-ng behind the OpenAI form of speech. Python 3.9 or later and espeak-ng, nothing else.

    POST /v1/audio/speech   {"input": "Hello", "voice": "en-gb", "speed": 1.0, "response_format": "wav"}
    GET  /v1/audio/voices   {"voices": ["af", "am", ...]}
    GET  /v1/models
    GET  /health

It has no keys and no TLS: let nobody but the gate reach it. `--host` is the loopback address unless you say otherwise.
Every limit stands below; the text reaches espeak-ng on its standard input, never a shell or its command line.
"""

import argparse
import json
import re
import struct
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY_BYTES_MAX = 64 * 1024
INPUT_CHARACTERS_MAX = 4096  # as OpenAI's own
AT_ONCE_MAX = 4  # espeak-ng processes; beyond it 503
RUN_SECONDS_MAX = 60
CALLER_SECONDS_MAX = 15  # a caller that sends or takes nothing for so long is let go
WORDS_A_MINUTE = 175  # espeak-ng's own pace, speed 1.0
MODEL = "espeak-ng"
# OpenAI's voices, for clients that must name one of them.
VOICES_OF_OPENAI = {
    "alloy": "en-us", "echo": "en-us+m3", "fable": "en-gb", "onyx": "en-us+m7", "nova": "en-us+f3", "shimmer": "en-us+f4",
}
VARIANT = re.compile(r"\+[fm][1-8]")


class Refused(Exception):
    """What a caller did wrong: the offending value and what was expected."""


def installed_voices():
    listed = subprocess.run(
        ["espeak-ng", "--voices"], capture_output=True, text=True, check=True, timeout=RUN_SECONDS_MAX)
    return sorted({line.split()[1] for line in listed.stdout.splitlines()[1:] if len(line.split()) > 1})


def voice_of(name, installed):
    if not isinstance(name, str):
        raise Refused(f"voice: {name!r} (expected: text)")
    voice = VOICES_OF_OPENAI.get(name, name)
    base, plus, variant = voice.partition("+")
    if base not in installed or (plus and not VARIANT.fullmatch(plus + variant)):
        raise Refused(f"voice: {name[:40]} (expected: one of GET /v1/audio/voices, or alloy, echo, fable, onyx, nova, shimmer)")
    return voice


def pace_of(speed):
    if isinstance(speed, bool) or not isinstance(speed, (int, float)) or not 0.25 <= speed <= 4:
        raise Refused(f"speed: {str(speed)[:40]} (expected: 0.25 to 4)")
    return min(max(int(WORDS_A_MINUTE * speed), 80), 450)  # what espeak-ng can do


def text_of(text):
    if not isinstance(text, str) or not text.strip():
        raise Refused("input: missing (expected: some text)")
    if len(text) > INPUT_CHARACTERS_MAX:
        raise Refused(f"input: {len(text)} characters (expected: at most {INPUT_CHARACTERS_MAX})")
    # Control characters steer espeak-ng; a lone surrogate is no text.
    return "".join(" " if ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 else c for c in text)


def form_of(name):
    if name not in ("wav", "pcm"):
        raise Refused(f"response_format: {str(name)[:40]} (expected: wav or pcm)")
    return name


def speak(text, voice, pace):
    """Samples and their rate: 16 bits, one channel."""
    done = subprocess.run(
        ["espeak-ng", "-b", "1", "-v", voice, "-s", str(pace), "--stdin", "--stdout"],
        input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=RUN_SECONDS_MAX)
    # It writes the header before it knows the length, so that length is made up: only the rate is taken from it.
    rate = struct.unpack_from("<I", done.stdout, 24)[0]
    return done.stdout[44:], rate


def wav(samples, rate):
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16,
        b"data", len(samples)) + samples


class SpeechServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address):
        self.voices = installed_voices()
        self.free = threading.BoundedSemaphore(AT_ONCE_MAX)
        super().__init__(address, Handler)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "speech"
    sys_version = ""
    timeout = CALLER_SECONDS_MAX

    def do_GET(self):
        if self.path == "/health":
            self.answer(200, {"status": "ok"})
        elif self.path == "/v1/audio/voices":
            self.answer(200, {"voices": self.server.voices})
        elif self.path == "/v1/models":
            self.answer(200, {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}]})
        else:
            self.refuse(404, f"{self.path[:100]}: no such path")

    def do_POST(self):
        body = self.body()
        if body is None:
            return
        if self.path != "/v1/audio/speech":
            self.refuse(404, f"{self.path[:100]}: no such path")
            return
        try:
            request = json.loads(body)
            if not isinstance(request, dict):
                raise Refused("body: no object (expected: a JSON object)")
            text = text_of(request.get("input"))
            voice = voice_of(request.get("voice", "en-us"), self.server.voices)
            pace = pace_of(request.get("speed", 1.0))
            form = form_of(request.get("response_format", "wav"))
        except (ValueError, RecursionError):
            self.refuse(400, "body: not JSON (expected: a JSON object in UTF-8)")
            return
        except Refused as refused:
            self.refuse(400, str(refused))
            return
        self.speak(text, voice, pace, form)

    def speak(self, text, voice, pace, form):
        if not self.server.free.acquire(blocking=False):
            self.refuse(503, f"busy: {AT_ONCE_MAX} texts are being spoken", {"Retry-After": "1"})
            return
        try:
            samples, rate = speak(text, voice, pace)
        except (subprocess.SubprocessError, OSError, struct.error) as error:
            self.log_error("espeak-ng: %s", type(error).__name__)
            self.refuse(500, "espeak-ng failed")
            return
        finally:
            self.server.free.release()
        if form == "wav":
            self.send(200, "audio/wav", wav(samples, rate))
        else:
            self.send(200, f"audio/pcm; rate={rate}", samples)

    def body(self):
        """The bytes, or None when they were refused; then the connection ends, since they were not read."""
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"[0-9]{1,9}", length) or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self.refuse(411, "Content-Length: missing (expected: the length of the body)")
            return None
        if int(length) > BODY_BYTES_MAX:
            self.close_connection = True
            self.refuse(413, f"body: {length} bytes (expected: at most {BODY_BYTES_MAX})")
            return None
        return self.rfile.read(int(length))

    def refuse(self, status, message, headers=None):
        kind = "invalid_request_error" if status < 500 else "server_error"
        self.answer(status, {"error": {"message": message, "type": kind, "param": None, "code": None}}, headers)

    def answer(self, status, body, headers=None):
        self.send(status, "application/json", json.dumps(body).encode(), headers)

    def send(self, status, content_type, body, headers=None):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code="-", size="-"):
        pass  # The gate keeps the access log; texts belong in none.


def main():
    options = argparse.ArgumentParser(description="espeak-ng behind the OpenAI form of speech")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8880, help="0 = any; the one taken is printed")
    chosen = options.parse_args()
    with SpeechServer((chosen.host, chosen.port)) as server:
        print(f"http://{chosen.host}:{server.server_address[1]}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
