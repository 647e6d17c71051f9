"""Beside the board: what waits for the reader's signature and what stands still, the gravest first, then cut."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases import actions
from cases.beside_board import standing_still, to_sign
from cases.clocks import ClockKind
from cases.models import Case
from cases.telling import How, Told, Whom
from tests.stage import RED, YELLOW, actor, fresh, managed
from wellbeing.access.actor import identity
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
ORANGE = {**YELLOW, "self_harm": "worsening"}


def asked(words: Any) -> str:
    """A case that Chen asks to close, and somebody else signs."""
    case = managed(words)
    actions.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    actions.close_case(actor=actor("chen"), case=fresh(case), reason="graduated", note="初三毕业离校")
    return fresh(case).reference


def paused(words: Any, hours: int) -> str:
    case: Case = managed(words)
    until = now() + timedelta(hours=hours)
    given = {"kind": ClockKind.REASSESS, "why": "weather", "because": "台风停航", "until": until}
    actions.pause_clock(actor=actor("zhou"), case=case, **given)
    return case.reference


def test_a_red_case_to_sign_is_never_cut_off_behind_older_ones(wait: Any) -> None:
    older = []
    for _again in range(2):
        older.append(asked(ORANGE))
        wait(minutes=1)
    red = asked(RED)

    def waits(name: str, *limit: int) -> list[str]:
        who = actor(name)
        with identity(who):
            return [one.case.reference for one in to_sign(who, *limit)]

    assert waits("zhou") == [red, *older] and waits("zhou", 1) == [red] and waits("zhou", 2) == [red, older[0]]
    assert waits("chen") == waits("ye") == [], "her own, and another county's"


def test_of_what_stands_still_the_gravest_is_first_then_what_goes_on_soonest() -> None:
    yellow, later, soon = paused(YELLOW, 1), paused(RED, 5), paused(RED, 2)

    def still(name: str, *limit: int) -> list[str]:
        who = actor(name)
        with identity(who):
            return [one.case.reference for one in standing_still(who, *limit)]

    assert still("zhou") == [soon, later, yellow] and still("zhou", 1) == [soon]
    assert still("ye") == []
