"""AZ-4: whichever filter of a list is forgotten, the database's wall shows no row that its asker was not granted.

A list or a door is asked by somebody who holds nothing, with one of its filters taken away: one call of `filter` at a
time, the asker's own desks (she says she sits at every desk), the evaluator (everything is allowed). Whatever row of a
case or a referral then comes back, or any number but 0, is a leak. One filter at a time; the doors to a case that
nobody granted (a closed one, one behind glass) are asked by who is within reach too: tests/rules/test_walls.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, is_dataclass, replace
from types import SimpleNamespace
from typing import Any
from unittest import mock

import psycopg
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import models
from django.db.models import QuerySet

from cases import access as doors
from cases import (
    call_backs,
    caller_access,
    covering,
    glass_access,
    name_access,
    queues,
    search,
    shift,
    steps,
    waiting_access,
)
from referrals import access as referral_doors
from referrals import queues as referral_queues
from tests.proofs.proof import Found, Proof
from tests.rules.test_walls import KNOWN, OUTSIDE
from tests.stage import actor, scene
from wellbeing.access.actor import Actor, PostInfo, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.people.models import Desk

NOBODYS = ("ye", "wu", "gao", "shen", "sun", "mallory", "he", "tao")  # none of them holds the scene's case
ASKS = (doors, referral_doors, caller_access, glass_access, queues, shift, waiting_access, name_access)  # the evaluator
Ask = Callable[[Actor, Any], Any]
LISTS: dict[str, Ask] = {
    "visible_cases": lambda who, stage: doors.visible_cases(who),
    "open_case": lambda who, stage: doors.open_case(who, stage.case.reference),
    "worklist": lambda who, stage: queues.worklist(who),
    "scope": lambda who, stage: queues.scope(who, 25),
    "board": lambda who, stage: queues.board(who),
    "board.counts": lambda who, stage: queues.counts(who),
    "stubs": lambda who, stage: queues.stubs(who),
    "search": lambda who, stage: search.find(who, stage.case.reference),
    "next_steps": lambda who, stage: steps.next_steps(who),
    "steps.counts": lambda who, stage: steps.counts(who),
    "steps.waiting": lambda who, stage: steps.waiting(who),
    "call_backs": lambda who, stage: call_backs.call_backs(who),
    "caller asks": lambda who, stage: caller_access.asks(who),
    "openings": lambda who, stage: glass_access.openings(who),
    "handovers": lambda who, stage: covering.handovers(who),
    "open_danger": lambda who, stage: shift.open_danger(who),
    "waiting_flags": lambda who, stage: waiting_access.waiting_flags(who),
    "visible_referrals": lambda who, stage: referral_doors.visible_referrals(who),
    "open_referral": lambda who, stage: referral_doors.open_referral(who, stage.referral.reference),
    "readable_packets": lambda who, stage: referral_doors.readable_packets(who, stage.referral),
    "inbox": lambda who, stage: referral_queues.inbox(who),
    "queue": lambda who, stage: referral_queues.queue(who),
}


def tried(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """So many lists asked with one filter less each; every pair of list and missing filter comes before any comes twice."""
    stage = scene()
    askers = {name: (actor(name), _everywhere(actor(name))) for name in NOBODYS}
    assert _asked(LISTS["visible_cases"], actor("zhou"), actor("zhou"), stage, None)[0]  # who holds it finds it
    rng, removed, broken, first = random.Random(seed), 0, 0, ""
    pairs: list[tuple[str, str, int | None]] = []
    for _ in range(tries):
        if not pairs:
            pairs = [(rng.choice(NOBODYS), name, nth) for name in LISTS for nth in (*range(5), None)]
            rng.shuffle(pairs)
        name, which, nth = pairs.pop()
        true, forged = askers[name]
        leaked, gone = _asked(LISTS[which], true, forged if nth is None else true, stage, nth)
        removed += gone  # a list with three filters has no fifth one to forget
        if leaked:
            broken += 1
            first = first or f"{which}, asked by {name}, without filter {nth}"
    return Found(removed, broken, first)


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same where one table has no wall."""
    with psycopg.connect(city.superuser_url, autocommit=True) as admin:
        admin.execute("ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY")
        try:
            return tried(tries, seed, city)
        finally:
            admin.execute("ALTER TABLE cases_case ENABLE ROW LEVEL SECURITY")


def _everywhere(who: Actor) -> Actor:
    """The same person, who says that she sits at every desk: what a list does whose filter by desk is forgotten."""
    rows = Desk.objects.select_related("organisation")
    posts = (PostInfo(0, d.role, d.pk, d.organisation_id, d.organisation.division_id) for d in rows)
    return replace(who, posts=tuple(posts))


def _asked(ask: Ask, true: Actor, says: Actor, stage: Any, nth: int | None) -> tuple[bool, bool]:
    """Whether anything foreign came back, and whether a filter was there to take away. The database knows who really
    asks."""
    gone: list[int] = []
    try:
        with _everything_allowed(), identity(true), _without(nth, gone):
            return any(_foreign(ask(says, stage))), nth is None or bool(gone)
    except (Forbidden, Invalid, WrongState, ObjectDoesNotExist, MultipleObjectsReturned):
        return False, nth is None or bool(gone)


@contextmanager
def _everything_allowed() -> Iterator[None]:
    with ExitStack() as stack:
        for place in ASKS:
            stack.enter_context(mock.patch.object(place, "may", return_value=True))
        yield


@contextmanager
def _without(nth: int | None, gone: list[int]) -> Iterator[None]:
    """Every filter but the nth, which is noted as `gone`; all of them for None."""
    seen, kept = 0, QuerySet._filter_or_exclude

    def counted(rows: Any, negate: bool, args: Any, kwargs: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen - 1 != nth:
            return kept(rows, negate, args, kwargs)
        gone.append(nth)
        return rows._chain()

    with mock.patch.object(QuerySet, "_filter_or_exclude", counted):
        yield


def _foreign(found: Any) -> Iterator[bool]:
    """Whether anything in an answer tells of a case or a referral."""
    if isinstance(found, models.Model):
        yield found._meta.app_label in ("cases", "referrals") and found._meta.db_table not in OUTSIDE | KNOWN
    elif isinstance(found, QuerySet):
        yield from _foreign(list(found[:25]))
    elif isinstance(found, dict):
        yield from _foreign(list(found.values()))
    elif is_dataclass(found) and not isinstance(found, type):
        yield from _foreign([getattr(found, one.name) for one in fields(found)])
    elif isinstance(found, list | tuple | set | frozenset):
        for one in found:
            yield from _foreign(one)
    else:
        yield found not in (None, 0, "", False)


PROOF = Proof(
    "AZ-4",
    "lists with a filter less that show what is not granted",
    tried,
    planted,
    140,
    20_000,
    500_000,
    140,
    city=True,
)
