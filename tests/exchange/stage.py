"""Calls of the exchange to set a scene with, heard as the exchange says them, and the product's side of the wire."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.stage import actor
from wellbeing.access.actor import Actor
from wellbeing.exchange import actions
from wellbeing.exchange.events import Event, EventKind
from wellbeing.exchange.models import Ring, Seat
from wellbeing.exchange.signing import sign
from wellbeing.people.models import User
from wellbeing.workdays import now

EXCHANGE = Actor.machine("exchange")
NUMBER = "13800000000"
KEY = "a key of the exchange"


def rang(
    call: str = "1",
    *,
    answered: bool = True,
    ended: bool = True,
    ago: timedelta = timedelta(minutes=30),
    seat: str = "8001",
) -> Ring:
    begin = now() - ago
    said = [Event(call, EventKind.RINGING, begin, "2912345", NUMBER)]
    if answered:
        said.append(Event(call, EventKind.ANSWERED, begin + timedelta(seconds=9), seat=seat))
    if ended:
        said.append(Event(call, EventKind.ENDED, begin + timedelta(minutes=20)))
    for one in said:
        ring: Ring = actions.hear(actor=EXCHANGE, event=one)
    return ring


def seated(seat: str = "8001", who: str = "lin", *, ago: timedelta = timedelta(0)) -> Seat:
    """Su enters a counsellor at a seat, from some time ago on."""
    given = {"counsellor": User.objects.get(username=who).pk, "since": now() - ago if ago else None}
    made: Seat = actions.assign_seat(actor=actor("su"), seat=seat, **given)
    return made


class Wire(ThreadingHTTPServer):
    """Where the exchange's script sends to: keeps what is signed, refuses while it is `deaf`, answers after `slow`
    seconds."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hears)
        self.deaf, self.slow = False, 0.0
        self.failing = set[str]()  # calls of which it takes nothing, by a fault of its own
        self.kept: list[dict[str, Any]] = []


class Hears(BaseHTTPRequestHandler):
    server: Wire

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.server.slow)
        fails = json.loads(body)["call"] in self.server.failing
        good = not fails and self.headers["X-Signature"] == sign(KEY, self.headers["X-Timestamp"], body)
        if good and not self.server.deaf:
            self.server.kept.append(json.loads(body))
        self.send_response(503 if self.server.deaf else 500 if fails else 200 if good else 404)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def product(folder: Path) -> Iterator[tuple[Wire, dict[str, str]]]:
    """The product's side of the wire, and the environment that the exchange's script needs to reach it."""
    wire = Wire()
    threading.Thread(target=wire.serve_forever, daemon=True).start()
    (folder / "key").write_text(KEY + "\n")
    said = {"URL": f"http://127.0.0.1:{wire.server_port}/", "KEY_FILE": folder / "key", "SPOOL": folder / "spool"}
    try:
        yield wire, {**os.environ, **{f"EXCHANGE_{name}": str(value) for name, value in said.items()}}
    finally:
        wire.shutdown()
        wire.server_close()
