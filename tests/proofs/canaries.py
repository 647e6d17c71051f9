"""CR-8: forty marks through every input, and then every place where something may lie is searched for them.

The inputs are the forms that people's own pages show them, the call sheet at its door, a screening file, an attachment
and the telephone exchange. The places: every row of every table, as text, as bytes and in the ways that JSON and
addresses write it; the database's write-ahead files; the log of the product and of the engine; the broker; the cache;
mail; what the director takes out; and every answer that is an error, or a header.

What a form sends is sealed unless `CLEAR` says why not: a form that comes later is held to it without being named here.
A run through all pages judges what it reached: a field of which nothing was ever taken is a finding, unless `UNREACHED`
says why it cannot be.
"""

from __future__ import annotations

import io
import json
import logging
import random
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from types import SimpleNamespace
from typing import Any
from unittest import mock
from urllib.parse import quote

from django.test import override_settings
from django.urls import reverse

from cases import sheet
from tests.exchange.stage import EXCHANGE
from tests.proofs.further import further
from tests.proofs.pages import NEW, Browsers, Form, Page, answering, text_of
from tests.proofs.proof import Found, Proof, each_caught
from tests.proofs.sending import LAST, Sender, asks, name_of
from tests.proofs.sinks import PLACES, everywhere, left_behind
from tests.stage import RED, call, staged
from tests.visits import Places
from wellbeing.access.actor import Actor, identity
from wellbeing.exchange.actions import hear
from wellbeing.exchange.events import Event, EventKind
from wellbeing.outbox import courier, relay
from wellbeing.people.models import Private
from wellbeing.vault import documents
from wellbeing.workdays import now

MARKS = 40
LOCAL_MAIL = "django.core.mail.backends.locmem.EmailBackend"
WORKERS = ("lin", "zhou", "luo", "chen", "fang", "su", "ding")
# Forms whose words are about no person and stand in clear, each for its reason.
CLEAR = {
    "plan_campaign": "the title of a screening, read by everybody who is on it",
    "note_activity": "the register of events of the city's centre",
    "strike_activity": "the same",
    "send_back_year": "numbers of the hotline's own staff and seats",
    "search": "kept nowhere",
    "send_back_return": "figures of a school's staff, between school, county and bureau",
    "unlock_return": "the same",
    "decline_centre": "the state of a county's centre",
    **dict.fromkeys(
        [
            "open_account",
            "appoint",
            "confirm_appointment",
            "decline_appointment",
            "end_post",
            "enter_absence",
            "lift_absence",
            "renew_password",
            "reset_second_factor",
            "close_account",
        ],
        "why a post or an account of the staff changes, for its administrators",
    ),
    "change_policy": "why the city's policy changes, read by every desk",
    "change_staffing_policy": "the same",
    "open_term": "the name of a school term",
    "ask_token": "the name that a desk gives to a program of its own",
}

# Fields, or routes with all of theirs, of which nothing is taken in a run through all pages, each for its reason.
AT_ITS_DOOR = "every field of the sheet comes in at its door"
NAMES = "must name a row that there is, and a mark names none"
NO_WORDS = "takes a code, a file of columns, a number or times, and no words of anybody's"
NO_GRADE = "the stage's files hold no grade, and an extra field for which the file holds nothing is refused"
UNREACHED: dict[str, str] = {
    "call_sheet": AT_ITS_DOOR,
    **dict.fromkeys(("audit.reference", "break_glass.reference", "merge_concern.reference"), NAMES),
    **dict.fromkeys(("set_hold.reference", "take_up_record.words", "withdraw_attachment.typed"), NAMES),
    **dict.fromkeys(("drop_draft.typed", "set_up_totp", "import_roster", "roll", "screenings"), NO_WORDS),
    **dict.fromkeys(("seats", "slots"), NO_WORDS),
    **dict.fromkeys([f"{one}.extra_grade" for one in ("open_channel", "renew_letter", "send_referral")], NO_GRADE),
}


