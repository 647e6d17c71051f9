"""WB-6: a cookie opens what its owner's session opens, and no minute longer.

A walk of one person with several browsers, and of a thief who holds every cookie that there ever was: she signs in (in a
browser into which the thief has put a cookie too), works, lets pages poll, signs out, ends her other sessions, changes her
password, goes away. The model knows which cookie lives: idle fifteen minutes at most, eight hours at most, ended by its
owner for good, new at every sign-in. Whoever reads the table of sessions holds none, and half a sign-in enters no page.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import psycopg
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tests.proofs.pages import route_of
from tests.proofs.proof import Found, Proof, each_caught
from tests.rules.test_matrix import addresses_on, set_stage
from tests.signin.people import browser, give_password, set_up_app
from wellbeing.demo.city import PASSWORD
from wellbeing.signin.sessions import SessionStore

WAITS = ({"minutes": 4}, {"minutes": 11}, {"minutes": 14, "seconds": 59}, {"minutes": 15, "seconds": 1}, {"hours": 3})
FLAGS = {"httponly": True, "samesite": "Lax", "path": "/", "domain": ""}
NEVER = ("sign_in", "sign_out", "confirm", "language")


@dataclass
class Cookie:
    """One that was given out, and what its session has done."""

    value: str
    began: timedelta
    worked: timedelta
    ended: bool = False

    def lives(self, at: timedelta) -> bool:
        idle, age = at - self.worked, at - self.began
        self.ended |= idle > timedelta(seconds=900) or age > timedelta(hours=8)
        return not self.ended


@dataclass
class Walk:
    """Lin's browsers, by the cookie that each has now, and all cookies of the past."""

    dice: random.Random
    url: str
    later: timedelta = timedelta()
    password: str = PASSWORD
    open: list[tuple[Client, Cookie]] = field(default_factory=list)
    given: list[Cookie] = field(default_factory=list)
    tried: int = 0
    faults: list[str] = field(default_factory=list)

    def step(self) -> None:
        verbs = (self._sign_in, self._work, self._work, self._poll, self._sign_out, self._end_others, self._change)
        verb = self.dice.choice(verbs) if self.open else self._sign_in
        verb(*self.dice.choice(self.open or [(browser(), Cookie("", self.later, self.later))]))
        if self.dice.random() < 0.3:
            self.later += timedelta(**self.dice.choice(WAITS))
        for cookie in self.dice.sample(self.given, min(3, len(self.given))):
            self.try_one(cookie)
        self.open = [(client, cookie) for client, cookie in self.open if cookie.lives(self.later)]

    def last_steps(self) -> None:
        """Whatever chance has left out: one that is left idle, and one that is signed out."""
        for leave in (False, True):
            before = len(self.open)
            while len(self.open) == before:
                self._sign_in()
            client, cookie = self.open[-1]
            if leave:
                self._sign_out(client, cookie)
            else:
                self.later += timedelta(minutes=15, seconds=1)
            self.try_one(cookie)

    def try_one(self, cookie: Cookie) -> None:
        """What the thief gets with it on a page that is no work."""
        self.tried += 1
        works, lives = _enters(cookie.value), cookie.lives(self.later)
        if works != lives:
            age, idle = self.later - cookie.began, self.later - cookie.worked
            self.faults.append(f"a cookie {'lives' if works else 'is dead'} after {age}, idle {idle}")

    def _sign_in(self, *_other: Any) -> None:
        client = browser(f"10.{self.dice.randrange(256)}.{self.dice.randrange(256)}.{self.dice.randrange(256)}")
        planted = self.dice.choice(("", "x" * 32, _nobodys(), self.given[-1].value)) if self.given else _nobodys()
        if planted:
            client.cookies[settings.SESSION_COOKIE_NAME] = planted
            client.get(reverse("sign_in"))
        answer = give_password(client, "lin", self.password)
        morsel = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        if morsel is None:
            return
        self.faults += [f"a cookie without {name}" for name, value in FLAGS.items() if morsel[name] != value]
        if morsel.value in {planted, *(one.value for one in self.given)}:
            self.faults.append(f"a sign-in keeps the cookie that was there ({answer.status_code})")
        for cookie in self.given:
            cookie.ended |= cookie.value == planted  # one of her own that was in this browser
        self._noted(client, morsel.value)

    def _noted(self, client: Client, value: str) -> None:
        made = Cookie(value, self.later, self.later)
        self.given.append(made)
        self.open.append((client, made))

    def _work(self, client: Client, cookie: Cookie) -> None:
        if client.get(reverse("account")).status_code == 200 and self.later - cookie.worked >= timedelta(seconds=30):
            cookie.worked = self.later

    def _poll(self, client: Client, _cookie: Cookie) -> None:
        client.get(reverse("rings_now"))

    def _sign_out(self, client: Client, cookie: Cookie) -> None:
        answer = client.post(reverse("sign_out"))
        cookie.ended = True
        if "storage" not in answer.get("Clear-Site-Data", ""):
            self.faults.append("signing out leaves what the browser keeps")

    def _end_others(self, client: Client, cookie: Cookie) -> None:
        self._work(client, cookie)
        if client.post(reverse("end_session")).get("Location") == reverse("account"):
            self._others_end(cookie)

    def _change(self, client: Client, cookie: Cookie) -> None:
        """A new password: her other sessions end, and this one gets a new cookie."""
        self._work(client, cookie)
        new = f"码头 清晨 绿灯塔 {self.dice.randrange(10**6)} rope"
        answer = client.post(reverse("change_password"), {"old": self.password, "new": new, "again": new})
        if answer.get("Location") == reverse("account"):
            self.password = new
            self._others_end(cookie)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            if value != cookie.value:
                self.given.append(Cookie(cookie.value, cookie.began, cookie.worked, ended=True))
                cookie.value = value

    def _others_end(self, but: Cookie) -> None:
        for cookie in self.given:
            cookie.ended |= cookie is not but

    def read_the_table(self) -> None:
        """Whoever holds a dump tries the keys of its rows."""
        with psycopg.connect(self.url) as thief:
            for (key,) in thief.execute(
                "SELECT session_key FROM signin_session ORDER BY since DESC NULLS LAST LIMIT 5"
            ):
                self.tried += 1
                if _enters(key):
                    self.faults.append("a row of the table opens a session")


