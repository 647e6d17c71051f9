"""The other ends of the channels, on the loopback: a mail server, group robots and an SMS gateway that can misbehave.

Each writes down what it accepted, and what came unsigned or said more than it may.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import socket
import socketserver
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wellbeing.local.processes import free_port

MODES = ("refuse", "hang", "500", "late", "cut", "twice")
LATE_SECONDS = 1.0
SECRET = "drill"
# All that a notice may say outside the page. Written anew here, like the signatures: the other end is not our code.
SAYABLE = re.compile("你有一条待处理的?(红色|橙色|黄色|蓝色)?事项，请登录舟山学生心理守护平台处理。")


@dataclass
class Endpoint:
    """One server on a port of its own; `mode` says how it misbehaves, empty for not at all.

    refuse: nobody listens. hang: takes the connection and says nothing. late: answers after a second. cut: accepts,
    and the line breaks before its answer, so that the sender repeats. twice: says its answer twice.
    """

    name: str
    handler: type[socketserver.BaseRequestHandler]
    port: int = field(default_factory=free_port)
    mode: str = ""
    accepted: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    check: Callable[..., str] | None = None
    well: threading.Event = field(default_factory=threading.Event)
    server: socketserver.ThreadingTCPServer | None = None

    def start(self) -> None:
        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 64
            endpoint = self

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A sender that was killed in the middle is what the drill is for."""

        self.well.set()
        self.server = Server(("127.0.0.1", self.port), self.handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def misbehave(self, mode: str) -> None:
        self.mode = mode
        if mode == "refuse":
            self.stop()
        if mode == "hang":
            self.well.clear()

    def heal(self) -> None:
        """As it should be; whoever hangs on it is cut off, so that he need not wait for the end of his patience."""
        mode, self.mode = self.mode, ""
        self.well.set()
        if mode == "refuse":
            self.start()

    def take(self, what: str, text: str) -> None:
        """Write down what was accepted; anything but the one sentence is a fault."""
        self.accepted[what] += 1
        if not SAYABLE.fullmatch(text):
            self.faults.append(f"{self.name} was told more than it may be")


class Web(BaseHTTPRequestHandler):
    """Robots and the SMS gateway: a JSON request, a JSON answer."""

    def do_POST(self) -> None:
        at: Endpoint = self.server.endpoint  # type: ignore[attr-defined]
        if not _lets_in(at, self.connection):
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if at.mode == "500":
            self.send_error(500)
            return
        assert at.check is not None
        fault = at.check(at, self.path, json.loads(body), self.headers)
        if fault:
            at.faults.append(fault)
        if at.mode == "cut":
            _reset(self.connection)
            return
        answer = json.dumps({"errcode": 0, "accepted": True}).encode()
        for _time in range(2 if at.mode == "twice" else 1):
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a sender needs."""

    def handle(self) -> None:
        at: Endpoint = self.server.endpoint  # type: ignore[attr-defined]
        if not _lets_in(at, self.connection):
            return
        if at.mode == "500":
            self._say("554 no service")
            return
        self._say("220 drill")
        while line := self.rfile.readline().decode(errors="replace").strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                self._message(at)
                if at.mode == "cut":
                    _reset(self.connection)
                    return
                for _time in range(2 if at.mode == "twice" else 1):
                    self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            elif verb == "RCPT" and at.mode == "nobody":
                self._say("550 no such person")
            else:
                self._say("250 drill" if verb in ("EHLO", "HELO", "MAIL", "RCPT", "RSET", "NOOP") else "502 unknown")

    def _message(self, at: Endpoint) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        raw = b"".join(lines)
        mail = message_from_bytes(raw, policy=policy.default)
        named = re.search(rb"^Message-ID: <([0-9a-f-]{36})@notices\.invalid>\r$", raw, re.MULTILINE)
        if not named or mail["Auto-Submitted"] != "auto-generated":  # or somebody's machine would answer it
            at.faults.append("a mail did not say what it is")
        at.take(named[1].decode() if named else "", mail.get_content().strip())

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def _lets_in(at: Endpoint, line: socket.socket) -> bool:
    """Whether to go on; waits as long as the endpoint hangs, or is late."""
    if at.mode == "hang":
        at.well.wait(20)
        _reset(line)
        return False
    if at.mode == "late":
        time.sleep(LATE_SECONDS)
    return True


def _reset(line: socket.socket) -> None:
    """Close so that the other end sees a reset."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def check_robot(at: Endpoint, path: str, body: Any, headers: Any) -> str:
    """Accept what a desk's robot is told; the path names the desk. A fault when the signature is not the robot's."""
    parts = urlsplit(path)
    given = {name: values[0] for name, values in parse_qs(parts.query).items()}
    digest = hmac.new(SECRET.encode(), f"{given.get('timestamp', '')}\n{SECRET}".encode(), "sha256").digest()
    if given.get("sign") != base64.b64encode(digest).decode():
        return "a robot was told something unsigned"
    if body["msgtype"] != "text":
        return "a robot was told something that is no text"
    at.take(parts.path.strip("/"), body["text"]["content"])
    return ""


def check_sms(at: Endpoint, path: str, body: Any, headers: Any) -> str:
    """Accept a message for the gateway under the notice's id."""
    signed = f"{body['timestamp']}\n{body['id']}\n{body['mobile']}".encode()
    if headers.get("X-Signature") != hmac.new(SECRET.encode(), signed, "sha256").hexdigest():
        return "the gateway was told something unsigned"
    at.take(body["id"], body["text"])
    return ""


def all_three() -> dict[str, Endpoint]:
    """Mail, robots, SMS, by the name of their channel."""
    return {
        "email": Endpoint("email", Mail),
        "robot": Endpoint("robot", Web, check=check_robot),
        "sms": Endpoint("sms", Web, check=check_sms),
    }
