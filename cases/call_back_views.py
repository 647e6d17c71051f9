"""The page of the call-backs that are due."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.access import reveal_covers
from cases.action_views import address
from cases.call_backs import PAGE, call_backs
from cases.models import PolicyVersion
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.workdays import now


@requires(P.CALL_TAKE)
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """The desk's call-backs, the earliest first; `?before=` continues behind a row."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        after = UUID(request.GET["before"]) if "before" in request.GET else None
    except ValueError:
        after = None
    found = call_backs(actor, after=after, limit=PAGE + 1)
    more, found = len(found) > PAGE, found[:PAGE]
    names, at = reveal_covers(actor, [row.clock.case for row in found]), now()
    policy = PolicyVersion.current().policy()
    context = {
        "rows": [
            {
                "case": row.clock.case,
                "name": names.get(row.clock.case_id),
                "due_at": row.clock.due_at,
                "late": row.clock.due_at <= at,
                "step": row.clock.step + 1,
                "tries": row.tries,
                "url": address(row.clock.case),
            }
            for row in found
        ],
        "most": policy.callback_tries,
        "next_cursor": found[-1].clock.pk if more else None,
        "now": at,
    }
    return render(request, "cases/call_backs.html", context)
