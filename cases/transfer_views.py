"""Pages of a transfer: ask, take over, send back; and what a desk keeps of cases that it no longer holds."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions
from cases.access import open_case, visible_cases
from cases.action_views import address, page
from cases.display import asked_rows
from cases.forms import ConfirmForm
from cases.models import Case
from cases.moving import begun
from cases.queues import PAGE, may_reopen, stubs
from cases.transfer import Basis, End, Scope
from cases.transfer_forms import RefuseForm, TransferForm
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action import was_done
from wellbeing.action_page import beside


@requires(P.TRANSFER_ASK)
@require_http_methods(["GET", "POST"])
def ask_transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a transfer; before that the asker sees exactly what the other desk will read before it answers."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.TRANSFER_ASK)
    first = begun(actor, case) if request.method == "GET" else {}
    form = TransferForm(request.POST or None, actor=actor, target=case, initial=first)
    words: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        with beside(form):
            words = _asked(actor, case, form, seen=request.POST.get("seen", "") if "send" in request.POST else "")
        if not words and form.is_valid():
            return redirect(address(case))
    context = {"form": form, "case": case, "preview": asked_rows(words), "seen": _digest(words)}
    context["minimum"] = words.get("scope") == Scope.MINIMUM
    return render(request, "cases/ask_transfer.html", context, status=422 if form.is_bound and form.errors else 200)


def _asked(actor: Actor, case: Case, form: TransferForm, *, seen: str) -> dict[str, Any]:
    """Ask, or answer with what the asker must see first, where it was not shown as it would go now."""
    basis, given = Basis(form.cleaned_data["basis"]), form.words()
    if not was_done(actor, str(form.cleaned_data["key"])):
        words = actions.asking_words(actor, case, form.chosen, basis, given)
        if seen != _digest(words):
            return words
    actions.ask_transfer(
        actor=actor,
        case=case,
        division=form.cleaned_data["division"],
        scope=form.chosen,
        basis=basis,
        words=given,
        key=form.cleaned_data["key"],
    )
    return {}


def _digest(words: dict[str, Any]) -> str:
    return salted_hmac("handover", json.dumps(words, sort_keys=True), algorithm="sha256").hexdigest() if words else ""


accept_transfer = page(
    P.TRANSFER_ANSWER,
    ConfirmForm,
    lambda actor, case, form: actions.accept_transfer(actor=actor, case=case, key=form.cleaned_data["key"]),
    gettext_lazy("Take the file over"),
    lead=gettext_lazy(
        "With your click your county is responsible, and the old desks of county and school no longer open the file. A"
        " whole file comes with its clocks and their times; with a minimum hand-over a new file begins here."
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
