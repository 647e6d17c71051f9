"""WB-4: no other site can have somebody send a form: every address of the resolver, by every method that changes
something, without a token, with another's, with a page of another site as its origin. The doors that ask for no
session, and so need no token, are listed here and nowhere else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern

from tests.proofs.matrix import World, by_token
from tests.proofs.pages import asked
from tests.proofs.proof import Found, Proof
from tests.rules.test_matrix import EVERYBODY, addresses_on, set_stage
from wellbeing.access.routes import routes
from wellbeing.people.models import User

# Where nobody's session is asked for, so that there is none to ride: each has a proof of its own.
NO_SESSION = {
    "exchange_events": "the exchange's signature",
    "checkpoint": "the witness's token",
    "answer": "the student's own code",
}
HERE, ELSEWHERE = "http://127.0.0.1", "https://else.where"
WAYS: dict[str, dict[str, Any]] = {
    "no token": {},
    "another's token": {"data": {"csrfmiddlewaretoken": "a" * 64}},
    "a short token": {"data": {"csrfmiddlewaretoken": "x"}},
    "another site": {"headers": {"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site"}, "token": True},
    "no site": {"headers": {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, "token": True},
    "a site within": {"headers": {"Origin": "http://else.127.0.0.1", "Sec-Fetch-Site": "same-site"}, "token": True},
    "as JSON": {"content_type": "application/json"},
    "as plain text": {"content_type": "text/plain"},
    "a header of htmx": {"headers": {"HX-Request": "true"}},
}
METHODS = ("post", "put", "patch", "delete")


@dataclass
class Forger:
    """One run over a stage: browsers of people who are signed in, with the tokens of their pages."""

    world: World
    chance: random.Random
    clients: dict[str, Client] = field(default_factory=dict)
    tried: int = 0
    faults: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def client(self, who: str) -> Client:
        if who not in self.clients:
            made = self.clients[who] = Client(
                HTTP_HOST="127.0.0.1", enforce_csrf_checks=True, raise_request_exception=False
            )
            made.force_login(User.objects.get(username=who))
            made.cookies[settings.CSRF_COOKIE_NAME] = "b" * 32
        return self.clients[who]

    def forge(self, route: URLPattern, way: str) -> None:
        """Whoever may do it is led to send it: the answer is 403, and nothing is done."""
        name, given = str(route.name), dict(WAYS[way])
        members = sorted(self.world.listed.get(name, ("", EVERYBODY))[1]) or sorted(EVERYBODY)
        who, method, data = self.chance.choice(members), self.chance.choice(METHODS), dict(given.pop("data", {}))
        if given.pop("token", False):
            data["csrfmiddlewaretoken"] = "b" * 32  # the right one: the origin alone is wrong
        content = "" if "content_type" in given else data
        answer = asked(self.client(who), method, self.world.address(route), content or None, **given)
        self.tried += 1
        self.asked.add(name)
        if answer.status_code != 403:
            self.faults.append(f"{who} {method} {name}, {way}: {answer.status_code}")


def forged(tries: int, seed: int, _city: SimpleNamespace, *, first: bool = False) -> Found:
    """Every address first, then by chance, until so many were sent, or the `first` was taken."""
    every = [route for _address, route in routes() if route.name not in NO_SESSION and not by_token(route)]
    with transaction.atomic():
        stage = set_stage()
        run = Forger(World("listed", stage.case, stage.referral, addresses_on(stage)), random.Random(seed))
        while run.tried < tries and not (first and run.faults):
            for route in run.chance.sample(every, min(len(every), tries - run.tried)):
                if first and run.faults:
                    break
                run.forge(route, run.chance.choice(tuple(WAYS)))
        transaction.set_rollback(True)
    covered = 100 * len(run.asked) // len({route.name for route in every})
    return Found(run.tried, len(run.faults), f"{covered} % of {len(every)} addresses {run.faults[:1] or ''}".strip())


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same where some pages have been let off, as by `csrf_exempt`."""
    with let_off():
        return forged(tries, seed, city, first=True)


@contextmanager
def let_off() -> Iterator[None]:
    exempt = [route.callback for _address, route in routes() if str(route.name).startswith("r")]
    with mock.patch.multiple("django.middleware.csrf.CsrfViewMiddleware", process_view=_letting(exempt)):
        yield


def _letting(exempt: list[Any]) -> Any:
    from django.middleware.csrf import CsrfViewMiddleware

    check = CsrfViewMiddleware.process_view

    def process_view(self: Any, request: Any, view: Any, args: Any, kwargs: Any) -> Any:
        return None if view in exempt else check(self, request, view, args, kwargs)

    return process_view


PROOF = Proof(
    "WB-4", "forms that another site could have somebody send", forged, planted, 250, 3_000, 100_000, 120, city=True
)
