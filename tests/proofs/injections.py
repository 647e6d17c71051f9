"""WB-2: texts that are commands elsewhere, to a database, a template, a path, a header, sent as everything that a page
takes: in its path, its query, its fields, its cookies and headers. Nothing breaks, nothing is carried out, and a search
for one finds what a search for nonsense finds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import quote, urlencode

from django.db import connection, transaction
from django.urls import reverse

from tests.proofs.pages import Browsers, Page, answering, asked, plain, text_of
from tests.proofs.proof import Found, Proof, each_caught
from tests.rules.test_matrix import addresses_on, set_stage

DONE = "7230047"  # 913 × 7919: stands on no page, unless somebody has reckoned
SQL = ("' OR '1'='1", "'; SELECT pg_sleep(9); --", "1) UNION SELECT NULL,NULL--", "\\' OR 1=1 #", "'||(SELECT 913*7919)||'", "$$;SELECT 1;$$", "%' AND 1=0 UNION SELECT password FROM people_user--", '"; DROP TABLE cases_case; --', "0x27", "1/0")  # fmt: skip
TEMPLATES = ("{{913*7919}}", "${913*7919}", "#{913*7919}", "<%= 913*7919 %>", "{% load static %}{% debug %}", "{{ request.user.password }}", "{{''.__class__.__mro__}}", "%(name)s %s %d", "{0.__class__}", "{actor}")  # fmt: skip
PATHS = ("../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "..\\..\\windows\\win.ini", "/etc/passwd", "file:///etc/passwd", "....//....//etc/passwd", ".", "..", "~root", "con")  # fmt: skip
LINES = ("x\r\nX-Injected: 1", "x\nSet-Cookie: injected=1", "x%0d%0aX-Injected:%201", "x\u2028X-Injected: 1", "x\r\n\r\n<html>", "\r\nLocation: //else.where")  # fmt: skip
ODD = ("\0", "x\0y", "\ufeff", "\u202ex", "²", "١٢٣", "½", "NaN", "1e999", "-1", "9" * 30, "0" * 300, "a" * 9000, "[]", '{"$gt": ""}', "*)(uid=*", "null", "\U0001f30a" * 40, "\ud7ff\ufffe", "2026-02-30", "25:99", "00000000-0000-0000-0000-00000000000g", "true", "+", "%", "%ff%fe", "ZS-２２２２-2222")  # fmt: skip
CORPUS = (*SQL, *TEMPLATES, *PATHS, *LINES, *ODD)
HEADERS = ("Accept-Language", "X-Forwarded-For", "X-Forwarded-Host", "Referer", "HX-Current-URL", "HX-Prompt", "HX-Target", "User-Agent", "Accept", "If-None-Match", "Range", "Origin")  # fmt: skip
COOKIES = ("django_language", "sessionid", "csrftoken", "other")
QUERY = ("before", "after", "tier", "ring", "paper", "page", "kind", "day", "desk", "whom", "code", "month", "q", "since", "next", "words", "all")  # fmt: skip
PLACES = ("path", "query", "field", "field", "field", "header", "cookie")


@dataclass
class Trial:
    """One run over a stage."""

    chance: random.Random
    listed: dict[str, tuple[str, Any]]
    texts: tuple[str, ...] = CORPUS
    places: tuple[str, ...] = PLACES
    browsers: Browsers = field(default_factory=Browsers)
    tried: int = 0
    faults: list[str] = field(default_factory=list)

    def judge(self, what: str, sent: str, answer: Any) -> None:
        """A broken page, a header that nobody meant, or something that was carried out."""
        self.tried += 1
        shown = text_of(answer)
        if answer.status_code >= 500:
            self.faults.append(f"{what} {sent[:24]!r}: {answer.status_code}")
        elif (
            "X-Injected" in answer.headers or "injected" in answer.cookies or "else.where" in answer.get("Location", "")
        ):
            self.faults.append(f"{what} {sent[:24]!r}: a header")
        elif DONE in shown or "root:x:0" in shown or "argon2" in shown:
            self.faults.append(f"{what} {sent[:24]!r}: carried out")

    def one(self) -> None:
        """One text, in one place of one page, by somebody who may open it."""
        name, (address, members) = self.chance.choice(sorted(self.listed.items()))
        if not members:
            return
        client, text = self.browsers.of(self.chance.choice(sorted(members))), self.chance.choice(self.texts)
        place = self.chance.choice(self.places)
        if place == "path":
            parts = address.strip("/").split("/")
            parts[self.chance.randrange(1, len(parts)) if len(parts) > 1 else 0] = quote(text, safe="")
            return self.judge(
                f"path {name}", text, asked(client, self.chance.choice(("get", "post")), f"/{'/'.join(parts)}/")
            )
        if place == "query":
            more = urlencode(dict.fromkeys(self.chance.sample(QUERY, 5), text))
            return self.judge(f"query {name}", text, asked(client, "get", f"{address}?{more}"))
        if place == "header":
            plainly = _latin(text)
            return self.judge(
                f"headers {name}", text, asked(client, "get", address, headers=dict.fromkeys(HEADERS, plainly))
            )
        if place == "cookie":
            kept = {cookie: morsel.value for cookie, morsel in client.cookies.items()}
            for cookie in self.chance.sample(COOKIES, 2):
                client.cookies[cookie] = self.chance.choice((quote(text, safe=""), _latin(text).replace(";", "")))
            answer = asked(client, "get", address)
            client.cookies.clear()
            client.cookies.load(kept)
            return self.judge(f"cookies {name}", text, answer)
        return self.fields(name, address, client, text)

    def fields(self, name: str, address: str, client: Any, text: str) -> None:
        """Every field of one form at once, or one with the others as they stand."""
        found = [
            form
            for form in Page(text_of(asked(client, "get", address)), address).forms
            if form.action != reverse("sign_out")
        ]
        if not found:
            return
        form = self.chance.choice(found)
        data = {one: given.value or next(iter(given.choices), "") for one, given in form.fields.items()}
        some = self.chance.choice((list(data), [self.chance.choice(sorted(data))])) if data else []
        data |= dict.fromkeys(some, text)
        self.judge(f"fields {name}", text, asked(client, form.method, form.action, data))

    def searched(self) -> None:
        """A search for a command and for nonsense are one."""
        text, who = self.chance.choice(SQL + TEMPLATES), self.browsers.of("zhou")
        answers = [plain(asked(who, "post", reverse("search"), {"words": one})) for one in (text, "澹汨沩洄")]
        self.tried += 1
        if answers[0][0] != answers[1][0] or ("reference" in answers[0][2]) != ("reference" in answers[1][2]):
            self.faults.append(f"search {text[:24]!r}: another answer")


def _latin(text: str) -> str:
    """What a server lets through as the value of a header."""
    return "".join(letter for letter in text if " " <= letter <= "~" or "\xa0" <= letter <= "\xff")


def injected(tries: int, seed: int, _city: SimpleNamespace, **more: Any) -> Found:
    """So many texts on the stage of the matrix."""
    with transaction.atomic():
        run = Trial(random.Random(seed), addresses_on(set_stage()), **more)
        while run.tried < tries:
            if run.tried % 40 == 39:
                run.searched()
            run.one()
        transaction.set_rollback(True)
    return Found(run.tried, len(run.faults), f"{len(CORPUS)} texts {run.faults[:1] or ''}".strip())


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each by itself: pages are opened by a query that is put together from the address, and every page carries out what
    its query says: a line of a header, a sum, a file by its name."""
    plants = {}
    with pasted():
        plants["a statement"] = injected(tries, seed, city, texts=SQL, places=("path",))
    for name, (texts, done) in CARRIED_OUT.items():
        with answering(done):
            plants[name] = injected(tries // 4, seed, city, texts=texts, places=("query",))
    return each_caught(plants)


def _a_line(answer: Any, request: Any) -> None:
    if any("X-Injected" in text for text in request.GET.values()):
        answer.headers["X-Injected"] = "1"


def _a_sum(answer: Any, request: Any) -> None:
    if any("913*7919" in text for text in request.GET.values()):
        answer.content += str(913 * 7919).encode()


def _a_file(answer: Any, request: Any) -> None:
    if any(text.endswith("etc/passwd") for text in request.GET.values()):
        answer.content += b"root:x:0:0:root:/root:/bin/sh"


CARRIED_OUT = {"a line": (LINES, _a_line), "a template": (TEMPLATES, _a_sum), "a path": (PATHS, _a_file)}


@contextmanager
def pasted() -> Iterator[None]:
    from wellbeing.web.middleware import Doors

    enter = Doors.process_view

    def process_view(self: Doors, request: Any, view: Any, args: Any, kwargs: Any) -> Any:
        with connection.cursor() as cursor:
            for value in kwargs.values():
                cursor.execute(f"SELECT '{value}'")
        return enter(self, request, view, args, kwargs)

    with mock.patch.object(Doors, "process_view", process_view):
        yield


PROOF = Proof(
    "WB-2", "texts that break a page or are carried out", injected, planted, 60, 1_000, 100_000, 40, city=True
)
