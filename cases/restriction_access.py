"""The door to restricted callers: which numbers a supervisor may restrict, which are restricted, and who is silent.

Nobody sees a number, nor which calls: rows go by the short index of the calls, which may be several people's. The calls
themselves are the counsellors', so a machine counts them, and only at the supervisor's own hotline.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from cases.models import Call, PolicyVersion, Restriction
from cases.repeats import KEPT, Seen, marks, quarter, seen_of_each
from cases.supervision import supervisors_desk
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import SUPERVISION
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden
from wellbeing.exchange.models import Ring, WhyNot
from wellbeing.paging import Page, older
from wellbeing.people.models import Desk
from wellbeing.workdays import now

MANY = 50  # numbers that are counted one by one, and rows of silent calls
HARASSING, SILENT = "harassing", "silent"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Harassing calls of perhaps the same caller: one of them to name it by, and what is known of that number."""

    call: Call
    code: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Silent:
    """Silent calls of perhaps the same caller (`of`: the mark) or of one line: within a day, and within policy's days
    of repeated calls."""

    of: str
    day: int
    days: int
    last_at: datetime


def candidates(actor: Actor) -> list[Candidate]:
    """The numbers of the actor's hotline that called harassing as often as policy asks, and are not restricted; those
    with a risk among them too, so that she sees why they may not be."""
    desk, policy, at = supervisors_desk(actor, P.CALLER_RESTRICT), PolicyVersion.current().policy(), now()
    since = at - timedelta(days=policy.caller_days)
    with identity(SUPERVISION):
        by_mark: dict[tuple[bytes, str], list[Call]] = defaultdict(list)
        for call in _marked(desk, HARASSING).filter(started_at__gte=since).order_by("-started_at", "-pk"):
            by_mark[mark_of(call)].append(call)
    taken = {(bytes(one.mark), one.quarter) for one in live(at).filter(hotline_id=desk.organisation_id)}
    often = {key: calls for key, calls in by_mark.items() if len(calls) >= policy.harassing_calls and key not in taken}
    shown = list(often.items())[:MANY]
    known = seen_of_each([mark for (mark, _of), _calls in shown], since)
    return [Candidate(calls[0], _code(key), one) for (key, calls), one in zip(shown, known, strict=True)]


def silent(actor: Actor) -> tuple[list[Silent], list[Silent]]:
    """The silent calls at the actor's hotline: by mark, as often as policy calls a caller repeated, and by line all of
    them, with those that needed no sheet; the most first. Silence is never restricted: it may be all that somebody in
    danger can do."""
    desk, policy, at = supervisors_desk(actor, P.CALLER_RESTRICT), PolicyVersion.current().policy(), now()
    since = at - timedelta(days=policy.repeat_days)
    with identity(SUPERVISION):
        calls = list(_of_kind(desk, SILENT).filter(started_at__gte=since))
    rings = Ring.objects.filter(hotline_id=desk.organisation_id, why_not=WhyNot.SILENT, offered_at__gte=since)
    lines = [(one.line, one.started_at) for one in calls] + list(rings.values_list("line", "offered_at"))
    numbers = [(_code(mark_of(one)), one.started_at) for one in calls if one.caller_index]
    return [one for one in _tally(numbers, at) if one.days >= policy.repeat_calls], _tally(lines, at)


def _tally(said: Iterable[tuple[str, datetime]], at: datetime) -> list[Silent]:
    found: dict[str, list[datetime]] = defaultdict(list)
    for of, moment in said:
        found[of].append(moment)
    rows = [
        Silent(of, sum(one >= at - DAY for one in moments), len(moments), max(moments)) for of, moments in found.items()
    ]
    return sorted(rows, key=lambda one: (-one.days, -one.day, one.of))[:MANY]


def harassing_call(actor: Actor, pk: UUID, permission: P) -> Call:
    """A harassing call of the actor's hotline whose number was seen. Forbidden otherwise."""
    desk = supervisors_desk(actor, permission)
    with identity(SUPERVISION):
        call = _marked(desk, HARASSING).filter(pk=pk).first()
    if call is None:
        raise Forbidden
    return call


def harassing_since(call: Call, since: datetime) -> int:
    """How many harassing calls of perhaps the same caller there were since a moment, in the call's own quarter."""
    mark, of = mark_of(call)
    with identity(SUPERVISION):
        rows = Call.objects.filter(kind=HARASSING, caller_index=mark, started_at__gte=since)
        return sum(quarter(at) == of for at in rows.values_list("started_at", flat=True))


def restrictions(actor: Actor, before: str = "") -> Page[Restriction]:
    """Those of the actor's hotline, the newest first: all that run, and what has ended."""
    desk = supervisors_desk(actor, P.CALLER_RESTRICT)
    rows = Restriction.objects.filter(hotline_id=desk.organisation_id).select_related("by", "ended_by")
    return older(rows, before, waiting=Q(ended_at=None, until__gt=now()))


def open_restriction(actor: Actor, pk: UUID, permission: P, *, lock: bool = False) -> Restriction:
    """One of the actor's hotline. Forbidden otherwise."""
    desk = supervisors_desk(actor, permission)
    rows = Restriction.objects.select_for_update(of=("self",)) if lock else Restriction.objects
    found = rows.select_related("by").filter(pk=pk, hotline_id=desk.organisation_id).first()
    if found is None or not may(actor, permission):
        raise Forbidden
    return found


def call_to_restrict(one: Restriction) -> UUID | None:
    """The newest harassing call of a restriction's number, by which it would be restricted again."""
    with identity(SUPERVISION):
        rows = Call.objects.filter(
            desk__organisation_id=one.hotline_id, kind=HARASSING, caller_index=bytes(one.mark)
        ).order_by("-started_at", "-pk")
        return next((pk for pk, at in rows.values_list("pk", "started_at") if quarter(at) == one.quarter), None)


def restricted(number: str, at: datetime) -> Restriction | None:
    """The restriction that runs on this number, by its short index: perhaps on somebody else's."""
    return of_marks(marks(number, at, KEPT.days), at).order_by("-until").first()


def of_marks(known: dict[str, bytes], at: datetime) -> QuerySet[Restriction]:
    """What runs on the indexes of a number, by quarter. Row-level security says at which hotline."""
    asked = Q(pk=None)
    for of, mark in known.items():
        asked |= Q(quarter=of, mark=mark)
    return live(at).filter(asked)


def live(at: datetime) -> QuerySet[Restriction]:
    """Those that run at a moment."""
    return Restriction.objects.filter(ended_at=None, until__gt=at)


def mark_of(call: Call) -> tuple[bytes, str]:
    """A call's index and its quarter."""
    return bytes(call.caller_index or b""), quarter(call.started_at)


def _code(key: tuple[bytes, str]) -> str:
    mark, of = key
    return f"{mark.hex().upper()}·{of}"


def _marked(desk: Desk, kind: str) -> QuerySet[Call]:
    return _of_kind(desk, kind).filter(caller_index__isnull=False)


def _of_kind(desk: Desk, kind: str) -> QuerySet[Call]:
    return Call.objects.filter(desk__organisation_id=desk.organisation_id, kind=kind)
