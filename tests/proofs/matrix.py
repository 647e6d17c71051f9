"""AZ-1: whoever asks for whatever address by whatever method, in whatever state and relation: the table decides.

Every address of the resolver is asked. What must come back is written down twice, and never read off the code that
answers: on the stage of tests/rules/test_matrix.py it stands in that file, route by route; in every other state of a
case, with grants given, ended and run out at random, it follows from the permission that the route declares, the line
of `access.rights.RIGHTS` for it and the grants that stand in the database (the sentence of DESIGN.md 3, as
tests/access/worlds.py reads it).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import UUID

from django.db import transaction
from django.urls import URLPattern, reverse

from cases import actions as cases
from cases.models import Case
from referrals.models import Referral
from tests.access.worlds import Row, rule
from tests.cases.glass_stage import opened
from tests.cases.leave_stage import on_leave, take, weighed
from tests.proofs.pages import Browsers, asked
from tests.proofs.proof import Found, Proof
from tests.rules.test_matrix import CASE_PAGES, OPEN, REFERRAL_PAGES, addresses_on, set_stage
from tests.stage import RED, YELLOW, acknowledged, actor, call, desk, fresh, managed, referred, scene
from wellbeing.access import proof
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import grant, revoke, tables
from wellbeing.access.models import Hold, Origin
from wellbeing.access.rights import RIGHTS
from wellbeing.access.routes import routes
from wellbeing.demo.city import CAST
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

MACHINE = Actor.machine("test")
METHODS = ("get", "post", "head", "put", "patch", "delete", "options")
STRANGER = ""  # somebody who has not signed in
EVERYBODY = (*(member.username for member in CAST), STRANGER)
HOLDERS = ("gao", "su", "wu", "ye", "he", "mallory", "fang", "chen", "qiu", "lin", "zhou", "shen", "tao")
DESKS = (
    ("bailang", Role.SCHOOL_COUNSELLOR),
    ("putuo-centre", Role.COUNTY_TRIAGE),
    ("hotline", Role.HOTLINE_SUPERVISOR),
)
SAMPLES = {"uuid": UUID(int=7), "int": 2026, "slug": "call", "str": "x", "path": "x/y"}
ANY = {"code": "letter", "kind": "call", "form": "csv"}


@dataclass
class World:
    """One state of a case and its referral; `listed` is the hand-written answer for what stands on the stage."""

    state: str
    case: Case
    referral: Referral | None = None
    listed: dict[str, tuple[str, Any]] = field(default_factory=dict)
    rows: dict[type, list[Row]] = field(default_factory=dict)
    posts: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def look(self) -> World:
        """Read posts and grants as they stand, by a second reading that shares no code with the evaluator."""
        at = now()
        for user in User.objects.all():
            running = user.posts.filter(starts_on__lte=at.date()).exclude(ends_on__lt=at.date())
            self.posts[user.username] = list(running.values_list("desk_id", "desk__role"))
            self.numbers[user.username] = user.pk
        with identity(MACHINE):
            for target in filter(None, (self.case, self.referral)):
                self.rows[type(target)] = [
                    Row(target.pk, getattr(row, "user_id", None), getattr(row, "group_id", None), codename, row.expires_at > at, row.origin)
                    for table in tables(type(target))
                    for row in table.objects.filter(content_object_id=target.pk).select_related("permission")
                    for codename in [row.permission.codename]
                ]  # fmt: skip
        return self

    def entitled(self, who: str, route: URLPattern) -> bool:
        """Whether the table lets somebody in: a post of the right role, and a live grant where one is asked for."""
        right = RIGHTS[route.callback.permission]  # type: ignore[attr-defined]
        if right.signed_in:
            return True
        seats = [role for _desk, role in self.posts[who] if role in right.roles]
        target = self.target(route)
        if right.hold is None or target is None:
            return bool(seats)
        return rule(route.callback.permission, target, self.numbers[who], self.posts[who], self.rows[type(target)])  # type: ignore[attr-defined]

    def target(self, route: URLPattern) -> Case | Referral | None:
        """The object that a route's address names, if its permission asks for a grant on one."""
        if route.name in CASE_PAGES:
            return self.case
        return self.referral if route.name in REFERRAL_PAGES else None

    def address(self, route: URLPattern) -> str:
        """An address of the route in this world; what no scene has set stands under an id that is nobody's."""
        if route.name in self.listed:
            return self.listed[route.name][0]
        target, given = self.target(route), dict(route.default_args)
        for name, converter in route.pattern.converters.items():
            if name not in given:
                kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
                given[name] = ANY.get(name, SAMPLES[kind])
        given = {name: given[name] for name in route.pattern.converters}
        if "reference" in given:
            given["reference"] = target.reference if target else "ZS-2222-2222"
        return reverse(str(route.name), kwargs=given)


def by_token(route: URLPattern) -> bool:
    """Whether an address takes a token and no session; tests/rules/test_matrix.py asks it for every program."""
    return getattr(route.callback, "proof", None) is proof.Proof.TOKEN


