"""AZ-6: whoever breaks the glass, judges, reads or asks for the sealed section, in whatever order and at whatever time,
the doors do what the rules say and nothing else (SECURITY.md 3.4).

The model knows who sits where and what was done when. Nobody reads without an opening that runs to the microsecond, of
which two desks she does not sit at were told in the same transaction; nobody judges her own; nobody opens a fourth
within a day, or while one of hers is not judged, or after one was not justified.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db import connection, transaction

from cases import actions
from cases.access import Purpose, reveal
from cases.glass import DAY
from cases.models import BreakGlass, Case, PolicyVersion, SealedAsk, Section
from tests.cases.glass_stage import BECAUSE
from tests.proofs.proof import Found, Proof
from tests.stage import actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role
from wellbeing.workdays import now

PEOPLE = ("lin", "gao", "su", "zhou", "luo", "ye", "he", "shen", "chen", "fang", "sun", "mallory")
EVERYWHERE = {Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR, Role.CITY_DUTY}
MACHINE = Actor.machine("export")
REFUSALS = (Forbidden, Invalid, WrongState)
SPANS = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=5), timedelta(hours=25), timedelta(days=4))
VERDICTS = ("justified", "not", "unclear")
FEW, OLD = 4, timedelta(days=60)


@dataclass
class Walk:
    """Some cases, and every opening there has been."""

    dice: random.Random
    cases: list[Case] = field(default_factory=list)
    born: dict[Any, Any] = field(default_factory=dict)
    granted: dict[Any, set[str]] = field(default_factory=dict)  # who reads without breaking anything
    opened: list[SimpleNamespace] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    later: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.actors = {name: actor(name) for name in PEOPLE}
        with identity(MACHINE):
            policy = PolicyVersion.current().policy()
        self.per_day, self.suspend = policy.glass_per_day, timedelta(hours=policy.glass_suspend_hours)
        self.cases = [self._case() for _ in range(FEW)]

    def _case(self) -> Case:
        case = call(by=self.dice.choice(("lin", "gao")))
        self.born[case.pk] = self._now()
        self.granted[case.pk] = {name for name, who in self.actors.items() if self._may(who, P.FILE_READ, case)}
        return case

    def step(self) -> None:
        """Somebody tries something; what comes of it must be what the model says."""
        number, name = self.dice.randrange(FEW), self.dice.choice(PEOPLE)
        if self._now() - self.born[self.cases[number].pk] > OLD:  # an owner's grant does not last for ever
            self.cases[number] = self._case()
        case = self.cases[number]
        verb = self.dice.choices((self._break, self._judge, self._read, self._seal, self._edge), (4, 3, 6, 2, 1))[0]
        verb(name, case)
        if self.dice.random() < 0.25:
            self.later += self.dice.choice(SPANS)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('app.clock_offset', %s, false)", [f"{self.later.total_seconds()} seconds"]
                )

    def _now(self) -> Any:
        with identity(MACHINE):
            return now()

    def _may(self, who: Actor, permission: P, case: Case | None = None) -> bool:
        with identity(who):
            return may(who, permission, case)

    def _running(self, name: str, case: Case, at: Any) -> list[SimpleNamespace]:
        return [one for one in self.opened if one.by == name and one.case == case.pk and one.until > at]

    def _break(self, name: str, case: Case) -> None:
        who, at = self.actors[name], self._now()
        mine = [one for one in self.opened if one.by == name]
        reach = bool(who.roles & EVERYWHERE) or case.division_id in {
            post.division for post in who.posts if post.role == Role.COUNTY_TRIAGE
        }
        rests = (
            sum(one.at > at - DAY for one in mine) >= self.per_day
            or any(not one.judged and one.at <= at - self.suspend for one in mine)
            or any(one.judged == "not" and one.at > at - DAY for one in mine)
        )
        shut = name in self.granted[case.pk] or self._running(name, case, at) or rests
        expected = self._may(who, P.GLASS_BREAK) and reach and not shut
        if self._tried(f"{name} breaks", bool(expected), lambda: actions.break_glass(
            actor=who, reference=case.reference, why="danger", because=BECAUSE
        )):  # fmt: skip
            with identity(MACHINE):
                row = BreakGlass.objects.filter(case_id=case.pk, by_id=who.id).latest("at")
            self.opened.append(SimpleNamespace(
                pk=row.pk, by=name, case=case.pk, at=row.at, until=row.until, judged="", told={row.first_desk_id,
                row.second_desk_id}, seconds=set(), sealed=None,
            ))  # fmt: skip

    def _judge(self, name: str, case: Case) -> None:
        here = [one for one in self.opened if one.case == case.pk]
        if not here:
            return
        glass = self.dice.choice([one for one in here if not one.judged] or here)
        name, verdict = self._sitting(glass, name), self.dice.choice(VERDICTS)
        who = self.actors[name]
        told = bool(glass.told & set(who.desks)) and self._may(who, P.GLASS_REVIEW)
        expected = told and not glass.judged and name != glass.by and name not in glass.seconds
        if self._tried(f"{name} judges", expected, lambda: actions.review_glass(
            actor=who, glass_id=glass.pk, verdict=verdict
        )):  # fmt: skip
            glass.judged = verdict
            if verdict == "not":
                glass.until = min(glass.until, self._now())

    def _sitting(self, glass: SimpleNamespace, name: str) -> str:
        """Mostly somebody of the desks that were told, so that something happens."""
        there = [one for one in PEOPLE if glass.told & set(self.actors[one].desks)]
        return self.dice.choice(there) if self.dice.random() < 0.7 else name

    def _read(self, name: str, case: Case) -> None:
        self._look(name, case, self._now())

    def _look(self, name: str, case: Case, at: Any) -> None:
        """Whether she reads now; and if only because of an opening, who had been told of it."""
        who, mine = self.actors[name], self._running(name, case, at)
        found: list[Any] = []
        expected = name in self.granted[case.pk] or bool(mine)

        def read() -> None:
            with identity(who):
                found.append(reveal(who, case, {Section.NARRATIVE, Section.SEALED}, Purpose.of(who)))

        if not self._tried(f"{name} reads", expected, read) or name in self.granted[case.pk]:
            return
        with identity(MACHINE):
            told = set(Notice.objects.filter(kind="glass_broken", dedupe_key__startswith=f"glass:{mine[-1].pk}:")
                       .values_list("desk_id", flat=True))  # fmt: skip
        if told != mine[-1].told or len(told) != 2 or told & set(who.desks):
            self.faults.append(f"{name} read, and {len(told)} desks were told")
        live = [one for one in mine if one.sealed and one.sealed > at]
        if Section.SEALED in found[0].sections and not live:
            self.faults.append(f"{name} opened the sealed section alone")

    def _seal(self, name: str, case: Case) -> None:
        """The opener asks, and anybody tries to be the second person."""
        running = [one for one in self.opened if one.case == case.pk and one.until > self._now()]
        if not running:
            return
        glass = self.dice.choice(running)
        with identity(self.actors[glass.by]):
            waiting = SealedAsk.objects.filter(glass_id=glass.pk, confirmed_at=None, refused_at=None).first()
        try:
            waiting = waiting or actions.ask_sealed(actor=self.actors[glass.by], glass_id=glass.pk, why="danger")
        except REFUSALS:
            return
        name = self._sitting(glass, name)
        who, verb = self.actors[name], self.dice.choice((actions.confirm_sealed, actions.refuse_sealed))
        try:
            verb(actor=who, ask_id=waiting.pk)
        except REFUSALS:
            return
        if name == glass.by or not glass.told & set(who.desks):
            self.faults.append(f"{name} was the second person")
        if verb is actions.confirm_sealed:
            glass.seconds.add(name)
            with identity(self.actors[glass.by]):
                glass.sealed = SealedAsk.objects.get(pk=waiting.pk).until
            self.done["sealed section opened"] += 1

    def _edge(self, _name: str, _case: Case) -> None:
        """At the very moment when an opening ends, and a microsecond before it."""
        with identity(MACHINE):
            cases = {case.pk: case for case in self.cases}
        running = [one for one in self.opened if one.until > self._now() and one.case in cases]
        if not running:
            return
        glass = max(running, key=lambda one: one.until)
        for early in (timedelta(0), timedelta(microseconds=1)):
            with transaction.atomic(), connection.cursor() as cursor:
                at = glass.until - early
                cursor.execute("SELECT set_config('app.clock_offset', (%s - now())::text, true)", [at])
                self._look(glass.by, cases[glass.case], at)
                transaction.set_rollback(True)
        self.done["edges"] += 1

    def _tried(self, told: str, expected: bool, run: Any) -> bool:
        try:
            run()
        except REFUSALS as refused:
            if expected:
                self.faults.append(f"{told}: refused ({type(refused).__name__}), and the rules allow it")
            return False
        if not expected:
            self.faults.append(f"{told}: done, and the rules forbid it")
        self.done[told.split()[1]] += 1
        return True


def walked(tries: int, seed: int, _city: SimpleNamespace, *, first: bool = False) -> Found:
    """So many random steps, or until the `first` fault; a walk in which nothing happens proves nothing."""
    walk = Walk(random.Random(seed))
    try:
        for _ in range(tries):
            walk.step()
            if first and walk.faults:
                break
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.clock_offset', '', false)")
    wanted = ("breaks", "judges", "reads", "edges") + (("sealed section opened",) if tries >= 1_000 else ())
    still = [f"nobody ever: {verb}" for verb in wanted if not walk.done[verb] and not first]
    faults = walk.faults + still
    return Found(tries, len(faults), faults[0] if faults else "")


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same where the right never rests."""
    with mock.patch("cases.actions.break_glass.rests", return_value=""):
        return walked(tries, seed, city, first=True)


PROOF = Proof(
    "AZ-6", "steps around broken glass beside its rules", walked, planted, 250, 2_500, 100_000, 400, city=True
)
