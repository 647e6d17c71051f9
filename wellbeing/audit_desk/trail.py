"""Search the audit: who did what in which case, page by page; it shows references, and never a word of a case."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cases.models import Case
from referrals.models import Referral
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import AUDIT
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.audit_desk.anomalies import WATCHED as ACTS
from wellbeing.audit_desk.anomalies import Anomaly, Duty, Seen, Watch, anomalies
from wellbeing.people.models import User
from wellbeing.rota.models import LONGEST, Shift
from wellbeing.workdays import TIMEZONE, now

PAGE = 50
WATCHED = timedelta(days=7)
MOST = 200_000  # events of a week that are looked through for what is unusual; beyond them the page says since when


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; everything may be left open. `people` and `streams` are None for any."""

    people: tuple[int, ...] | None = None
    streams: tuple[UUID, ...] | None = None
    act: P | Tag | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One event for the page: codes, names of accounts and references."""

    id: UUID
    at: datetime
    act: str
    who: str
    reference: str
    facts: dict[str, Any]
    machine: str  # which one, where no person did it


def people_of(text: str) -> tuple[int, ...]:
    """The accounts whose name is, or contains, a text."""
    found = User.objects.filter(Q(username__iexact=text) | Q(display_name__icontains=text)).order_by("pk")
    return tuple(found.values_list("pk", flat=True)[:50])


def streams_of(reference: str) -> tuple[UUID, ...]:
    """The chain of a case, or of a referral and its case, by reference: a machine looks, and tells no more."""
    with identity(AUDIT):
        cases = Case.objects.filter(reference=reference.upper()).values_list("pk", flat=True)
        both = Referral.objects.filter(reference=reference.upper()).values_list("pk", "case_id")
        return (*cases, *(pk for pair in both for pk in pair))


def search(actor: Actor, wanted: Wanted, after: tuple[datetime, UUID] | None = None) -> tuple[list[Line], bool]:
    """One page, newest first, and whether there is more. The search itself is an event of its searcher's chain."""
    rows = _matching(wanted)
    if after:
        at, pk = after
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=pk), at__lte=at)
    found = list(rows.order_by("-at", "-id")[: PAGE + 1])
    facts: dict[str, Any] = {"people": wanted.people, "streams": wanted.streams}
    facts |= {"searched": wanted.act, "since": wanted.since}
    facts |= {"until": wanted.until, "further": after is not None, "found": min(len(found), PAGE)}
    record(stream=user_stream(actor.id), act=Tag.AUDIT_SEARCHED, actor=actor, facts=facts)
    return _lines(found[:PAGE]), len(found) > PAGE


def _matching(wanted: Wanted) -> QuerySet[Event]:
    rows = Event.objects.all()
    if wanted.people is not None:
        rows = rows.filter(actor_id__in=wanted.people)
    if wanted.streams is not None:
        rows = rows.filter(stream__in=wanted.streams)
    if wanted.act is not None:
        rows = rows.filter(act=wanted.act)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    return rows if wanted.until is None else rows.filter(at__lte=wanted.until)


def _lines(rows: list[Event]) -> list[Line]:
    said = [json.loads(bytes(row.body)) for row in rows]
    names = names_of({row.actor_id for row in rows})
    references = references_of({row.stream for row in rows})
    return [
        Line(
            row.pk,
            row.at,
            row.act,
            names.get(row.actor_id or 0, ""),
            references.get(row.stream, ""),
            body["facts"],
            str(body.get("machine") or "").removeprefix("system:"),
        )
        for row, body in zip(rows, said, strict=True)
    ]


def names_of(people: Iterable[int | None]) -> dict[int, str]:
    """What some accounts are called."""
    return {user.pk: str(user) for user in User.objects.filter(pk__in={one for one in people if one})}


def references_of(streams: Iterable[UUID]) -> dict[UUID, str]:
    """The references of the cases and referrals among some chains."""
    asked = list(streams)
    with identity(AUDIT):
        found = dict(Case.objects.filter(pk__in=asked).values_list("pk", "reference"))
        return found | dict(Referral.objects.filter(pk__in=asked).values_list("pk", "reference"))


def unusual(watch: Watch) -> tuple[list[Anomaly], datetime | None]:
    """What is unusual in the last seven days; and since when it was looked through, where that is not all of them."""
    since = now() - WATCHED
    rows = list(Event.objects.filter(at__gte=since, act__in=ACTS).order_by("-at", "-id")[: MOST + 1])
    oldest = rows.pop().at if len(rows) > MOST else None
    seen = [
        Seen(row.at.astimezone(TIMEZONE), row.actor_id, row.act, row.stream, json.loads(bytes(row.body))["facts"])
        for row in reversed(rows)
    ]
    with identity(AUDIT):
        shifts = Shift.objects.filter(ends_at__gte=since - LONGEST).values_list("user_id", "starts_at", "ends_at")
        duties = [Duty(*shift) for shift in shifts]
    return anomalies(seen, duties, watch), oldest