def worlds() -> Iterator[Callable[[], World]]:
    """Every state to ask in; each is set when its turn comes."""

    def stage() -> World:
        found = set_stage()
        return World("listed", found.case, found.referral, addresses_on(found))

    def at_school() -> Case:
        return managed(YELLOW)

    def ended() -> Case:
        case = managed(YELLOW)
        cases.close_case(actor=actor("zhou"), case=case, reason="improved")
        return fresh(case)

    def broken() -> Case:
        opened(case := call(by="gao"))
        return case

    def sent() -> World:
        found = scene()
        return World("sent", found.case, found.referral)

    def submitted() -> World:
        from referrals import actions as referrals

        case = managed(RED)
        made = referrals.submit_referral(actor=actor("chen"), case=case, words={"summary": "x", "question": "x"})
        return World("submitted", case, made)

    def received() -> World:
        from referrals import actions as referrals

        made = referred()
        referrals.receive(actor=actor("fang"), referral=made)
        return World("received", fresh(made.case), fresh(made))

    def gone() -> World:
        from referrals import actions as referrals

        made = referred()
        referrals.withdraw(actor=actor("zhou"), referral=made)
        return World("withdrawn", fresh(made.case), fresh(made))

    def back() -> Case:
        case = weighed()
        take(case, "pass")
        return case

    yield stage
    makers = (call, acknowledged, at_school, on_leave, back, ended, broken)
    yield from (lambda make=make: World(make.__name__, make()) for make in makers)  # type: ignore[misc]
    yield from (sent, submitted, received, gone)


def disturb(chance: random.Random, world: World) -> None:
    """Grants of every hold to persons and desks, some over; one holder loses hers, and somebody a post."""
    at = now()
    for target in filter(None, (world.case, world.referral)):
        people = [User.objects.get(username=name) for name in chance.sample(HOLDERS, 6)]
        desks = [desk(code, role) for code, role in chance.sample(DESKS, 1)]
        with identity(MACHINE):
            if chance.random() < 0.3:
                revoke(target, holder=desk("hotline", Role.HOTLINE_COUNSELLOR))
            for to in (*people, *desks):
                holds = list(Hold)[: chance.choice((1, 1, 2, 3))]
                until = at + timedelta(hours=1) if chance.random() < 0.8 else at - timedelta(seconds=1)
                grant(target, to=to, origin=Origin.GIVEN, expires_at=until, by=MACHINE, holds=holds, at=at)
    with identity(MACHINE):
        ending = User.objects.get(username=chance.choice(HOLDERS))
        ending.posts.update(ends_on=at.date() - timedelta(days=chance.choice((1, 0))))


@dataclass
class Asking:
    """The whole of one run."""

    chance: random.Random
    tried: int = 0
    faults: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    browsers: Browsers = field(default_factory=Browsers)

    def ask(self, world: World, route: URLPattern, who: str, method: str) -> None:
        name, address = str(route.name), world.address(route)
        answer = asked(self.browsers.of(who), method, address)
        self.tried += 1
        self.asked.add(name)
        fault = self.fault(world, route, who, method, answer)
        if fault:
            led = f" to {answer['Location']}" if "Location" in answer else ""
            self.faults.append(
                f"{world.state} {who or 'a stranger'} {method} {name}: {answer.status_code}{led}, {fault}"
            )

    def fault(self, world: World, route: URLPattern, who: str, method: str, answer: Any) -> str:
        name, status = str(route.name), answer.status_code
        if status >= 500 and status != 503:
            return "broken"
        if name in OPEN or status == 405:  # no such method, for anybody
            return ""
        if by_token(route):
            return "" if status == 401 else "in without a token"
        if who == STRANGER:
            return "" if status in (302, 403) and answer.get("Location", "/sign-in/") == "/sign-in/" else "let in"
        if name in world.listed:
            return "" if (status != 404) == (who in world.listed[name][1]) else "not as listed"
        if world.entitled(who, route):
            return ""  # what a state or a desk asks for besides is the listed stage's to say
        return "" if status == 404 else "not by the table"


def tried(
    tries: int, seed: int, _city: SimpleNamespace, *, only: frozenset[str] = frozenset(), first: bool = False
) -> Found:
    """So many requests, every address among them, over all states; the stage that is written down comes first. Or until
    the `first` fault."""
    run, every = Asking(random.Random(seed)), [route for _address, route in routes()]
    wanted = [route for route in every if not only or route.name in only]
    states = list(worlds())
    share = max(1, tries // len(states))
    if share < len(wanted):  # not often enough for all states: the listed one, and some of the others
        states = states[:1] + run.chance.sample(states[1:], 2)
        share = max(1, (tries - len(wanted)) // 2)
    for number, make in enumerate(states):
        if first and run.faults:
            break
        with transaction.atomic():
            run.browsers = Browsers()  # the sessions of the last state have gone with it
            world = make()
            if number:
                disturb(run.chance, world)
            _round(run, world.look(), wanted, len(wanted) if share < len(wanted) and not number else share, first)
            transaction.set_rollback(True)
    missing = [] if first else sorted({str(route.name) for route in wanted} - run.asked)
    run.faults += [f"never asked: {name}" for name in missing]
    covered = 100 * len(run.asked) // len({route.name for route in wanted})
    return Found(run.tried, len(run.faults), f"{covered} % of {len(wanted)} addresses {run.faults[:1] or ''}".rstrip())


def _round(run: Asking, world: World, wanted: list[URLPattern], times: int, first: bool) -> None:
    """Every address as often as it takes; with whom and how by chance, mostly as a browser would."""
    deck: list[URLPattern] = []
    for _time in range(times):
        if first and run.faults:
            return
        if not deck:
            deck = run.chance.sample(wanted, len(wanted))
        method = run.chance.choice(METHODS) if run.chance.random() < 0.2 else run.chance.choice(METHODS[:2])
        run.ask(world, deck.pop(), run.chance.choice(EVERYBODY), method)


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same where the door to a case forgets the permission and only looks whether the case can be seen."""
    with forgetful():
        asked_for = frozenset({"case", "case_file", "assess_risk", "raise_tier", "attach"})
        return tried(tries, seed, city, only=asked_for, first=True)


@contextmanager
def forgetful() -> Iterator[None]:
    with mock.patch("cases.access.may", return_value=True):
        yield


PROOF = Proof(
    "AZ-1", "answers that the table of rights does not give", tried, planted, 330, 3_000, 120_000, 60, city=True
)
