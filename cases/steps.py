"""A counsellor's cases by next step: the clocks of her desk by time, and what waits for others.

A page walks one index from where the last one ended, so its cost follows the page and not the cases that are held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.clocks import end_of
from cases.models import Case, Deadline, DeadlineState
from cases.queues import held_sql
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.sound import sound, sound_page
from wellbeing.people.models import Role
from wellbeing.workdays import TIMEZONE, now

PAGE = 25
SCAN = 100  # cases that one page of "waiting for others" looks at
MANY = 100  # where a count stops
KEPT = (DeadlineState.RUNNING, DeadlineState.PAUSED)


class When(StrEnum):
    """The groups of the list, in their order."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended: the time and the id of its last clock."""

    due_at: datetime
    id: UUID

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """The mark that stands in an address; None for anything else."""
        at, _tilde, pk = text.partition("~")
        try:
            due_at = datetime.fromisoformat(at)
            return cls(due_at, UUID(pk)) if due_at.tzinfo else None
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.due_at.astimezone(TIMEZONE).isoformat()}~{self.id}"


def edges(at: datetime) -> dict[When, datetime]:
    """Where each group ends: now, midnight, and the midnight after Sunday."""
    today = at.astimezone(TIMEZONE).date()
    return {
        When.OVERDUE: at,
        When.TODAY: end_of(today),
        When.WEEK: end_of(today + timedelta(days=6 - today.weekday())),
    }


def when(due_at: datetime, at: datetime) -> When:
    """The group of a clock."""
    return next((group for group, end in edges(at).items() if due_at < end), When.LATER)


def begins(group: When, at: datetime) -> datetime | None:
    """Where a group begins; None for the first one."""
    order = list(When)
    place = order.index(group)
    return edges(at)[order[place - 1]] if place else None


def next_steps(
    actor: Actor, *, after: Mark | None = None, since: datetime | None = None, limit: int = PAGE
) -> list[Deadline]:
    """The next clock of each case at the actor's counsellor desks, the most overdue first, after a mark (keyset)."""
    found = [
        row for desk in desks_of(actor) for row in _after(_steps(desk), after, since).select_related(*RELATED)[:limit]
    ]
    return sorted(found, key=lambda row: (row.due_at, row.pk))[:limit]


def reds(actor: Actor, limit: int = PAGE) -> list[Deadline]:
    """The next clock of each red case at the actor's counsellor desks, the most overdue first: her list begins with
    them, however many others are overdue after a screening."""
    rows = Deadline.objects.filter(
        desk_id__in=desks_of(actor), state=DeadlineState.RUNNING, case__tier=Tier.RED, case__closed_at=None
    )
    first: dict[UUID, Deadline] = {}
    for row in rows.select_related(*RELATED).order_by("due_at", "pk"):
        first.setdefault(row.case_id, row)
    return list(first.values())[:limit]


RELATED = ("case__manager",)
DUE = 8  # cases that a desk's list begins with


def due_next(actor: Actor, limit: int = DUE) -> list[Deadline]:
    """The next clock of each case at any of the actor's desks that is overdue or runs out today, red ones first and of
    each the most overdue."""
    today = edges(now())[When.TODAY]
    due = [_steps(desk).filter(due_at__lt=today).select_related(*RELATED) for desk in actor.desks]
    found = {row.pk: row for rows in due for few in (rows.filter(tier_rank=0), rows) for row in few[:limit]}
    held = {case.pk for case in sound(actor, [row.case for row in found.values()])}
    mine = (row for row in found.values() if row.case_id in held)
    return sorted(mine, key=lambda row: (row.tier_rank > 0, row.due_at, row.pk))[:limit]


_COUNTS = """
SELECT span.code, sum(few.n) FROM unnest(%(codes)s::text[], %(begins)s::timestamptz[], %(ends)s::timestamptz[])
    AS span (code, since, until), unnest(%(desks)s::integer[]) AS desk,
  LATERAL (SELECT count(*) AS n FROM (
    SELECT FROM cases_deadline d
    WHERE d.desk_id = desk AND d.state = %(running)s AND d.due_at >= span.since AND d.due_at < span.until
      AND NOT EXISTS (SELECT FROM cases_deadline sooner WHERE sooner.desk_id = desk AND sooner.state = %(running)s
        AND sooner.case_id = d.case_id AND (sooner.due_at, sooner.id) < (d.due_at, d.id))
    ORDER BY d.due_at LIMIT %(many)s) rows) few
GROUP BY span.code"""


