"""A call of a restricted number: it is counted, and an answered risk ends the restriction (PRACTICE.md 3.7)."""

from datetime import datetime

from cases.models import Ended
from cases.repeats import KEPT, marks
from cases.restriction_access import of_marks
from cases.tiers import Tier
from wellbeing.access.actor import identity
from wellbeing.access.machines import SUPERVISION


def met(number: str, tier: Tier, at: datetime) -> None:
    """The counsellor may not change a restriction, so a machine does, in her transaction."""
    if not number:
        return
    known = marks(number, at, KEPT.days)
    with identity(SUPERVISION):
        for one in of_marks(known, at).select_for_update():
            one.calls, one.last_at = one.calls + 1, at
            if tier.rank <= Tier.YELLOW.rank:
                one.ended, one.ended_at = Ended.DANGER, at
            one.save(update_fields=["calls", "last_at", "ended", "ended_at"])
