"""Empty the ballot box of a month that is over: what may be told of it, and then neither slips nor key any more."""

from datetime import date

from cases.ballot_access import end_box, open_box
from cases.models import Ballot
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.errors import WrongState
from wellbeing.reports import measures as m
from wellbeing.reports.ballot_measures import TABLE, tally
from wellbeing.reports.models import MonthFigure


@action(P.BALLOTS_COUNT)
def count_ballots(*, actor: Actor, month: date) -> Outcome[int]:
    """All in one transaction; returns how many measures were told. A month of which something was told is told no more
    of, whatever slips a restored backup brings back. WrongState where no slip of a closed month lies."""
    slips = Ballot.objects.filter(month=month)
    if not slips.exists():
        raise WrongState("empty", "count_ballots")
    told = MonthFigure.objects.filter(month=month, measure__startswith=f"{TABLE}.").exists()
    found = {} if told else tally(open_box(month))
    MonthFigure.objects.bulk_create(
        MonthFigure(month=month, division_id=m.CITY, measure=measure, value=value) for measure, value in found.items()
    )
    slips.delete()
    end_box(month)
    return Outcome(len(found), stream=SYSTEM_STREAM, facts={"month": month.toordinal(), "rows": len(found)})
