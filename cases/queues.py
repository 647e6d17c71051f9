"""The lists people work from: the worklist (newest first, page by page) and the triage board (running clocks).

The worklist walks the grants of one holder in the order of their index, so a page costs the same for 50 grants and
for 250,000. Several desks are merged: each branch gives its own first page (an OR of the branches would read them all).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from cases.clocks import CLOCK_TEXT, OUTSTANDING, ClockKind
from cases.models import (
    Case,
    ConsentRecord,
    Deadline,
    DeadlineState,
    Entry,
    EntryKind,
    Escalation,
    Leave,
    LeaveStep,
    Lowering,
    Stub,
    Telling,
    Transfer,
    Warning,
)
from cases.tiers import Tier
from cases.transfer import Scope
from wellbeing.access.actor import Actor, identity, naming
from wellbeing.access.grants import hold_id
from wellbeing.access.models import Hold
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.sound import sound_page
from wellbeing.errors import Written
from wellbeing.people.desks import triage_desk
from wellbeing.workdays import TIMEZONE, now

PAGE = 25
BOARD = 200
CLOCKS = 8  # that one case may have running, at most, when the board takes its first rows
TIERS = tuple(tier.value for tier in sorted(Tier, key=lambda tier: tier.rank))

_FIRST = """
SELECT {columns} FROM (
  (SELECT g.content_object_id AS pk FROM cases_caseuserobjectpermission g
   WHERE g.user_id = %(user)s AND g.permission_id = %(see)s AND g.expires_at > app_now(){after}
   ORDER BY g.content_object_id DESC LIMIT %(limit)s){desks}
) page {join} ORDER BY page.pk DESC LIMIT %(limit)s
"""
_DESK = """
  UNION
  (SELECT g.content_object_id FROM cases_casegroupobjectpermission g
   WHERE g.group_id = {desk} AND g.permission_id = %(see)s AND g.expires_at > app_now(){after}
   ORDER BY g.content_object_id DESC LIMIT %(limit)s)"""


def worklist(actor: Actor, *, before: UUID | None = None, limit: int = PAGE) -> list[Case]:
    """The actor's cases, newest first, `limit` at most, those older than the case `before` (keyset)."""

    def found(older: UUID | None, most: int) -> list[Case]:
        return list(Case.objects.raw(*_held(actor, "c.*", "JOIN cases_case c ON c.id = page.pk", older, most)))

    return sound_page(actor, found, before, limit)


def held(actor: Actor, *, before: UUID | None, limit: int) -> list[UUID]:
    """The ids of the same page, by the grants alone: what a search goes through."""
    with connection.cursor() as cursor:
        cursor.execute(*_held(actor, "page.pk", "", before, limit))
        return [pk for (pk,) in cursor.fetchall()]


def _held(actor: Actor, columns: str, join: str, before: UUID | None, limit: int) -> tuple[str, dict[str, Any]]:
    after = " AND g.content_object_id < %(before)s" if before else ""
    desks = "".join(_DESK.format(desk=int(desk), after=after) for desk in actor.desks)
    values = {"user": actor.holder, "see": hold_id(Case, Hold.SEE), "limit": limit, "before": before}
    return _FIRST.format(columns=columns, join=join, after=after, desks=desks), values


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line of the board: the most urgent running clock of one case."""

    case: Case
    clock_kind: str
    due_at: datetime
    overdue: bool
    level: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a case stands on the board: overdue first, then by tier and time left."""

    within: bool
    rank: int
    due_at: datetime
    case: UUID

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that stands in an address; None for anything else."""
        group, _tilde, rest = text.partition("~")
        due, _tilde, case = rest.partition("~")
        try:
            within, rank, due_at = bool(int(group[:1])), int(group[1:]), datetime.fromisoformat(due)
            return cls(within, rank, due_at, UUID(case)) if due_at.tzinfo else None
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.within:d}{self.rank}~{self.due_at.astimezone(TIMEZONE).isoformat()}~{self.case}"


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board; `counts` of all cases on it by tier, and of the `overdue` ones; `after` is where the next
    page begins. `more`: more clocks run than were looked at, so the counts are lower bounds."""

    rows: list[BoardRow]
    counts: dict[str, int]
    after: Place | None
    more: bool


