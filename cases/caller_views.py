"""Pages of the caller's number: ask, confirm as the second person, read once."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cases import actions
from cases.action_views import page
from cases.caller_access import asks, number_of, open_ask
from cases.models import CallerReason, Case
from cases.second_person import fresh, waits
from cases.second_views import answer_page, owes
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import ActionForm, by


class AskForm(ActionForm):
    """Why the number is needed."""

    why = forms.ChoiceField(
        label=gettext_lazy("Why you need it"), choices=CallerReason.choices, widget=forms.RadioSelect
    )
    submit_label = gettext_lazy("Ask for the number")


def _none_kept(actor: Actor, case: Case) -> list[Any]:
    return [] if number_of(case) else [_("No number is kept of this caller, or its time is over.")]


ask_caller = page(
    P.CALLER_ASK,
    AskForm,
    lambda actor, case, form: actions.ask_caller(
        actor=actor, case=case, why=form.cleaned_data["why"], key=form.cleaned_data["key"]
    ),
    gettext_lazy("The caller's number"),
    lead=gettext_lazy(
        "Callers were promised to stay unknown. A supervisor of the hotline or the city's duty desk must confirm within"
        " ten minutes; then you may read the number once. Both of you are recorded."
    ),
    faults=_none_kept,
    gone="callers",
    danger=True,
)


@requires(P.CALLER_READ)
@require_safe
def callers(request: HttpRequest) -> HttpResponse:
    """What I asked for, and what waits for a second person; no number stands here."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    confirms, found = may(actor, P.CALLER_CONFIRM), asks(actor, request.GET.get("before", ""))
    rows = [
        {
            "ask": ask,
            "confirm": confirms and ask.by_id != actor.id and waits(ask),
            "read": ask.by_id == actor.id and ask.read_at is None and fresh(ask.confirmed_at),
            "waits": waits(ask),
        }
        for ask in found
    ]
    return render(request, "cases/callers.html", {"rows": rows, "next_cursor": found.next})


confirm_caller = answer_page(
    P.CALLER_CONFIRM,
    by(UUID, open_ask),
    actions.confirm_caller,
    back="callers",
    template="cases/confirm_caller.html",
    title=gettext_lazy("Confirm as the second person"),
    lead=gettext_lazy("Is it necessary now? You judge the asking; you see nothing of the file and not the number."),
    done=gettext_lazy("Confirmed. The number can now be read once, within ten minutes."),
    faults=owes,
)

refuse_caller = answer_page(
    P.CALLER_CONFIRM,
    by(UUID, open_ask),
    actions.refuse_caller,
    back="callers",
    template="cases/confirm_caller.html",
    title=gettext_lazy("Refuse as the second person"),
    lead=gettext_lazy("Your refusal is recorded, and told to whoever asked."),
    done=gettext_lazy("Refused. Nothing was opened."),
    danger=True,
)


@requires(P.CALLER_READ)
@require_POST
def read_caller(request: HttpRequest, ask: UUID) -> HttpResponse:
    """The number, on this one page, once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    number = actions.read_caller(actor=actor, ask_id=ask)
    return render(request, "cases/caller_read.html", {"number": number})
