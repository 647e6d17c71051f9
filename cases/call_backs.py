"""The call-backs (回访) that are due: which case, when, which of the series, how often it was tried."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from cases.clocks import ClockKind
from cases.models import CallBack, CallBackOutcome, Deadline, DeadlineState
from wellbeing.access.actor import Actor

PAGE = 25


@dataclass(frozen=True, slots=True)
class Due:
    """One call-back that waits: its clock, and the half-days on which nobody was reached."""

    clock: Deadline
    tries: int


def call_backs(actor: Actor, *, after: UUID | None = None, limit: int = PAGE) -> list[Due]:
    """The running call-backs of the actor's desks, the earliest first, later than the clock `after` (keyset)."""
    rows = Deadline.objects.filter(
        desk_id__in=actor.desks, kind=ClockKind.CALLBACK, state=DeadlineState.RUNNING
    ).select_related("case")
    last = Deadline.objects.filter(pk=after, desk_id__in=actor.desks).first() if after else None
    if last:
        rows = rows.filter(Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk))
    clocks = list(rows.order_by("due_at", "pk")[:limit])
    # of the page alone: counted beside its clocks, all that wait would be grouped first
    tries = CallBack.objects.filter(deadline__in=clocks, outcome=CallBackOutcome.UNREACHED).values_list("deadline_id")
    unreached = dict(tries.annotate(Count("half_day", distinct=True)))
    return [Due(clock, unreached.get(clock.pk, 0)) for clock in clocks]