def _nobodys() -> str:
    """The cookie of a session in which nobody has signed in: anybody is given one."""
    session = SessionStore()
    session["next"] = "/"
    session.save(must_create=True)
    return str(session.session_key)


def _enters(value: str) -> bool:
    client = browser()
    client.cookies[settings.SESSION_COOKIE_NAME] = value
    return int(client.get(reverse("rings_now")).status_code) == 200


def walked(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Steps until so many cookies were tried, the table, then half a sign-in at the pages of the matrix."""
    walk, begun = Walk(random.Random(seed), city.superuser_url, password=password_of(city)), timezone.now()
    clock = SimpleNamespace(now=lambda: begun + walk.later)
    with mock.patch("wellbeing.access.proof.timezone", clock):
        while walk.tried < tries and not walk.faults:
            walk.step()
            if walk.tried % 50 < 3:
                walk.read_the_table()
        walk.last_steps()
        walk.read_the_table()
    city.password = walk.password
    return Found(walk.tried, len(walk.faults), "; ".join(walk.faults[:2]))


def password_of(city: SimpleNamespace) -> str:
    """Lin's, as the last walk left it."""
    return str(getattr(city, "password", PASSWORD))


def halfway(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """A password without the second factor, at so many pages that its owner may open."""
    chance, entered = random.Random(seed), list[str]()
    with transaction.atomic(), override_settings(SECOND_FACTOR="required"):
        listed = addresses_on(set_stage())
        owner, half = browser(), browser("10.0.0.2")
        give_password(owner, "lin", password_of(city))
        set_up_app(owner)
        give_password(half, "lin", password_of(city))
        hers = sorted(address for address, members in listed.values() if "lin" in members)
        pages = [one for one in hers if (found := route_of(one)) and found.url_name not in NEVER]
        shown = chance.sample(pages, min(tries, len(pages)))
        for address in shown:
            if half.get(address).status_code == 200:
                entered.append(address)
        enters = sum(owner.get(address).status_code == 200 for address in shown)
        transaction.set_rollback(True)
    faults = entered + ([] if enters > len(shown) / 2 else ["her whole sign-in enters nothing either"])
    return Found(len(shown), len(faults), f"half a sign-in: {faults[0]}" if faults else "")


def kept(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Both."""
    parts = (walked(tries, seed, city), halfway(max(8, tries // 10), seed, city))
    return Found(
        sum(one.tried for one in parts),
        sum(one.broken for one in parts),
        "; ".join(one.first for one in parts if one.broken),
    )


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each by itself: idle sessions that live, a sign-out that only looks so, a cookie that outlives a sign-in, a table
    that keeps what cookies hold, a second factor that nobody is asked for."""

    def leaves(request: Any) -> None:
        request.user = AnonymousUser()

    faults = {
        "idle for ever": mock.patch("wellbeing.signin.proof.overdue", return_value=False),
        "signed out by looks": mock.patch("wellbeing.signin.views.logout", leaves),
        "the same cookie": mock.patch("wellbeing.signin.sessions.SessionStore.cycle_key"),
        "secrets in the table": mock.patch("wellbeing.signin.sessions.kept_as", str),
    }
    plants = {}
    for name, fault in faults.items():
        with fault:
            plants[name] = walked(tries, seed, city)
    with mock.patch("wellbeing.signin.proof._required", return_value=False), unasked():
        plants["half a sign-in"] = halfway(8, seed, city)
    return each_caught(plants)


@contextmanager
def unasked() -> Iterator[None]:
    with mock.patch("wellbeing.signin.proof.has_factor", return_value=False):
        yield


PROOF = Proof(
    "WB-6", "cookies that open more, or longer, than they may", kept, planted, 60, 1_500, 60_000, 45, city=True
)
