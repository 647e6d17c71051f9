"""AN-2: a caller's number is read by whoever asked for it, once, within minutes of somebody else's yes, and by nobody
once its hours are over.

A walk of random people who ask, confirm and read, at the page's action and at the bare door; then the hours end. Who tries
at last holds a dump of every row from before, the root key, and the keys as they are now.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import psycopg
from django.db import transaction

from cases import actions
from cases.caller_access import open_number
from cases.models import CallerAsk, CallerNumber, Case, PolicyVersion
from cases.outlived import end_numbers
from cases.second_person import MINUTES
from tests.exchange.stage import rang
from tests.proofs.city import Clock, clock, unwalled
from tests.proofs.erased import Kept, backup_of, opened, wrapped_keys
from tests.proofs.proof import Found
from tests.stage import actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.vault.envelope import Place
from wellbeing.workdays import now

PEOPLE = ("lin", "gao", "su", "he", "zhou", "chen", "shen", "an", "jian", "mallory")
REFUSALS = (Forbidden, Invalid, WrongState)
TICKER = Actor.machine("ticker")
LAST, ENOUGH = "13900000000", 300
NUMBERS = {"cases.callernumber", "exchange.ring"}
WAITS = ({"seconds": 1}, {"minutes": 2}, {"minutes": MINUTES, "seconds": 1}, {"hours": 25})


@dataclass
class Walk:
    """Calls with their numbers, who asked for them and who said yes."""

    dice: random.Random
    time: Clock
    hours: int
    cases: dict[str, Case] = field(default_factory=dict)  # by number
    logged: dict[str, datetime] = field(default_factory=dict)
    asks: list[SimpleNamespace] = field(default_factory=list)
    readings: int = 0
    faults: list[str] = field(default_factory=list)

    def step(self) -> None:
        verb, usual = self.dice.choice(((self._ask, "lin"), (self._answer, "he"), (self._read, ""), (self._knock, "")))
        if not self.cases or self.dice.random() < 0.1:
            number = f"139{self.dice.randrange(10**8):08}"
            self.cases[number], self.logged[number] = call({"caller_kind": "self", "caller_number": number}), _now()
        verb(usual if usual and self.dice.random() < 0.6 else self.dice.choice(PEOPLE))
        if self.dice.random() < 0.2:
            self.time.wait(**self.dice.choice(WAITS))
            end_numbers()

    def _ask(self, who: str) -> None:
        number = self.dice.choice(list(self.cases)[-2:])
        made = _tried(lambda: actions.ask_caller(actor=actor(who), case=self.cases[number], why="rescue"))
        if made is not None:
            self.asks.append(SimpleNamespace(pk=made.pk, by=who, number=number, said=None, read=False))

    def _answer(self, who: str) -> None:
        for ask in self.asks[-1:]:
            if _tried(lambda: actions.confirm_caller(actor=actor(who), ask_id=ask.pk)) is not None:  # noqa: B023
                ask.said = _now()
                if who == ask.by:
                    self.faults.append("confirmed by who asked")

    def _read(self, who: str) -> None:
        for ask in self.asks[-2:]:
            by = ask.by if self.dice.random() < 0.6 else who
            told = _tried(lambda: actions.read_caller(actor=actor(by), ask_id=ask.pk))  # noqa: B023
            self._judge(ask.number, by, told, [ask])
            if told is not None:
                ask.read = True
                self.readings += 1

    def _knock(self, who: str) -> None:
        """At the door behind the action, where only the database stands in the way."""
        for ask in self.asks[-2:]:
            by = self.dice.choice((ask.by, who))
            with identity(actor(by)), transaction.atomic():
                row = CallerAsk.objects.filter(pk=ask.pk).first()
                told = row and _tried(lambda: open_number(row))  # noqa: B023
            self._judge(ask.number, by, told, self.asks)  # any of hers opens it

    def _judge(self, number: str, by: str, told: Any, asks: list[SimpleNamespace]) -> None:
        """What somebody was told must be that number, for one of these askings."""
        if told is None:
            return
        at = _now()
        hers = [ask for ask in asks if ask.by == by and ask.number == number and ask.said and not ask.read]
        wrong = {
            "another number": told != number,
            "without a yes that is fresh": not any(at - ask.said <= timedelta(minutes=MINUTES) for ask in hers),
            "after its hours": at - self.logged[number] > timedelta(hours=self.hours),
        }
        self.faults += [f"{by} read {name}" for name, is_so in wrong.items() if is_so]


def read(steps: int, seed: int, city: SimpleNamespace) -> Found:
    """So many steps, one reading as it should be, then the end of the hours. A long walk in which nobody ever reads proves
    nothing."""
    with clock() as time, psycopg.connect(city.superuser_url, autocommit=True) as admin:
        with identity(TICKER):
            hours = PolicyVersion.current().policy().number_hours
        walk = Walk(random.Random(seed), time, hours)
        earlier = {one.place for one in backup_of(admin)}
        for _step in range(steps):
            walk.step()
        time.wait(hours=25)  # whoever owes a yes of the walk owes it no more
        rang("late")
        last = call({"caller_kind": "self", "caller_number": LAST})
        backup, before = _numbers(admin, earlier), wrapped_keys(admin)
        unread = len(backup) - opened(backup, before)
        ask = actions.ask_caller(actor=actor("lin"), case=last, why="rescue")
        actions.confirm_caller(actor=actor("he"), ask_id=ask.pk)
        told = actions.read_caller(actor=actor("lin"), ask_id=ask.pk)
        time.wait(hours=hours - 1)
        end_numbers()
        with identity(TICKER):
            early = not CallerNumber.objects.filter(case=last, sealed__isnull=False).exists()
        time.wait(hours=1, seconds=1)
        end_numbers()
        left = opened(backup, wrapped_keys(admin))
        blank = len(_numbers(admin, earlier))
    ends = {"were unreadable before": unread, "destroyed too early": early, "open after their hours": left, "stand still": blank, "not what was typed": told != LAST, "nobody ever read": steps > ENOUGH and not walk.readings}  # fmt: skip
    faults = walk.faults + [name for name, count in ends.items() if count]
    return Found(len(backup), len(faults), "; ".join(dict.fromkeys(faults)))


@contextmanager
def a_key_left_behind() -> Iterator[None]:
    """A planted fault: a number's row is blanked and its key stays."""
    with mock.patch("cases.actions.forget_callers.end_keys"):
        yield


@contextmanager
def a_yes_for_ever(city: SimpleNamespace) -> Iterator[None]:
    """A planted fault: neither the action nor the wall asks how long ago the yes was said."""
    with unwalled(city, "vault.vault_datakey"), mock.patch("cases.actions.read_caller.fresh", return_value=True):
        yield


def _numbers(admin: psycopg.Connection[Any], earlier: set[Place]) -> list[Kept]:
    """The numbers that stand sealed, but for those of places that there were before."""
    return [one for one in backup_of(admin) if one.place.model in NUMBERS and one.place not in earlier]


def _tried(run: Any) -> Any:
    try:
        with transaction.atomic():
            return run()
    except REFUSALS:
        return None


def _now() -> datetime:
    with identity(TICKER):
        return now()
