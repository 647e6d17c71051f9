"""What the tests of a school's desk set up: a concern, and the words of a file."""

from __future__ import annotations

from typing import Any

from cases import actions
from cases.access import Purpose, reveal
from cases.concern import Sign
from cases.models import Case
from tests.stage import actor, fresh
from wellbeing.access.actor import Actor, identity


def report(name: str, *signs: Sign, by: str = "ding", **more: Any) -> Case:
    """A concern, and the case that it opened."""
    actions.report_concern(actor=actor(by), name=name, signs=list(signs) or [Sign.MOOD], **more)
    with identity(Actor.machine("test")):
        return Case.objects.order_by("-pk")[0]


def entries(case: Case, who: str = "chen") -> list[Any]:
    with identity(actor(who)):
        return list(reveal(actor(who), fresh(case), ["narrative", "risk", "guardian", "plan"], Purpose.CARE).entries)
