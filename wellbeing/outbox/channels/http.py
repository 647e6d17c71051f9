"""One JSON request to a gateway, with an end: no redirect followed, no proxy of the environment, a few seconds."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import Any

from wellbeing.outbox.channels.refused import Refused

SECONDS = 3.0  # for each piece of an answer
PIECES = 3  # so many times as long for all of it: one that trickles would hold its channel up for days, and look alive
REFUSING = (400, 413, 422)  # said of this request; a key or an address that is wrong concerns them all
MOST = 65_536


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None  # a gateway that points elsewhere gets no notice there


# Neither another's proxy nor another address: a request goes where it was sent.
WAYS: tuple[Any, ...] = (urllib.request.ProxyHandler({}), _Stay())


class _Lines(urllib.request.HTTPSHandler):
    """Keeps the connections of one request, so that they can be cut."""

    handler_order = 400  # before the library's own

    def __init__(self) -> None:
        super().__init__()
        self.open: list[socket.socket] = []

    def http_open(self, req: Any) -> Any:
        return self.do_open(self._kept(HTTPConnection), req)

    def https_open(self, req: Any) -> Any:
        return self.do_open(self._kept(HTTPSConnection), req)

    def _kept(self, kind: type[HTTPConnection]) -> Any:
        lines = self.open

        class Kept(kind):  # type: ignore[misc,valid-type]
            def connect(self) -> None:
                super().connect()
                lines.append(self.sock)

        return Kept


def stamp() -> str:
    """The world's clock in milliseconds, not the database's: the gateway compares it with its own."""
    return str(int(time.time() * 1000))


def post_json(url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Send and give the answer. OSError when nobody answers in time or with a fault; Refused where it is this request
    that is not taken."""
    if not url.startswith(("https://", "http://")):
        raise OSError("not an address of the web")
    data = json.dumps(body, ensure_ascii=False).encode()
    wanted = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    request = urllib.request.Request(url, data=data, headers=wanted, method="POST")  # noqa: S310  (checked above)
    lines = _Lines()
    opener = urllib.request.build_opener(*WAYS, lines)
    try:
        with _cut_after(PIECES * SECONDS, lines), opener.open(request, timeout=SECONDS) as answer:
            found = json.loads(answer.read(MOST) or b"{}")
    except urllib.error.HTTPError as fault:
        if fault.code in REFUSING:
            raise Refused(str(fault.code)) from None
        raise OSError(f"the gateway answered {fault.code}") from None
    except HTTPException:
        raise OSError("the gateway broke off") from None
    except ValueError:
        raise OSError("the gateway answered no JSON") from None
    return found if isinstance(found, dict) else {}


@contextmanager
def _cut_after(seconds: float, lines: _Lines) -> Iterator[None]:
    timer = Timer(seconds, _cut, [lines])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(lines: _Lines) -> None:
    for line in lines.open:
        with suppress(OSError):  # it has ended by itself
            line.shutdown(socket.SHUT_RDWR)
