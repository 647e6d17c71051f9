"""Pages of a transfer: ask, take over, send back; and what a desk keeps of cases that it no longer holds."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases import actions
from cases.access import visible_cases
from cases.action_views import page
from cases.forms import ConfirmForm
from cases.queues import PAGE, may_reopen, stubs
from cases.transfer import Basis, End
from cases.transfer_forms import RefuseForm, TransferForm
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires

ask_transfer = page(
    P.TRANSFER_ASK,
    TransferForm,
    lambda actor, case, form: actions.ask_transfer(
        actor=actor,
        case=case,
        division=form.cleaned_data["division"],
        basis=Basis(form.cleaned_data["basis"]),
        words=form.words(),
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Hand the file over"),
    lead=gettext_lazy("The other county is asked first. Until it says yes, nothing moves and you stay responsible."),
)
accept_transfer = page(
    P.TRANSFER_ANSWER,
    ConfirmForm,
    lambda actor, case, form: actions.accept_transfer(actor=actor, case=case, key=form.cleaned_data["key"]),
    gettext_lazy("Take the file over"),
    lead=gettext_lazy(
        "With your click your county is responsible: the clocks go on at your desk with the same times, and the old"
        " desks of county and school no longer open the file."
    ),
)
refuse_transfer = page(
    P.TRANSFER_ANSWER,
    RefuseForm,
    lambda actor, case, form: actions.refuse_transfer(
        actor=actor, case=case, because=form.cleaned_data["because"], key=form.cleaned_data["key"]
    ),
    gettext_lazy("Send it back"),
    lead=gettext_lazy("The file stays where it is. The desk that asked reads your reason."),
    gone="home",
)


@requires(P.CASE_LIST)
@require_safe
def ended_cases(request: HttpRequest) -> HttpResponse:
    """What my desks and I had and have no longer, the newest first; `?before=` continues after a row.

    A closed one can be opened again from here where the desk may, and leads to its page where it was.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    before = request.GET.get("before", "")
    try:
        found = stubs(actor, before=UUID(before) if before else None, limit=PAGE + 1)
    except ValueError:
        found = stubs(actor, limit=PAGE + 1)
    more, found = len(found) > PAGE, found[:PAGE]
    closed = {row.reference for row in found if row.end == End.CLOSED}
    here = set(visible_cases(actor).filter(reference__in=closed).values_list("reference", flat=True))
    again = may_reopen(actor, closed)
    rows = [
        {
            "stub": row,
            "here": row.end == End.CLOSED and row.reference in here,
            "reopens": row.end == End.CLOSED and row.reference in again,
        }
        for row in found
    ]
    template = "cases/_ended_rows.html" if request.htmx else "cases/ended.html"  # type: ignore[attr-defined]
    context: dict[str, Any] = {"rows": rows, "next_cursor": found[-1].pk if more else None, "swap": bool(request.htmx)}  # type: ignore[attr-defined]
    return render(request, template, context)
