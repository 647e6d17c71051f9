"""An opening in an emergency to set a scene with."""

from __future__ import annotations

from cases import actions
from cases.models import BreakGlass, Case
from tests.stage import actor, call
from wellbeing.access.actor import identity

BECAUSE = "来电人说站在码头边上,接案的同事联系不上"


def opened(case: Case | None = None, *, by: str = "lin") -> BreakGlass:
    """A colleague's case (of Gao's, where none is given), opened by somebody who was not given it."""
    case = case or call(by="gao")
    actions.break_glass(actor=actor(by), reference=case.reference, why="danger", because=BECAUSE)
    with identity(actor(by)):
        return BreakGlass.objects.filter(case_id=case.pk, by_id=actor(by).id).latest("at")
