"""Raise a warning: the row, its clocks, the triage desk's grant and the notice, all in the caller's transaction."""

from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.models import Case, Warning
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.outbox.post import post
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Desk
from wellbeing.workdays import now


def warn(case: Case, *, actor: Actor, desk: Desk | None = None) -> Warning | None:
    """Warn the triage desk of the case's division at the case's tier; green warns nobody.

    Ends the warning that was open, so one at most is open per case.
    """
    at = now()
    Warning.objects.filter(case=case, ended_at=None).update(ended_at=at)
    if case.tier == Tier.GREEN:
        return None
    desk = desk or triage_desk(case.division_id)
    grant(case, to=desk, origin=Origin.TRIAGE, expires_at=at + OWNER_DAYS, by=actor, at=at)
    warning = Warning.objects.create(case=case, tier=case.tier, desk=desk, raised_by_id=actor.id, raised_at=at)
    _clocks.start(case, desk, ClockKind.ACKNOWLEDGE, ClockKind.FIRST_MEETING, at=at)
    post(
        kind="warning",
        desk_id=desk.pk,
        target=f"case:{case.reference}",
        tier=case.tier,
        dedupe_key=f"warning:{warning.pk}",
    )
    return warning


def warned_desk(case: Case) -> int | None:
    """The desk that the last warning of the case went to (its group id)."""
    return Warning.objects.filter(case=case).order_by("-raised_at").values_list("desk_id", flat=True).first()