def counts(actor: Actor) -> dict[str, int]:
    """How many of `_steps` there are in each group, `MANY` at most: one question, whose walls are planned once."""
    bounds = ["-infinity", *(end.isoformat() for end in edges(now()).values()), "infinity"]
    spans = {"codes": [str(group) for group in When], "begins": bounds[:-1], "ends": bounds[1:]}
    values: dict[str, Any] = {**spans, "desks": list(desks_of(actor)), "running": DeadlineState.RUNNING, "many": MANY}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        found = dict(cursor.fetchall())
    return {str(group): min(MANY, int(found.get(group, 0))) for group in When}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case whose next step is not the counsellor's: the clock that runs elsewhere, or None where none runs."""

    case: Case
    clock: Deadline | None


def waiting(actor: Actor, *, before: UUID | None = None, limit: int = PAGE) -> tuple[list[Waiting], UUID | None]:
    """One page of the cases that wait for others, newest first, and where the next page begins (None at the end)."""
    looked: list[UUID | None] = []  # how far each look has come

    def found(older: UUID | None, most: int) -> list[Case]:
        theirs, end = _theirs(actor, older, most)
        looked.append(end)
        return list(Case.objects.filter(pk__in=theirs).order_by("-pk"))

    cases = sound_page(actor, found, before, limit + 1)
    shown, more = cases[:limit], len(cases) > limit
    rows = Deadline.objects.filter(case__in=[case.pk for case in shown], state__in=KEPT)
    clocks: dict[UUID, Deadline] = {}
    for clock in rows.select_related("desk__organisation").order_by("due_at"):
        clocks.setdefault(clock.case_id, clock)
    return [Waiting(case, clocks.get(case.pk)) for case in shown], shown[-1].pk if more else looked[-1]


_HERE = """page.pk, EXISTS (SELECT FROM cases_deadline d WHERE d.case_id = page.pk AND d.state = %(running)s
  AND d.desk_id = ANY(%(here)s::integer[]))"""


def _theirs(actor: Actor, before: UUID | None, most: int) -> tuple[list[UUID], UUID | None]:
    """Of the next `SCAN` cases that the actor holds those without a clock that runs at her desks, `most` at most; and
    the last one looked at, None where no more follow: what is opened and drawn is that part alone."""
    sql, values = held_sql(actor, _HERE, "", before, SCAN + 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, values | {"running": DeadlineState.RUNNING, "here": list(desks_of(actor))})
        page = cursor.fetchall()
    theirs = [pk for pk, here in page[:SCAN] if not here]
    if len(theirs) >= most:
        return theirs[:most], theirs[most - 1]
    return theirs, page[SCAN - 1][0] if len(page) > SCAN else None


def desks_of(actor: Actor) -> Sequence[int]:
    """Her desks as a school counsellor."""
    return [post.desk_id for post in actor.posts if post.role == Role.SCHOOL_COUNSELLOR]


def _steps(desk: int) -> QuerySet[Deadline]:
    """The running clocks of a desk by time, of each case the first one alone."""
    running = Deadline.objects.filter(desk_id=desk, state=DeadlineState.RUNNING)
    sooner = running.filter(case_id=OuterRef("case_id")).filter(
        Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), id__lt=OuterRef("id"))
    )
    return running.filter(~Exists(sooner)).order_by("due_at", "id")


def _after(rows: QuerySet[Deadline], after: Mark | None, since: datetime | None) -> QuerySet[Deadline]:
    """Behind the mark, and not before a moment. The first condition alone is what the index is walked from."""
    if since is not None:
        rows = rows.filter(due_at__gte=since)
    if after is not None:
        beyond = Q(due_at__gt=after.due_at) | Q(id__gt=after.id)
        rows = rows.filter(due_at__gte=after.due_at).filter(beyond)
    return rows
