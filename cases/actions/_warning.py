"""Raise a warning: the row, its clocks, the triage desk's grant and the notices, all in the caller's transaction."""

from datetime import datetime

from cases import clocks
from cases.actions import _clocks, _notices
from cases.clocks import ClockKind
from cases.models import Case, PolicyVersion, Warning
from cases.telling import Known, clocks_of
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Desk
from wellbeing.rota.duty import on_duty, staffed
from wellbeing.workdays import now


def warn(
    case: Case,
    *,
    actor: Actor,
    known: Known | None = None,
    rules: frozenset[str] = frozenset(),
    at: datetime | None = None,
) -> Warning | None:
    """Warn the triage desk of the case's division at the case's tier; green warns nobody.

    Ends the warning that was open, so one at most is open per case. `known` and `rules` (that fired) say who else is
    to be told.
    """
    at = at or now()
    Warning.objects.filter(case=case, ended_at=None).update(ended_at=at, ring_at=None)
    if case.tier == Tier.GREEN:
        return None
    desk = triage_desk(case.division_id)
    grant(case, to=desk, origin=Origin.TRIAGE, expires_at=at + OWNER_DAYS, by=actor, at=at)
    version = PolicyVersion.current()
    policy = version.policy()
    warning = Warning.objects.create(
        case=case,
        tier=case.tier,
        desk=desk,
        raised_by_id=actor.id,
        raised_at=at,
        ring_at=clocks.ring(Tier(case.tier), at, policy),
    )
    duty = on_duty(desk.pk)
    known = known or Known(teacher=case.school_apart)
    _clocks.start(
        case,
        desk,
        *(ClockKind.ACKNOWLEDGE, ClockKind.FIRST_MEETING, ClockKind.REPORT, *clocks_of(known, rules)),
        at=at,
        never_later=True,
        version=version,
        unstaffed=() if duty or staffed(desk.pk) else (ClockKind.ACKNOWLEDGE,),
    )
    for asked in _clocks.running(case, ClockKind.TRANSFER):  # who was asked to take it over hurries too
        _clocks.start(case, asked.desk, ClockKind.TRANSFER, at=at, never_later=True, version=version)
    _notices.tell_desk("warning", case, desk, duty, key=f"warning:{warning.pk}", policy=policy)
    return warning


def warned_desk(case: Case) -> Desk | None:
    """The desk that the last warning of the case went to."""
    last = Warning.objects.filter(case=case).select_related("desk__organisation").order_by("-raised_at").first()
    return last.desk if last else None
