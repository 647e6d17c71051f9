"""Raise a case: the move itself, shared by a person's raising and by whatever finds that the tier is too low."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext

from cases.access import machine_writer
from cases.actions import _clocks, _notices
from cases.actions._ladder import city_for
from cases.actions._warning import rescue_again, tell_also, warn, warned_desk
from cases.clocks import ClockKind
from cases.consent import danger
from cases.flow import CASE
from cases.models import (
    Case,
    Deadline,
    DeadlineState,
    Entry,
    EntryKind,
    Lowering,
    PolicyVersion,
    Section,
    Successor,
    Warning,
)
from cases.pausing import longest
from cases.telling import Known
from cases.tiers import Rule, Tier
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import work_of
from wellbeing.access.machines import GRANTS
from wellbeing.access.permissions import P
from wellbeing.audit.record import record
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Desk
from wellbeing.rota.duty import on_duty, staffed

FOLLOWING = (ClockKind.FOLLOW_UP, ClockKind.LEAVE_CONTACT)


def raise_to(
    case: Case,
    tier: Tier,
    *,
    actor: Actor,
    at: datetime,
    rules: frozenset[str] = frozenset(),
    known: Known | None = None,
) -> bool:
    """Bring the case to a higher tier and warn its county anew; False when it stands as high already.

    What was proposed to lower before no longer describes the case, so it ends. Whoever follows the person is told, and
    asks sooner.
    """
    if Tier(case.tier).rank <= tier.rank:
        return False
    case.status = CASE.next(case.status, "raise_tier")
    case.tier, case.tier_since = tier, at
    case.save(update_fields=["status", "tier", "tier_since"])
    Lowering.objects.filter(case=case, ended_at=None).update(ended_at=at)
    warn(case, actor=actor, known=known, rules=rules, at=at)
    warn_there(case, tier, at=at)
    following = _clocks.running(case, *FOLLOWING)
    for clock in following:
        _clocks.start(case, clock.desk, ClockKind(clock.kind), at=at, step=clock.step, never_later=True)
    _shorten_pauses(case, tier, at)
    _tell("raised", case, (clock.desk for clock in following), actor=actor, at=at)
    return True


def _shorten_pauses(case: Case, tier: Tier, at: datetime) -> None:
    """What stands still was let stand for as long as the lower tier may: it goes on within the time of this one. As a
    machine, for a person lets a clock stand or go on, and changes nothing else of it."""
    latest = at + longest(tier, PolicyVersion.current().policy())
    with identity(GRANTS):
        still = Deadline.objects.filter(case=case, state=DeadlineState.PAUSED, next_at__gt=latest)
        still.update(next_at=latest)


def raise_or_tell(
    case: Case,
    tier: Tier,
    *,
    actor: Actor,
    at: datetime,
    rules: frozenset[str] = frozenset(),
    assessed: bool = False,
) -> bool:
    """The same for what was heard anew: a case that stands at red is warned of no second time, so its county, where it
    has acknowledged the warning, and whoever follows the person are told, unless they are who heard it. Danger as grave
    as the case is begins its time at the tier anew, and asks for an assessment after it, unless it was `assessed` and
    is no red one: red stays so long after it is safe (DOMAIN.md, Tiers)."""
    if raise_to(case, tier, actor=actor, at=at, rules=rules):
        return True
    if danger(tier) and not Warning.objects.filter(case=case, ended_at=None).exists():
        warn_anew(case, actor=actor, at=at, rules=rules)
        return False
    if danger(tier):  # who proposed to close it did not know of this
        Lowering.objects.filter(case=case, ended_at=None).exclude(close_reason="").update(ended_at=at)
    if danger(tier) and tier == case.tier and not (assessed and tier != Tier.RED):
        _begins_anew(case, at)
    if tier == Tier.RED:
        if Rule.ACT_UNDER_WAY in rules:
            tell_also(case, Known(teacher=case.school_apart, somebody=False), rules, at=at)
            rescue_again(case, at=at)
        county = [] if _clocks.running(case, ClockKind.ACKNOWLEDGE) else _county(case, actor)
        desks = [*county, *(clock.desk for clock in _clocks.running(case, *FOLLOWING))]
        _tell("danger_again", case, desks, actor=actor, at=at)
    return False


def _begins_anew(case: Case, at: datetime) -> None:
    Lowering.objects.filter(case=case, ended_at=None).update(ended_at=at)
    case.tier_since = at
    case.save(update_fields=["tier_since"])


def warn_anew(case: Case, *, actor: Actor, at: datetime, rules: frozenset[str]) -> None:
    """A file in danger that nobody is warned about: handed over at the minimum, and kept by the hotline for its
    call-backs alone. It stands as high already, so it does not rise; its county is warned as if it had, and so is the
    one that has the person by now."""
    case.status, case.tier_since = CASE.next(case.status, "raise_tier"), at
    case.save(update_fields=["status", "tier_since"])
    warn(case, actor=actor, rules=rules, at=at)
    warn_there(case, Tier(case.tier), at=at)


def _county(case: Case, actor: Actor) -> list[Desk]:
    """The desk that was warned; where nobody is on duty there now, the city's too, which works on the case then: no
    clock is started that would go up to it."""
    desk = warned_desk(case)
    above = city_for(case, desk, actor=actor) if desk and not staffed(desk.pk) else None
    return [one for one in (desk, above) if one]


def _tell(kind: str, case: Case, desks: Iterable[Desk], *, actor: Actor, at: datetime) -> None:
    """Tell those of the desks that work on the case and are not the actor's own."""
    policy = PolicyVersion.current().policy()
    with identity(GRANTS):
        told = [desk for desk in dict.fromkeys(desks) if desk.pk not in actor.desks and work_of(desk, case)]
    for desk in told:
        key = f"{kind}:{case.pk}:{desk.pk}:{at.isoformat()}"
        _notices.tell_desk(kind, case, desk, on_duty(desk.pk), key=key, policy=policy)


