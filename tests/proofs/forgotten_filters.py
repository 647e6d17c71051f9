"""AZ-4: whichever filter of a door is forgotten, the database's wall shows no row that its asker was not granted.

Every door of doors.py is asked by those of the cast who find nothing there, with one of its filters taken away: one call
of `filter` at a time, the asker's own desks (she says she sits at every desk), the evaluator (everything is allowed).
Whatever walled row or word then comes back, or any number but 0, is a leak. One filter at a time; the doors to a case
that nobody granted (a closed one, one behind glass) are asked by who is within reach too: tests/rules/test_walls.py.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, is_dataclass, replace
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db import models, transaction
from django.db.models import QuerySet

from tests.proofs.city import unwalled
from tests.proofs.doors import BY_POST, DOORS, NOT_ASKED, Ask, functions
from tests.proofs.dressing import dressed
from tests.proofs.proof import Found, Proof
from tests.rules.test_walls import KNOWN, OUTSIDE
from tests.stage import actor
from wellbeing.access.actor import Actor, PostInfo, identity
from wellbeing.access.policy import may
from wellbeing.demo.city import CAST
from wellbeing.people.models import Desk

NOBODYS = ("ye", "wu", "gao", "shen", "sun", "mallory", "he", "tao", "ding", "fang", "jian")


def tried(tries: int, seed: int, city: SimpleNamespace, doors: tuple[str, ...] = tuple(DOORS)) -> Found:
    """So many doors asked with one filter less each; every pair of door and missing filter comes before any comes twice."""
    stage, people, nobodys, wrong = _looked(city)
    if wrong:
        return Found(1, len(wrong), "; ".join(wrong))
    forged = {name: _everywhere(people[name]) for name in NOBODYS}
    rng, removed, broken, first = random.Random(seed), 0, 0, ""
    pairs: list[tuple[str, str, int | None]] = []
    for _ in range(tries):
        if not pairs:
            pairs = [
                (rng.choice(nobodys[name]), name, nth)
                for name in doors
                for nth in (*range(5), *(() if name in BY_POST else (None,)))
            ]
            rng.shuffle(pairs)
        who, door, nth = pairs.pop()
        says = forged[who] if nth is None else people[who]
        leaked, gone = _asked(DOORS[door][1], people[who], says, stage, nth)
        removed += gone  # a list with three filters has no fifth one to forget
        if leaked:
            broken += 1
            first = first or f"{door}, asked by {who}, without filter {nth}"
    return Found(removed, broken, first)


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same where one table has no wall."""
    with unwalled(city, "cases_case"):
        return tried(tries, seed, city, ("cases.access.visible_cases", "cases.access.open_case"))


def _looked(city: SimpleNamespace) -> tuple[SimpleNamespace, dict[str, Actor], dict[str, list[str]], list[str]]:
    """The stage, the cast, who finds nothing at any door of a door's part of the house, and what is wrong before anything was taken
    away: a door that nobody listed, or one at which its holder finds nothing."""
    if not hasattr(city, "looked"):
        stage, people = dressed(city), {member.username: actor(member.username) for member in CAST}
        wrong = sorted(functions() ^ {name for name in (*DOORS, *sum(NOT_ASKED.values(), ())) if "access." in name})
        finds: dict[str, set[str]] = {}
        for name, (holder, ask) in DOORS.items():
            found = {who for who in {holder, *NOBODYS} - {""} if _found(ask, people[who], people[who], stage)}
            wrong += [f"{holder} finds nothing at {name}"] if holder and holder not in found else []
            finds.setdefault(_part(name), set()).update(found)
        nobodys = {name: [who for who in NOBODYS if who not in finds[_part(name)]] for name in DOORS}
        city.looked = stage, people, nobodys, wrong
    return city.looked  # type: ignore[no-any-return]


def _part(door: str) -> str:
    """The part of the house that a door belongs to: `cases`, `wellbeing.api`."""
    words = door.split(".")
    return ".".join(words[: 2 if words[0] == "wellbeing" else 1])


def _everywhere(who: Actor) -> Actor:
    """The same person, who says that she sits at every desk: what a list does whose filter by desk is forgotten."""
    rows = Desk.objects.select_related("organisation")
    posts = (PostInfo(0, d.role, d.pk, d.organisation_id, d.organisation.division_id) for d in rows)
    return replace(who, posts=tuple(posts))


def _found(ask: Ask, true: Actor, says: Actor, stage: Any) -> bool:
    """Whether anything comes back; nothing of the asking stays. The database knows who really asks."""
    try:
        with transaction.atomic():
            with identity(true):
                found = any(_foreign(ask(says, stage)))
            transaction.set_rollback(True)
        return found
    except Exception:  # a door that refuses, or stumbles over what it did not expect, shows nothing
        return False


def _asked(ask: Ask, true: Actor, says: Actor, stage: Any, nth: int | None) -> tuple[bool, bool]:
    """Whether anything foreign came back, and whether a filter was there to take away."""
    gone: list[int] = []
    with _everything_allowed(), _without(nth, gone):
        found = _found(ask, true, says, stage)
    return found, nth is None or bool(gone)


@contextmanager
def _everything_allowed() -> Iterator[None]:
    with ExitStack() as stack:
        for place in [one for one in sys.modules.values() if vars(one).get("may") is may]:
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
        yield found._meta.db_table not in OUTSIDE | KNOWN
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
    "doors with a filter less that show what is not granted",
    tried,
    planted,
    140,
    3_000,
    500_000,
    24,
    city=True,
)