@dataclass
class Marks:
    """Words that stand nowhere else, all with one beginning, so that one search finds each of them."""

    head: str = field(default_factory=lambda: "鸥" + "".join(secrets.choice("澹汨沩洄泱湉潏瀼浥滃") for _ in range(3)))
    digits: str = field(default_factory=lambda: "0000" + "".join(secrets.choice("123456789") for _ in range(4)))
    sent: int = 0

    def __post_init__(self) -> None:
        self.numbers = cycle(range(MARKS))

    def word(self) -> str:
        self.sent += 1
        return f"{self.head}{next(self.numbers):02}" + "，写得长一些，因为有的理由要写够二十个字"

    def number(self) -> str:
        self.sent += 1
        return f"{self.digits}{next(self.numbers):03}"

    def needles(self) -> list[bytes]:
        """Every way in which a head may be written down."""
        escaped = json.dumps(self.head).strip('"')
        ways = [self.head.encode(), self.head.encode().hex().encode(), escaped.encode(), escaped.upper().encode()]
        ways += [quote(self.head).encode(), self.head.encode("gb18030"), self.head.encode("utf-16-le")]
        return [*ways, self.digits.encode(), self.digits.encode().hex().encode()]

    def inside(self, content: bytes) -> bool:
        return any(needle in content for needle in self.needles())


@dataclass
class Spread(Sender):
    """One run: what was sent, and where it was found."""

    marks: Marks
    log: io.StringIO
    faults: list[str] = field(default_factory=list)
    forms: dict[str, int] = field(default_factory=dict)

    def fault(self, where: str, content: bytes) -> None:
        if self.marks.inside(content):
            self.faults.append(where)

    def word(self, where: str) -> str:
        return self.marks.word()

    def number(self, where: str) -> str:
        return self.marks.number()

    def submit(self, browsers: Browsers, who: str, form: Form) -> None:
        """A form with a mark in everything that is written, sent as its reader would; an error may not say it."""
        name = name_of(form)
        if name in CLEAR or form.method != "post":
            return
        answer = self.send(browsers, who, form)
        self.forms[name] = max(self.forms.get(name, 0), answer.status_code < 400)
        self.fault(f"a header of {name}", repr(answer.items()).encode() + repr(answer.items()).encode("unicode_escape"))
        if answer.status_code >= 400 and answer.status_code not in (409, 422):  # those give back what she typed
            self.fault(f"{answer.status_code} of {name}", _said(answer))