def warn_there(case: Case, tier: Tier, *, at: datetime) -> None:
    """Raise each file that a minimum hand-over opened, where it stands lower, and tell its county that the danger was
    heard elsewhere: on a call-back that the hotline still makes, or where the old file was opened again. A file that
    has closed is only told of; the one that was opened from it, in a third county, is warned in its place.

    As a machine: whoever raises this file sees nothing of the other one, and learns nothing of it.
    """
    with identity(GRANTS):
        found = Successor.objects.filter(case=case).values("opened")
        for there in Case.objects.select_for_update(of=("self",)).filter(pk__in=found).order_by("pk"):
            _warn_one(there, tier, at=at)


def warn_elsewhere(case: Case, tier: Tier, *, at: datetime) -> None:
    """Of a file that is opened again: the same, and for an open file of the person that has gone to another county
    whole since this one was closed."""
    warn_there(case, tier, at=at)
    with identity(GRANTS):
        others = Case.objects.filter(person_id=case.person_id, closed_at=None).exclude(division_id=case.division_id)
        for there in others.select_for_update(of=("self",)).order_by("pk"):
            _warn_one(there, tier, at=at)


def _warn_one(there: Case, tier: Tier, *, at: datetime) -> None:
    before = Tier(there.tier)
    raised = there.status != "closed" and raise_to(there, tier, actor=GRANTS, at=at)
    if raised:
        because = gettext(
            "Danger was heard elsewhere, where an earlier file of this person is: ask the hotline, and the desk that"
            " handed it over."
        )
        words = {"from": before, "to": tier, "because": because}
        write = machine_writer(there)
        Entry.objects.bulk_create([write.entry(Section.RISK, EntryKind.RAISING, words, actor=GRANTS, at=at)])
        record(stream=there.pk, act=P.TIER_RAISE, actor=GRANTS, facts={"from": before, "to": tier})
    elif there.status != "closed" and danger(tier) and before == tier:
        _begins_anew(there, at)
    desk, policy = triage_desk(there.division_id), PolicyVersion.current().policy()
    key = f"danger_elsewhere:{there.pk}:{at.isoformat()}"
    _notices.tell_desk("danger_elsewhere", there, desk, on_duty(desk.pk), key=key, policy=policy)
    if not raised:
        warn_there(there, tier, at=at)
