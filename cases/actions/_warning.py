"""Raise a warning: the row, its clocks, the triage desk's grant and the notices, all in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, Q

from cases import clocks
from cases.actions import _clocks, _notices
from cases.clocks import ClockKind
from cases.contact_access import stop_of
from cases.models import Case, Deadline, PolicyVersion, Warning
from cases.policy import Policy
from cases.telling import Known, clocks_of
from cases.tiers import Tier
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, grant, grant_rows
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Origin
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Desk
from wellbeing.rota.duty import on_duty, staffed
from wellbeing.workdays import now

SAME_ACT = timedelta(hours=1)  # default
STARTED = (ClockKind.ACKNOWLEDGE, ClockKind.FIRST_MEETING, ClockKind.REPORT)


@dataclass(frozen=True, slots=True)
class Watch:
    """Where a division's warnings go at one moment and by which policy: asked once, for one warning or for thousands.

    `unstaffed` are the clocks that nobody on duty would see.
    """

    desk: Desk
    duty: tuple[int, ...]
    unstaffed: tuple[ClockKind, ...]
    version: PolicyVersion
    policy: Policy
    at: datetime


def watch(division: str, at: datetime | None = None) -> Watch:
    """Who watches over a division now."""
    desk, version = triage_desk(division), PolicyVersion.current()
    duty = on_duty(desk.pk)
    unstaffed = () if duty or staffed(desk.pk) else (ClockKind.ACKNOWLEDGE,)
    return Watch(desk, tuple(duty), unstaffed, version, version.policy(), at or now())


def warn(
    case: Case,
    *,
    actor: Actor,
    known: Known | None = None,
    rules: frozenset[str] = frozenset(),
    at: datetime | None = None,
    new: bool = False,
) -> Warning | None:
    """Warn the triage desk of the case's division at the case's tier; green warns nobody.

    Ends the warning that was open, so one at most is open per case. `known` and `rules` (that fired) say who else is
    to be told. Of a `new` case, opened in this transaction for a new person, there is nothing yet to end or to ask.
    """
    at = at or now()
    if not new:
        Warning.objects.filter(case=case, ended_at=None).update(ended_at=at, ring_at=None)
    if case.tier == Tier.GREEN:
        return None
    on = watch(case.division_id, at)
    with identity(actor if new else GRANTS):  # a guest raises a file whose grants she may not write
        grant(case, to=on.desk, origin=Origin.TRIAGE, expires_at=at + OWNER_DAYS, by=actor, at=at)
    warning = _row(case, on, actor)
    warning.save(force_insert=True)
    kinds = (*STARTED, *_telling(case, known or Known(teacher=case.school_apart), rules, new=new))
    more: dict[str, Any] = {"version": on.version, "unstaffed": on.unstaffed, "new": new}
    _clocks.start(case, on.desk, *kinds, at=at, never_later=True, **more)
    for asked in () if new else _clocks.running(case, ClockKind.TRANSFER):  # who was asked to take it over hurries too
        _clocks.start(case, asked.desk, ClockKind.TRANSFER, at=at, never_later=True, version=on.version)
    _notices.tell_desk("warning", case, on.desk, on.duty, key=f"warning:{warning.pk}", policy=on.policy)
    return warning


def tell_also(case: Case, known: Known, rules: frozenset[str], *, at: datetime) -> None:
    """Start the clocks of telling that the warning did not start, because who is to be told was not known yet. Those
    that have run are not started again."""
    had = set(Deadline.objects.filter(case=case).values_list("kind", flat=True))
    kinds = [kind for kind in _telling(case, known, rules) if kind not in had]
    if kinds and case.tier != Tier.GREEN:
        on = watch(case.division_id, at)
        _clocks.start(case, on.desk, *kinds, at=at, version=on.version)


def rescue_again(case: Case, *, at: datetime) -> None:
    """Start the clock of police, ambulance or sea rescue for an act that is under way again, however often it has run;
    what is heard within `SAME_ACT` of its start is the act that it was started for."""
    lately = Q(state__in=_clocks.KEPT) | Q(started_at__gt=at - SAME_ACT)
    if not Deadline.objects.filter(lately, case=case, kind=ClockKind.TELL_RESCUE).exists():
        on = watch(case.division_id, at)
        _clocks.start(case, on.desk, ClockKind.TELL_RESCUE, at=at, version=on.version)


def first_rows(
    case: Case, on: Watch, *, actor: Actor, rules: frozenset[str] = frozenset(), new: bool = False
) -> list[Model]:
    """What `warn` writes for a case that is new, unsaved: grants, the warning, its clocks and its notices; `new` says
    that its person is new too."""
    if case.tier == Tier.GREEN:
        return []
    warning = _row(case, on, actor)
    kinds = (*STARTED, *_telling(case, Known(teacher=case.school_apart), rules, new=new))
    rings = _notices.desk_rings(on.desk, on.duty, Tier(case.tier), on.policy)
    key = f"warning:{warning.pk}"
    more: dict[str, Any] = {"begun": on.at, "version": on.version, "policy": on.policy, "unstaffed": on.unstaffed}
    return [
        *grant_rows(case, to=on.desk, origin=Origin.TRIAGE, expires_at=on.at + OWNER_DAYS, by=actor, at=on.at),
        warning,
        *_clocks.rows(case, on.desk, kinds, **more),
        *_notices.rows("warning", case, rings, key=key, policy=on.policy, at=on.at),
    ]


def _telling(case: Case, known: Known, rules: frozenset[str], *, new: bool = False) -> list[ClockKind]:
    """Who is to be told; nobody is pressed to reach a home that must not be reached. Of a `new` person nobody has said
    so yet."""
    kinds = clocks_of(known, rules)
    shut = ClockKind.TELL_GUARDIAN in kinds and not new and stop_of(case.person_id) is not None
    return [kind for kind in kinds if not (shut and kind == ClockKind.TELL_GUARDIAN)]


def _row(case: Case, on: Watch, actor: Actor) -> Warning:
    return Warning(
        case_id=case.pk,
        tier=case.tier,
        desk_id=on.desk.pk,
        raised_by_id=actor.id,
        raised_at=on.at,
        ring_at=clocks.ring(Tier(case.tier), on.at, on.policy),
    )


def warned_desk(case: Case) -> Desk | None:
    """The desk that the last warning of the case went to."""
    last = Warning.objects.filter(case=case).select_related("desk__organisation").order_by("-raised_at").first()
    return last.desk if last else None
