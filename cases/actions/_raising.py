"""Raise a case: the move itself, shared by a person's raising and by whatever finds that the tier is too low."""

from datetime import datetime

from cases.actions import _clocks
from cases.actions._warning import warn
from cases.clocks import ClockKind
from cases.flow import CASE
from cases.models import Case, Lowering
from cases.tiers import Tier
from wellbeing.access.actor import Actor


def raise_to(case: Case, tier: Tier, *, actor: Actor, at: datetime, rules: frozenset[str] = frozenset()) -> bool:
    """Bring the case to a higher tier and warn its county anew; False when it stands as high already.

    What was proposed to lower before no longer describes the case, so it ends. Who is away from school is asked sooner.
    """
    if Tier(case.tier).rank <= tier.rank:
        return False
    case.status = CASE.next(case.status, "raise_tier")
    case.tier, case.tier_since = tier, at
    case.save(update_fields=["status", "tier", "tier_since"])
    Lowering.objects.filter(case=case, ended_at=None).update(ended_at=at)
    warn(case, actor=actor, rules=rules, at=at)
    for clock in _clocks.running(case, ClockKind.LEAVE_CONTACT):
        _clocks.start(case, clock.desk, ClockKind.LEAVE_CONTACT, at=at, never_later=True)
    return True
