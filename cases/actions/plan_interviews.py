"""Plan the interviews of a desk by what its counsellor can do in a day: the most urgent first."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from cases.interviews import days
from cases.models import ScreeningFlag
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.workdays import now

MOST = 40  # interviews a day that a form takes


@action(P.SCREENING_UPLOAD)
def plan_interviews(*, actor: Actor, first: date, per_day: int) -> Outcome[int]:
    """Give each student who waits at the actor's desks a working day; returns how many. The clocks of the cases run as
    they are: a plan gives nobody more time."""
    check_plan(first, per_day)
    rows = ScreeningFlag.objects.select_for_update(of=("self",)).filter(
        desk__in=actor.desks, outcome="", case__closed_at=None
    )
    waiting = sorted(rows.select_related("case"), key=lambda flag: (Tier(flag.case.tier).rank, flag.at, flag.pk))
    for flag, day in zip(waiting, days(first, per_day), strict=False):
        flag.planned_on = day
    ScreeningFlag.objects.bulk_update(waiting, ["planned_on"], batch_size=500)
    return Outcome(len(waiting), stream=user_stream(actor.id), facts={"planned": len(waiting), "per_day": per_day})


def check_plan(first: date, per_day: int) -> None:
    """Invalid for a day that is over, or for more interviews than anybody can do."""
    if first < now().date():
        raise Invalid("first", _("This day is over."))
    if not 1 <= per_day <= MOST:
        raise Invalid("per_day", _("Between 1 and 40 interviews a day."))
