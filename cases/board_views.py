"""The triage desk's board: its running clocks, worst first, on a page that renews itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.action_views import address
from cases.beside_board import standing_still, to_sign
from cases.models import PolicyVersion
from cases.policy_display import season
from cases.queues import Place, board
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may_each
from wellbeing.access.routes import requires
from wellbeing.people.desks import desks
from wellbeing.workdays import now


def _board_context(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tier = request.GET.get("tier", "")
    tier = tier if tier in {t.value for t in Tier} else ""
    found = board(actor, tier=tier, after=Place.read(request.GET.get("after", "")))
    can = may_each(actor, P.WARNING_ACKNOWLEDGE, [row.case for row in found.rows if row.case.status == "opened"])
    rows = [
        {
            "case": row.case,
            "division_name": str(row.case.division),
            "channel": row.case.get_channel_display(),
            "clock_kind": row.clock_kind,
            "due_at": row.due_at,
            "overdue": row.overdue,
            "level": row.level,
            "holder": str(row.case.manager or _("without a manager")),
            "can_acknowledge": can.get(row.case.pk, False),
            "url": address(row.case),
        }
        for row in found.rows
    ]
    return {
        "rows": rows,
        "signing": [{"lowering": one, "case": one.case, "url": address(one.case)} for one in to_sign(actor)],
        "standing": [{"clock": one, "case": one.case, "url": address(one.case)} for one in standing_still(actor)],
        "counts": found.counts,
        "more": found.more,
        "next_mark": str(found.after or ""),
        "after": request.GET.get("after", ""),
        "desk": next(iter(desks(actor.desks)), None),
        "now": now(),
        "tier": tier,
    }


@requires(P.BOARD_SEE)
@require_safe
def triage_board(request: HttpRequest) -> HttpResponse:
    """The desk's running clocks."""
    return _page(request)


def _page(request: HttpRequest) -> HttpResponse:
    context = {**_board_context(request), **season(now(), PolicyVersion.current().policy())}
    return render(request, "cases/board.html", context)


@requires(P.BOARD_SEE, quiet=True)
@require_safe
def board_rows(request: HttpRequest) -> HttpResponse:
    """The board's rows, for the page that refreshes itself; all of it for a browser without scripts, which asks for the
    next one in its place: a red warning comes up there too, and the session ends as it does elsewhere."""
    if not request.htmx:  # type: ignore[attr-defined]
        return _page(request)
    return render(request, "cases/_board_rows.html", _board_context(request))
