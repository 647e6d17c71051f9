"""Propose the closed cases whose time is over: from their covers alone, and nothing that is open or held."""

from uuid import UUID, uuid5

from django.db.models import F, QuerySet

from cases.models import Erasure
from cases.retention_access import due_cases, standing
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now

STREAM = uuid5(UUID("b8c1a0de-6f0e-4f0c-9d4b-5a3d1f6f7c02"), "cases:retention")


def _gone() -> QuerySet[Erasure]:
    """What was proposed, and was opened again (also if it is closed by now) or held meanwhile."""
    waiting = Erasure.objects.filter(erased_at=None)
    opened = waiting.filter(case__closed_at=None) | waiting.exclude(case__closed_at=F("closed_at"))
    return opened | waiting.filter(case__in=standing(now()).values("case_id"))


def to_propose() -> bool:
    """Whether there is anything to propose, or to take back."""
    return bool(due_cases()) or _gone().exists()


@action(P.ERASURE_PROPOSE)
def propose_erasures(*, actor: Actor) -> Outcome[int]:
    """How many were proposed. What was opened again or held meanwhile is proposed no more, unless it is erased."""
    ended = Erasure.objects.filter(pk__in=list(_gone().values_list("pk", flat=True))).delete()[0]
    made = Erasure.objects.bulk_create(due_cases())
    return Outcome(len(made), stream=STREAM, facts={"cases": len(made), "ended": ended})
