"""Pages of the end of closed cases: what is due, two people who stand for it, and what is held."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions
from cases.forms import ConfirmForm
from cases.models import Channel
from cases.retention import HOLD_TEXT
from cases.retention_access import erasures, holds, open_erasure, open_hold
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import ActionForm, action_page, beside, by
from wellbeing.workdays import now


class TypedForm(ActionForm):
    """The reference, typed by hand."""

    typed = forms.CharField(
        label=gettext_lazy("Type the reference of the case"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AskForm(TypedForm):
    submit_label = gettext_lazy("Ask for the erasure")


class SecondForm(TypedForm):
    submit_label = gettext_lazy("Confirm the erasure")


class HoldForm(ActionForm):
    """Which case, why, until when. The reference stays out of every address."""

    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=16)
    why = forms.ChoiceField(label=gettext_lazy("Why it is held"), widget=forms.RadioSelect)
    until = forms.DateField(
        label=gettext_lazy("Until the end of this day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    submit_label = gettext_lazy("Hold it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("why", [(code.value, _(text)) for code, text in HOLD_TEXT.items()])


@requires(P.RETENTION_SEE)
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """What is due, what was erased, and what is held: references and dates, nothing of what was written."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asks, confirms = may(actor, P.ERASURE_ASK), may(actor, P.ERASURE_CONFIRM)
    standing, found = holds(actor), erasures(actor, request.GET.get("before", ""))
    kept = {hold.case_id for hold in standing}
    rows = [
        {
            "row": row,
            "held": row.case_id in kept,
            "channel": Channel(row.channel).label,
            "ask": asks and row.asked_at is None and row.case_id not in kept,
            "confirm": confirms
            and row.asked_at is not None
            and row.case_id not in kept
            and row.confirmed_at is None
            and row.asked_by_id != actor.id
            and row.asked_desk_id not in actor.desks,
        }
        for row in found
    ]
    held = [{"hold": hold, "mine": hold.asked_by_id == actor.id} for hold in standing]
    page = {"rows": rows, "next_cursor": found.next, "holds": held, "now": now()}
    return render(request, "cases/retention.html", page)


@requires(P.HOLD_KEEP)
@require_http_methods(["GET", "POST"])
def set_hold(request: HttpRequest) -> HttpResponse:
    """Hold a case, open or closed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = HoldForm(request.POST or None, actor=actor, target=None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        until = timezone.make_aware(datetime.combine(given["until"], time(23, 59)))
        with beside(form):
            actions.set_hold(actor=actor, reference=given["reference"], why=given["why"], until=until, key=given["key"])
            return redirect("retention")
    return render(request, "cases/set_hold.html", {"form": form}, status=422 if form.is_bound else 200)


def _page(permission: P, form: Any, perform: Any, title: Any, **more: Any) -> Any:
    shared = {
        "opener": open_erasure,
        "address": lambda _row: reverse("retention"),
        "template": "cases/retention_action.html",
    }
    return action_page(permission=permission, form=form, perform=perform, title=title, **{**shared, **more})


ask_erasure = _page(
    P.ERASURE_ASK,
    AskForm,
    lambda actor, row, form: actions.ask_erasure(
        actor=actor, reference=row.reference, typed=form.cleaned_data["typed"], key=form.cleaned_data["key"]
    ),
    gettext_lazy("Ask for the erasure"),
    lead=gettext_lazy(
        "Its time is over. When a second person of another desk has confirmed it, every word of it is gone for good,"
        " also from the backups; the reference, its dates and who read it stay."
    ),
    danger=True,
    fresh=True,
)
confirm_erasure = _page(
    P.ERASURE_CONFIRM,
    SecondForm,
    lambda actor, row, form: actions.confirm_erasure(
        actor=actor, reference=row.reference, typed=form.cleaned_data["typed"], key=form.cleaned_data["key"]
    ),
    gettext_lazy("Confirm the erasure"),
    lead=gettext_lazy(
        "You are the second person. The keys are destroyed in the next run of the custodian; until then a legal hold"
        " still stops it."
    ),
    danger=True,
    fresh=True,
)
lift_hold = _page(
    P.HOLD_KEEP,
    ConfirmForm,
    lambda actor, hold, form: actions.lift_hold(actor=actor, hold_id=hold.pk, key=form.cleaned_data["key"]),
    gettext_lazy("Lift the hold"),
    opener=by(UUID, open_hold),
    lead=gettext_lazy("Two people lift it: the first asks, the second lifts. Without them it ends on its day."),
    fresh=True,
)
