"""The exchange's calls on the call desk: what rings and runs now, and one of them taken onto the sheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from cases.draft_access import goes_on_in, open_draft
from cases.models import Warning
from cases.queues import open_warning
from cases.rings import begun_ms, on_sheet
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.errors import Forbidden
from wellbeing.exchange.access import open_ring
from wellbeing.exchange.queues import running
from wellbeing.workdays import now


@requires(P.RING_SEE, quiet=True)
@require_safe
def call_line(request: HttpRequest) -> HttpResponse:
    """What rings and runs at this hotline now, for the desk that refreshes it, and who has taken the warning of the
    `sheet` that goes on there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sheet = request.GET.get("sheet", "")
    page = {"running": running(), "sheet": sheet, "taken": _taken(actor, sheet), "polled": True, "now": now()}
    return render(request, "cases/_line.html", page)


def _taken(actor: Actor, sheet: str) -> Warning | None:
    """The warning of a sheet that was logged and goes on, once a person has taken it."""
    try:
        case = goes_on_in(actor, open_draft(actor, UUID(sheet)))
    except (ValueError, Forbidden):
        return None
    found = open_warning(case) if case else None
    return found if found and found.acknowledged_at else None


@requires(P.RING_SEE)
@require_POST
def ring_onto_sheet(request: HttpRequest, ring: UUID) -> HttpResponse:
    """The fields of the sheet that a call of the exchange fills, as JSON of texts, and `since`, when it began, in
    milliseconds; the number told is recorded. 409 once it was logged or settled."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_ring(actor, ring, P.RING_SEE)
    if found.settled_at is not None:
        return JsonResponse({"state": "settled"}, status=409)
    fields = {code: _typed(value) for code, value in on_sheet(actor, found).items()}
    return JsonResponse({**fields, "since": begun_ms(found)})


def _typed(value: Any) -> str:
    """A value as the sheet's field holds it; a time as the browser's own picker does."""
    return value.strftime("%Y-%m-%dT%H:%M") if hasattr(value, "strftime") else str(value)