def board(actor: Actor, *, tier: str = "", after: Place | None = None, limit: int = BOARD) -> Board:
    """The running clocks of the actor's desks, and those that came up to them: overdue first, then by tier and time
    left; one line per case. No red case is put off to a later page, however many others are overdue.

    Of each tier the first clocks are looked at, of red all: what a page costs follows the open work, and has an end.
    """
    at, most = now(), limit * CLOCKS
    found = _running(actor.desks, most) + [(-1, *row) for row in _came_up(actor.desks, most)]
    first: dict[UUID, tuple[Place, UUID]] = {}
    for _rank, case, of, due_at, clock in found:
        place = Place(due_at >= at, TIERS.index(of), due_at, case)
        first[case] = min(first.get(case, (place, clock)), (place, clock))
    counts = {code: sum(place.rank == rank for place, _c in first.values()) for rank, code in enumerate(TIERS)}
    counts["overdue"] = sum(not place.within for place, _clock in first.values())
    shown = sorted(one for one in first.values() if not tier or TIERS[one[0].rank] == tier)
    if after:  # red ones stood on the first page
        shown = [one for one in shown if one[0] > after and one[0].rank]
    page = [one for number, one in enumerate(shown) if number < limit or not one[0].rank]
    rest = [place for place, _clock in shown[limit:] if place.rank]
    return Board(
        rows=_board_rows(page),
        counts=counts,
        after=shown[limit - 1][0] if rest else None,
        more=any(number >= most for rank, number in Counter(row[0] for row in found).items() if rank),
    )


def _board_rows(page: Sequence[tuple[Place, UUID]]) -> list[BoardRow]:
    """The lines of one page, in its order."""
    rows = Deadline.objects.filter(pk__in=[clock for _place, clock in page])
    by_id = {clock.pk: clock for clock in rows.select_related("case__division", "case__manager")}
    return [
        BoardRow(by_id[pk].case, by_id[pk].kind, place.due_at, not place.within, by_id[pk].level)
        for place, pk in page
        if pk in by_id
    ]


def running_clocks(case: Case) -> list[Deadline]:
    """The clocks of one case that run or pause, the next one first."""
    rows = Deadline.objects.filter(case=case, state__in=(DeadlineState.RUNNING, DeadlineState.PAUSED))
    return list(rows.select_related("desk__organisation", "policy").order_by("due_at"))


def outstanding(case: Case) -> str:
    """What must be done before this file may end, as a sentence; empty for nothing."""
    kinds = dict.fromkeys(ClockKind(clock.kind) for clock in running_clocks(case) if clock.kind in OUTSTANDING)
    what = _(", ").join(_(CLOCK_TEXT[kind]) for kind in kinds)
    return _("First: %(what)s. This is still outstanding.") % {"what": what} if what else ""


# Most cases have none of what follows: what hangs on a row is asked for when there is one.
def tellings(case: Case) -> list[Telling]:
    """Who was told of the case, or not reached, the newest first."""
    return list(Telling.objects.filter(case=case).prefetch_related("by").order_by("-at", "-id"))


def consents(case: Case) -> list[ConsentRecord]:
    """The guardian's answers, the newest first."""
    return list(ConsentRecord.objects.filter(case=case).prefetch_related("by", "second").order_by("-at", "-id"))


def leaves(case: Case) -> list[Leave]:
    """The leaves of a case with their steps, the newest first."""
    steps = Prefetch("steps", LeaveStep.objects.select_related("by").order_by("at", "id"))
    rows = Leave.objects.filter(case=case).prefetch_related(steps, "desk__organisation")
    return list(rows.order_by("-number"))


def written(case: Case) -> frozenset[str]:
    """What was put on paper: the kinds of entry that have a print of their own."""
    kinds = (EntryKind.SAFETY_PLAN, EntryKind.REPORT, EntryKind.RETURN_PLAN)
    return frozenset(Entry.objects.filter(case=case, kind__in=kinds).values_list("kind", flat=True))


def standing(case: Case, kind: EntryKind) -> Written:
    """The newest entry of a kind, by its cover alone: what a new one would replace."""
    row = Entry.objects.filter(case=case, kind=kind).select_related("author").order_by("-at", "-id").first()
    return Written(str(row.pk), str(row.author or ""), row.at) if row else Written()


def open_transfer(case: Case) -> Transfer | None:
    """The transfer that waits for its answer. Most cases have none: what hangs on one is read when there is one."""
    return Transfer.objects.filter(case=case, state="asked").first()


