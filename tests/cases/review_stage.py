"""Reviews to set a scene with."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from uuid import UUID

from cases import actions
from cases.drafts import DraftKind
from cases.models import Call, Case, Draft, Restriction, Review
from cases.repeats import caller_index
from tests.stage import RED, actor, call, desk
from wellbeing.access.actor import Actor, identity
from wellbeing.ids import uuid7
from wellbeing.people.models import Role
from wellbeing.workdays import now


def call_of(case: Case) -> Call:
    """The call that opened a case."""
    with identity(Actor.machine("test")):
        return Call.objects.get(case=case)


def strangers(*known: str, first: int = 1_000_000) -> Iterator[str]:
    """Numbers of which no two share a mark this quarter, nor one with a known number or with the red call's:
    0580-1000000, …"""
    used = {caller_index(number, now()) for number in (RED["caller_number"], *known)}
    for tail in count(first):
        number = f"0580-{tail}"
        mark = caller_index(number, now())
        if mark not in used:
            used.add(mark)
            yield number


def begun() -> Review:
    """Su's review of a red call of Gao's."""
    made: Review = actions.begin_review(actor=actor("su"), call_id=call_of(call(by="gao")).pk)
    return made


def harassed(number: str = "", times: int = 2) -> Call:
    """The last of some harassing calls of one number, logged by Gao; without one of the first stranger's."""
    words = {"caller_kind": "other", "call_kind": "harassing", "caller_number": number or next(strangers())}
    return call_of([call(words, by="gao") for _time in range(times)][-1])


def restriction(number: str = "") -> Restriction:
    """Su's restriction of a number; without one of the second stranger's."""
    caller = number or next(islice(strangers(), 1, None))
    made: Restriction = actions.restrict_caller(actor=actor("su"), call_id=harassed(caller).pk, days=7)
    return made


def risen() -> UUID:
    """A draft of Gao's that came up to the city's duty."""
    draft = actions.save_draft(actor=actor("gao"), draft_id=uuid7(), kind=DraftKind.CALL, words={}, base=0)
    with identity(Actor.machine("test")):
        Draft.objects.filter(pk=draft.pk).update(with_desk=desk("city-centre", Role.CITY_DUTY))
    return draft.pk
