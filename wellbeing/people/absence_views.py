"""Pages of leave: one's own and that of one's desks; and, for whoever administers accounts, anybody's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import action_page, beside, say
from wellbeing.people import accounts, actions
from wellbeing.people.absence_forms import AbsenceForm, EndAbsenceForm, EnterAbsenceForm
from wellbeing.people.absences import absences, at_desks, open_absence, watched
from wellbeing.people.forms import BecauseForm
from wellbeing.people.models import Absence, User
from wellbeing.signin.leaving import owed
from wellbeing.workdays import now


@requires(P.ABSENCE_TAKE)
@require_safe
def absence(request: HttpRequest) -> HttpResponse:
    """My leave, and who is or will be away at the desks that are mine or that I watch over."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = now().date()
    mine = list(absences([actor.person]))
    context = {
        "mine": mine,
        "running": next((one for one in mine if one.first_day <= today), None),
        "rows": [row for row in at_desks(watched(actor)) if row.absence.user_id != actor.id],
        "covers": may(actor, P.HANDOVER),
        "today": today,
    }
    return render(request, "people/absence.html", context)


@requires(P.ABSENCE_TAKE, fresh=True)
@require_http_methods(["GET", "POST"])
def take_absence(request: HttpRequest) -> HttpResponse:
    """Enter my own leave. One that begins today ends my sessions, this one too: what a shift owes comes first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = AbsenceForm(request.POST or None, actor=actor, target=None)
    if form.is_bound and form.is_valid():
        today = form.cleaned_data["first_day"] == now().date()
        if today and (route := owed(actor)):
            messages.warning(request, _("Leave your colleagues the note of this shift first; then enter your leave."))
            return redirect(route)
        with beside(form):
            actions.take_absence(actor=actor, key=form.cleaned_data["key"], **form.given())
            return _away(request) if today else _entered(request)
    context = {
        **{"form": form, "title": _("Enter my leave"), "back": reverse("absence"), "submit_label": form.submit_label},
        "lead": _("In these days your posts rest: you see no file, and nothing is asked of you. Nobody asks why."),
    }
    return render(request, "people/account_action.html", context, status=422 if form.is_bound else 200)


def _away(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("Your leave has begun, and you are signed out. Sign in again to end it early."))
    return redirect("sign_in")


def _entered(request: HttpRequest) -> HttpResponse:
    say(request, _("The leave is entered; your desk has been told."))
    return redirect("absence")


def _end(actor: Actor, target: Absence, form: Any) -> Any:
    return actions.end_absence(actor=actor, absence=target, key=form.cleaned_data["key"])


end_absence = action_page(
    permission=P.ABSENCE_TAKE,
    form=EndAbsenceForm,
    opener=open_absence,
    perform=_end,
    address=lambda target: reverse("absence"),
    template="people/account_action.html",
    title=gettext_lazy("End my leave"),
    lead=gettext_lazy("Your posts run again at once, with everything that came to your desks meanwhile."),
    done=gettext_lazy("Your leave is over; your posts run again."),
    fresh=True,
)


def _enter(actor: Actor, target: User, form: Any) -> Any:
    return actions.enter_absence(actor=actor, account=target, key=form.cleaned_data["key"], **form.given())


enter_absence = action_page(
    permission=P.ABSENCE_ENTER,
    form=EnterAbsenceForm,
    opener=accounts.open_account,
    perform=_enter,
    address=lambda target: reverse("account_page", args=[target.pk]),
    template="people/account_action.html",
    title=gettext_lazy("Enter a leave"),
    lead=gettext_lazy("In these days all her posts rest. She is told, and may end it herself."),
    done=gettext_lazy("The leave is entered; she and her desks have been told."),
    fresh=True,
)


def _lift(actor: Actor, target: Absence, form: Any) -> Any:
    given = {name: form.cleaned_data[name] for name in ("because", "key")}
    return actions.lift_absence(actor=actor, absence=target, **given)


lift_absence = action_page(
    permission=P.ABSENCE_ENTER,
    form=BecauseForm,
    opener=open_absence,
    perform=_lift,
    address=lambda target: reverse("account_page", args=[target.user_id]),
    template="people/account_action.html",
    title=gettext_lazy("End the leave"),
    lead=gettext_lazy("Her posts run again at once; a leave that has not begun is taken back. She is told."),
    done=gettext_lazy("The leave is over; she and her desks have been told."),
    fresh=True,
)
