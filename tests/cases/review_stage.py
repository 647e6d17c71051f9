"""Reviews to set a scene with."""

from __future__ import annotations

from cases import actions
from cases.models import Call, Case, Review
from tests.stage import actor, call
from wellbeing.access.actor import Actor, identity


def call_of(case: Case) -> Call:
    """The call that opened a case."""
    with identity(Actor.machine("test")):
        return Call.objects.get(case=case)


def begun() -> Review:
    """Su's review of a red call of Gao's."""
    made: Review = actions.begin_review(actor=actor("su"), call_id=call_of(call(by="gao")).pk)
    return made
