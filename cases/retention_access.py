"""The door to the end of closed cases: nobody holds them, so a machine looks at their covers, and no word is opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from cases.models import Case, Channel, Erasure, LegalHold, PolicyVersion, RecordAnswer, RecordRequest, Warning
from cases.retention import due
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import RETENTION
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.audit.trail import trail
from wellbeing.errors import Forbidden
from wellbeing.paging import Page, older
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Role
from wellbeing.workdays import now

AT_ONCE = 200
EVERYWHERE = (Role.CITY_DUTY, Role.HOTLINE_SUPERVISOR)


def due_cases() -> list[Erasure]:
    """Unsaved proposals for the closed cases whose time is over: never one that is open, held or proposed already."""
    policy, at = PolicyVersion.current().policy(), now()
    shortest = min(policy.keep_years, policy.keep_hotline_years)
    closed = Case.objects.filter(status="closed", closed_at__lt=at - timedelta(days=365 * shortest), erasure=None)
    rows = closed.exclude(pk__in=standing(at).values("case_id")).order_by("closed_at")[: 4 * AT_ONCE]
    found = []
    for case in rows:
        ended = case.closed_at or at  # the query asks for closed ones
        day = _day(case, ended)
        if day <= at.date():
            made = Erasure(case=case, reference=case.reference, channel=case.channel, closed_at=ended)
            made.due_on, made.proposed_at, made.desk = day, at, triage_desk(case.division_id)
            found.append(made)
    return found[:AT_ONCE]


def _day(case: Case, ended: datetime) -> date:
    danger = case.tier in ("red", "orange") or Warning.objects.filter(case=case, tier__in=("red", "orange")).exists()
    # No machine sees an answer: the trail of the case says when something of it was handed over.
    handed = [one for one in trail(case.pk, None, (P.RECORDS_HAND_OUT,)) if one.facts["gives"]]
    return due(
        ended,
        hotline=case.channel == Channel.HOTLINE,
        danger=danger,
        given=[one.at for one in handed],
        policy=PolicyVersion.current().policy(),
    )


def standing(at: datetime) -> QuerySet[LegalHold]:
    """The holds that stand at a moment, as far as the asker sees them."""
    return LegalHold.objects.filter(lifted_at=None, until__gt=at)


def held(case: UUID) -> LegalHold | None:
    """The hold on a case, whoever asks."""
    with identity(RETENTION):
        return standing(now()).filter(case_id=case).order_by("set_at").first()


def asked_about(case: UUID) -> bool:
    """Whether a request for records that is not answered yet is about the case, by its answer or by whoever looked:
    somebody waits for what would be destroyed. Whoever asks."""
    with identity(RETENTION):
        waiting = list(RecordRequest.objects.exclude(state="answered").values_list("pk", flat=True))
        if RecordAnswer.objects.filter(case_id=case, request__in=waiting).exclude(agreed=False).exists():
            return True
        looks = (one for row in waiting for one in trail(row, None, (P.RECORDS_TAKE_UP,)))
        return any(one.facts["case"] == str(case) for one in looks)


def erasures(actor: Actor, before: str = "") -> Page[Erasure]:
    """All that is due in the actor's reach; then what was erased, the newest first."""
    rows = Erasure.objects.filter(_hers(actor)).select_related("asked_by", "confirmed_by", "desk__organisation")
    found = older(rows, before, waiting=Q(erased_at=None))
    found.sort(key=lambda row: (row.erased_at is not None, row.due_on if row.erased_at is None else date.max))
    return found


def holds(actor: Actor) -> list[LegalHold]:
    """The holds that stand in the actor's reach, the one that ends first above."""
    rows = standing(now()).filter(_hers(actor)).select_related("set_by", "asked_by", "desk__organisation")
    return list(rows.order_by("until"))


def confirmed() -> QuerySet[Erasure]:
    """What two people have confirmed and nobody has erased, for the custodian's run; nothing that was opened again and
    closed since, for its time has begun anew."""
    rows = Erasure.objects.filter(confirmed_at__isnull=False, erased_at=None, closed_at=F("case__closed_at"))
    return rows.select_related("case", "asked_by", "confirmed_by").order_by("confirmed_at")


def open_erasure(actor: Actor, reference: str, permission: P, *, lock: bool = False) -> Erasure:
    """One that waits, in the actor's reach. Forbidden like a missing one otherwise, and to whoever asked for it when it
    is confirmed."""
    rows = Erasure.objects.select_for_update(of=("self",)) if lock else Erasure.objects
    row = rows.filter(_hers(actor), reference=reference, erased_at=None).first()
    if row is None or not may(actor, permission):
        raise Forbidden
    if permission == P.ERASURE_CONFIRM and (row.asked_by_id == actor.id or row.asked_desk_id in actor.desks):
        raise Forbidden
    return row


def open_hold(actor: Actor, pk: UUID, permission: P = P.HOLD_KEEP, *, lock: bool = False) -> LegalHold:
    """A hold that stands, in the actor's reach. Forbidden like a missing one otherwise."""
    rows = LegalHold.objects.select_for_update(of=("self",)) if lock else LegalHold.objects
    row = rows.filter(_hers(actor), pk=pk, lifted_at=None).first()
    if row is None or not may(actor, permission):
        raise Forbidden
    return row


def case_within_reach(actor: Actor, reference: str) -> Case:
    """The case of a reference, open or closed, for whoever may hold it: of her county, or of the city. Forbidden like a
    missing one."""
    if not may(actor, P.HOLD_KEEP):
        raise Forbidden
    with identity(RETENTION):
        case = Case.objects.filter(reference=reference.strip().upper()).first()
    if case is None or not (actor.post_as(*EVERYWHERE) or triage_desk(case.division_id).pk in actor.desks):
        raise Forbidden
    return case


def _hers(actor: Actor) -> Q:
    return Q() if actor.post_as(*EVERYWHERE) else Q(desk_id__in=actor.desks)