def spread(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The doors, then so many forms of people's pages, then the search; without forms the doors alone."""
    browsers, log = Browsers(), io.StringIO()
    run = Spread(Marks(), log)
    whole = False
    with listening(log), override_settings(EMAIL_URL="smtp://localhost", EMAIL_BACKEND=LOCAL_MAIL):
        with identity(Actor.machine("posts")):
            Private.objects.filter(user__username="luo").update(email="luo@localhost")
        _doors(run)
        if tries:
            whole = _pages(run, browsers, tries, seed)
        _errors(run, browsers)
        relay.sweep()
        courier.deliver("email")
        run.fault("log", log.getvalue().encode())
        for where, content in everywhere(city, browsers):
            run.fault(where, content)
    run.faults += [f"never taken: {where}" for where in run.missed(UNREACHED)] if whole else []
    said = f"{sum(run.forms.values())} of {len(run.forms)} forms, {len(run.reached)} of {len(run.seen)} fields taken"
    said = f"{said} {run.faults[:2] or ''}".strip()
    return Found(run.marks.sent, len(run.faults), said)


def _pages(run: Spread, browsers: Browsers, tries: int, seed: int) -> bool:
    """The forms on so many pages of the matrix, by chance, each sent by somebody who may; every page comes before any comes
    twice. Where all of them came, those of which nothing was taken in other states too (further.py); whether they did."""
    chance, places = random.Random(seed), Places()
    listed = places.listed
    pages = [(name, address, who) for name, (address, members) in listed.items() for who in sorted(members)]
    chance.shuffle(pages)
    pages.sort(key=lambda page: page[2] not in WORKERS)
    times = Counter[str]()
    turns = {page: times.update([page[0]]) or times[page[0]] for page in pages}
    pages.sort(key=lambda page: (turns[page] > 1, page[0] in LAST, turns[page]))
    for name, address, who in pages[:tries]:
        _send(run, browsers, name, address, who)
    if tries < len(listed):
        return False
    for name, place in further(places, lambda route: run.misses(route, UNREACHED)):
        run.given = place.given
        _send(run, browsers, name, place.address, place.who)
        run.given = {}
    return True


def _send(run: Spread, browsers: Browsers, name: str, address: str, who: str) -> None:
    answer = browsers.of(who).get(address)
    forms = Page(text_of(answer), address).forms if answer.status_code == 200 and name not in CLEAR else []
    for form in filter(asks, forms):
        run.submit(browsers, who, form)


def _doors(run: Spread) -> None:
    """What comes in otherwise: the whole call sheet, the exchange, a file of answers."""
    texts = {one.code for one in sheet.FIELDS if not one.choices and not isinstance(RED.get(one.code), int)}
    words = {code: run.marks.word() for code in texts} | {
        code: value for code, value in RED.items() if code not in texts
    }
    call(words | {"contact": run.marks.number(), "caller_number": run.marks.number(), "age": 14})
    hear(actor=EXCHANGE, event=Event("canary", EventKind.RINGING, now(), "2912345", run.marks.number()))
    staged(f"{run.marks.word()},000000001")


def _errors(run: Spread, browsers: Browsers) -> None:
    """Pages that refuse or break, asked with a mark in their address and in what is sent."""
    lin = browsers.of("lin")
    for address in ("/cases/{}/", "/{}/", "/help/{}/", "/referrals/link/{}/"):
        run.fault(f"error page of {address}", _said(lin.get(address.format(run.marks.word()))))
    run.fault("error page of a method", _said(lin.put("/cases/", run.marks.word(), "text/plain")))
    words = run.marks.word()
    with mock.patch("cases.views.find", side_effect=ValueError(words)):
        run.fault("error page of a fault", _said(lin.post(reverse("search"), {"words": words})))


def _said(answer: Any) -> bytes:
    """The body, but for the address that the switch of language leads back to: the asker's own."""
    return NEW.sub("", text_of(answer)).encode()


@contextmanager
def listening(log: io.StringIO) -> Iterator[None]:
    """The product's own handler writes here while the block runs."""
    handler = next(h for h in logging.getLogger().handlers if type(h.formatter).__name__ == "CodesOnly")
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(log)
    try:
        yield
    finally:
        handler.setStream(before)


def planted(_tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each by itself: whoever seals writes down what, as `logger.info(name)` would; a page that refuses repeats its
    address; and one mark in each of the places that are searched."""
    plants, marks, browsers = {}, Marks(), Browsers()
    with talkative():
        plants["a word in the log"] = spread(0, seed, city)
    with answering(repeats):
        plants["an address repeated"] = spread(0, seed, city)
    with left_behind(city, marks.word()):
        found = [where for where, content in everywhere(city, browsers) if marks.inside(content)]
    for place in PLACES:
        plants[place] = Found(1, sum(where.startswith(place) for where in found))
    return each_caught(plants)


@contextmanager
def talkative() -> Iterator[None]:
    seal = documents.seal

    def says(key: Any, text: bytes, place: Any) -> bytes:
        logging.getLogger("wellbeing").info(text.decode())
        return seal(key, text, place)

    with mock.patch.object(documents, "seal", says):
        yield


def repeats(answer: Any, request: Any) -> None:
    """A page that refuses says what it was asked for."""
    if answer.status_code == 404:
        answer.content += request.path.encode()


PROOF = Proof("CR-8", "marks from every input that lie in clear", spread, planted, 20, 80, 4_000, city=True)