def handed_over(case: Case) -> Transfer | None:
    """The minimum hand-over after which an open case without a warning goes on for its call-backs alone."""
    if case.status == "closed":
        return None
    rows = Transfer.objects.filter(case=case, state="accepted", scope=Scope.MINIMUM)
    return rows.select_related("to_desk__organisation").first()


def stubs(actor: Actor, *, before: UUID | None = None, limit: int = PAGE) -> list[Stub]:
    """What the actor's desks and the actor no longer hold, newest first, those older than the stub `before` (keyset).

    Each holder gives its own first page in the order of its index, as the worklist does.
    """
    rows = Stub.objects.select_related("desk__organisation", "to_desk__organisation").order_by("-id")
    if before:
        rows = rows.filter(pk__lt=before)
    branches = [rows.filter(user_id=actor.person), *(rows.filter(desk_id=desk) for desk in actor.desks)]
    return sorted((row for branch in branches for row in branch[:limit]), key=lambda row: row.pk, reverse=True)[:limit]


def may_reopen(actor: Actor, references: Iterable[str]) -> frozenset[str]:
    """Those of the references that cases.access.open_closed gives the actor; for a list, and no cover is opened."""
    if not may(actor, P.CASE_REOPEN):
        return frozenset()
    named = list(references)
    with identity(actor), naming(*named):
        closed = list(Case.objects.filter(reference__in=named, status="closed"))
    triage = {division: triage_desk(division).pk for division in {case.division_id for case in closed}}
    desks = set(actor.desks)
    return frozenset(one.reference for one in closed if {one.owner_desk_id, triage[one.division_id]} & desks)


def earlier(actor: Actor, case: Case) -> dict[str, Any] | None:
    """The case that the same call was logged as first: its reference, whether the actor sees it, and whether she may
    open it again. None also for whoever neither sees it nor ever held it: who sees this one learns nothing of that."""
    if not case.earlier:
        return None
    here = any(may(actor, P.CASE_SEE, one) for one in Case.objects.filter(reference=case.earlier))
    mine = Q(user_id=actor.person) | Q(desk_id__in=actor.desks)
    if not here and not Stub.objects.filter(mine, reference=case.earlier).exists():
        return None
    return {"reference": case.earlier, "here": here, "reopens": bool(may_reopen(actor, [case.earlier]))}


def open_warning(case: Case) -> Warning | None:
    """The warning that is open, with who acknowledged it."""
    return Warning.objects.filter(case=case, ended_at=None).select_related("acknowledged_by").first()


def open_lowering(case: Case) -> Lowering | None:
    """The proposal that waits for a second person."""
    return Lowering.objects.filter(case=case, ended_at=None).first()


_RUNNING = """
SELECT tier.rank, few.* FROM unnest(%(ranks)s::integer[], %(limits)s::integer[]) AS tier (rank, most), LATERAL (
  SELECT d.case_id, c.tier, d.due_at, d.id FROM cases_deadline d JOIN cases_case c ON c.id = d.case_id
  WHERE d.desk_id = ANY(%(desks)s::integer[]) AND d.state = %(running)s AND d.tier_rank = tier.rank
  ORDER BY d.due_at LIMIT tier.most) few"""
ALL = 2**31 - 1


def _running(desks: Sequence[int], most: int) -> list[tuple[Any, ...]]:
    """The first running clocks of each tier, of red all of them, each with its case and the tier of that: one question,
    whose walls are planned once."""
    limits = [ALL, *(most for _tier in TIERS[1:])]
    values: dict[str, Any] = {"ranks": list(range(len(TIERS))), "limits": limits, "desks": list(desks)}
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING, values | {"running": DeadlineState.RUNNING})
        return list(cursor.fetchall())


def _came_up(desks: Sequence[int], most: int) -> list[tuple[Any, ...]]:
    """Clocks of other desks that were escalated to these: few, whatever the history holds."""
    mine = Escalation.objects.filter(deadline=OuterRef("pk"), desk_id__in=desks)
    risen = Deadline.objects.filter(state=DeadlineState.RUNNING, level__gt=0).exclude(desk_id__in=desks)
    rows = risen.filter(Exists(mine)).order_by("tier_rank", "due_at")
    return list(rows.values_list("case_id", "case__tier", "due_at", "pk")[:most])
