"""The lists people work from: the worklist (newest first, page by page) and the triage board (running clocks).

The worklist walks the grants of one holder in the order of their index, so a page costs the same for 50 grants and
for 250,000. Several desks are merged: each branch gives its own first page (an OR of the branches would read them all).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from cases.models import Case, Deadline, DeadlineState, Lowering, Warning
from wellbeing.access.actor import Actor
from wellbeing.access.grants import hold_id
from wellbeing.access.models import Hold
from wellbeing.workdays import now

PAGE = 25
BOARD = 200

_FIRST = """
SELECT c.* FROM (
  (SELECT g.content_object_id AS pk FROM cases_caseuserobjectpermission g
   WHERE g.user_id = %(user)s AND g.permission_id = %(see)s AND g.expires_at > app_now(){after}
   ORDER BY g.content_object_id DESC LIMIT %(limit)s){desks}
) page JOIN cases_case c ON c.id = page.pk ORDER BY c.id DESC LIMIT %(limit)s
"""
_DESK = """
  UNION
  (SELECT g.content_object_id FROM cases_casegroupobjectpermission g
   WHERE g.group_id = {desk} AND g.permission_id = %(see)s AND g.expires_at > app_now(){after}
   ORDER BY g.content_object_id DESC LIMIT %(limit)s)"""


def worklist(actor: Actor, *, before: UUID | None = None, limit: int = PAGE) -> list[Case]:
    """The actor's cases, newest first, `limit` at most, those older than the case `before` (keyset)."""
    after = " AND g.content_object_id < %(before)s" if before else ""
    desks = "".join(_DESK.format(desk=int(desk), after=after) for desk in actor.desks)
    values = {"user": actor.id, "see": hold_id(Case, Hold.SEE), "limit": limit, "before": before}
    return list(Case.objects.raw(_FIRST.format(after=after, desks=desks), values))


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line of the board: the most urgent running clock of one case."""

    case: Case
    clock_kind: str
    due_at: datetime
    overdue: bool
    level: int


def board(actor: Actor, *, tier: str = "", limit: int = BOARD) -> list[BoardRow]:
    """The running clocks of the actor's desks: overdue first, then by tier and time left; one line per case."""
    at = now()
    rows = _running(actor.desks)
    if tier:
        rows = rows.filter(tier=tier)
    seen: dict[UUID, BoardRow] = {}
    for clock in rows.select_related("case", "case__division", "case__manager")[: limit * 3]:
        row = BoardRow(clock.case, clock.kind, clock.due_at, clock.due_at < at, clock.level)
        held = seen.get(clock.case_id)
        if held is None or (row.due_at < held.due_at):
            seen[clock.case_id] = row
    return sorted(seen.values(), key=lambda row: (not row.overdue, _rank(row), row.due_at))[:limit]


def counts(actor: Actor) -> dict[str, int]:
    """How many open cases the desks' clocks run for, by tier, and how many clocks are overdue; capped by the board."""
    rows = board(actor)
    found = dict.fromkeys(("red", "orange", "yellow", "blue"), 0)
    for row in rows:
        found[row.case.tier] = found.get(row.case.tier, 0) + 1
    found["overdue"] = sum(row.overdue for row in rows)
    return found


def running_clocks(case: Case) -> list[Deadline]:
    """The clocks of one case, the next one first."""
    rows = Deadline.objects.filter(case=case, state=DeadlineState.RUNNING).select_related("desk__organisation")
    return list(rows.order_by("due_at"))


def open_warning(case: Case) -> Warning | None:
    """The warning that is open, with who acknowledged it."""
    return Warning.objects.filter(case=case, ended_at=None).select_related("acknowledged_by").first()


def open_lowering(case: Case) -> Lowering | None:
    """The proposal that waits for a second person."""
    return Lowering.objects.filter(case=case, ended_at=None).select_related("proposed_by").first()


def _running(desks: Sequence[int]) -> QuerySet[Deadline]:
    return Deadline.objects.filter(desk_id__in=desks, state=DeadlineState.RUNNING).order_by("tier_rank", "due_at")


def _rank(row: BoardRow) -> int:
    return ("red", "orange", "yellow", "blue", "green").index(row.case.tier)
