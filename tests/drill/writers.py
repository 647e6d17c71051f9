"""Who writes during a fault: people at browsers, who send a form again under the same key until it is answered.

An answer of 2xx or 3xx that leads on is an acknowledged write: from then on it must be there, once.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import UUID, uuid4

from wellbeing.demo.city import PASSWORD
from wellbeing.workdays import TIMEZONE

PATIENCE = 30.0  # a browser that got no answer for so long counts as lost
AGAIN_SECONDS = 0.1
PARALLEL = 50
RED = {"caller_kind": "self", "thoughts": "active", "plan": "yes", "when": "now", "means": "yes", "narrative": "演练"}
ORANGE = {"caller_kind": "parent", "thoughts": "passive", "tier": "orange", "narrative": "演练"}
ASSESSED = {"thoughts": "active", "plan": "yes", "means": "no", "face_to_face": "on", "reason": "演练"}
APPOINTMENT = timedelta(days=400)  # ahead by any clock that the drill steps to
REFERRED = {"consent": "given", "summary": "演练", "send": "1"}


@dataclass
class Write:
    """One form under one key, however often it was sent; `answers` are what came back, by status."""

    user: str
    what: str
    key: UUID
    case: str = ""
    answers: list[int] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    done: bool = False

    @property
    def reference(self) -> str:
        """The case or referral that the answer leads to."""
        return next(iter(self.places), "").strip("/").split("/")[-1]


class Browser:
    """A signed-in browser of one person. Safe for threads: each request has its own connection."""

    def __init__(self, port: int, user: str) -> None:
        self.port, self.user = port, user
        self.cookies: dict[str, str] = {}
        self.lock = threading.Lock()

    def send(self, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
        """Send a form; the status and where the answer leads. Raises OSError or HTTPException without an answer."""
        cookies = dict(self.cookies)
        if "sessionid" not in cookies:
            self.sign_in(stale=cookies)
            cookies = dict(self.cookies)
        status, place, _new = self._request("POST", path, cookies, fields)
        if status == 403 or (status == 302 and place.startswith("/sign-in")):
            self.sign_in(stale=cookies)
            return 401, ""
        return status, place

    def sign_in(self, stale: Mapping[str, str]) -> None:
        """Sign in, unless another thread has done so meanwhile."""
        with self.lock:
            if self.cookies != stale:
                return
            _status, _place, cookies = self._request("GET", "/sign-in/", {})
            form = {"username": self.user, "password": PASSWORD}
            status, _place, more = self._request("POST", "/sign-in/", cookies, form)
            if status != 302:
                raise ConnectionError(f"signing in was answered {status}")
            self.cookies = cookies | more

    def _request(
        self, method: str, path: str, cookies: Mapping[str, str], fields: Mapping[str, str] | None = None
    ) -> tuple[int, str, dict[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            body = urlencode({**fields, "csrfmiddlewaretoken": cookies.get("csrftoken", "")}) if fields else None
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, body, headers)
            answer = line.getresponse()
            answer.read()
            new: SimpleCookie = SimpleCookie()
            for value in answer.headers.get_all("Set-Cookie", []):
                new.load(value)
            return answer.status, answer.headers.get("Location", ""), {name: m.value for name, m in new.items()}
        finally:
            line.close()


@dataclass
class Crowd:
    """The writers of one drill, and the ledger of everything they sent."""

    port: int
    hospital: int
    ledger: list[Write] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.browsers = {user: Browser(self.port, user) for user in ("lin", "gao", "zhou", "luo", "fang")}

    def round(self) -> list[threading.Thread]:
        """The forms of one round, started: three stories side by side, and one form sent fifty times at once."""
        stories: list[Callable[[], object]] = [
            lambda call=self._call("lin"): self._story(call, RED, ("acknowledge", "refer")),
            lambda call=self._call("gao"): self._story(call, ORANGE, ("acknowledge", "assess")),
            lambda call=self._call("lin"): self._story(call, RED, ()),
        ]
        many = self._call("gao")
        stories += [lambda: self._send(many, "/cases/calls/new/", RED | {"division": "330902"})] * PARALLEL
        threads = [threading.Thread(target=story, daemon=True) for story in stories]
        for thread in threads:
            thread.start()
        return threads

    def call(self) -> Write:
        """One red call by itself, answered before this returns."""
        write = self._call("lin")
        self._send(write, "/cases/calls/new/", RED | {"division": "330902"})
        return write

    def _call(self, user: str) -> Write:
        return self._write(user, "take_call")

    def _write(self, user: str, what: str, case: str = "") -> Write:
        made = Write(user, what, uuid4(), case)
        self.ledger.append(made)
        return made

    def _story(self, call: Write, words: Mapping[str, str], then: Iterable[str]) -> None:
        if not self._send(call, "/cases/calls/new/", words | {"division": "330902"}):
            return
        case = call.reference
        pages = {
            "acknowledge": (f"/cases/{case}/acknowledge/", {"seen": "red"}),  # what was red can rise no more
            "assess": (f"/cases/{case}/assess/", ASSESSED),
            "refer": (f"/referrals/open/{case}/", REFERRED | {"destination": str(self.hospital)}),
        }
        for what in then:
            name = {"acknowledge": "acknowledge", "assess": "assess_risk", "refer": "open_channel"}[what]
            write = self._write("zhou", name, case)
            if not self._send(write, *pages[what]):
                return
            if what == "refer":
                self._hospital(write.reference)

    def _hospital(self, referral: str) -> None:
        """The hospital receives what was sent to it, and gives a time."""
        at = {"at": (datetime.now(TIMEZONE) + APPOINTMENT).strftime("%Y-%m-%dT%H:%M")}
        for name, page, fields in (("receive", "receive", {}), ("book", "book", at)):
            if not self._send(self._write("fang", name), f"/referrals/{referral}/{page}/", fields):
                return

    def _send(self, write: Write, path: str, fields: Mapping[str, str]) -> bool:
        """Send one form until it is answered; whether the answer was yes."""
        browser, until = self.browsers[write.user], time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                status, place = browser.send(path, {"key": str(write.key), **fields})
            except (OSError, http.client.HTTPException):
                status, place = 0, ""
            write.answers.append(status)
            if 200 <= status < 400:
                write.places.add(place)
                write.done = True
                return True
            if status not in (0, 401) and status < 500:
                return False  # a refusal: the same form will not be taken later either
            time.sleep(AGAIN_SECONDS)
        return False
