"""The supervisor's page of restricted callers: what runs, what might, and lifting it. No number stands on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases import actions
from cases.forms import ConfirmForm
from cases.models import Call, PolicyVersion, Restriction
from cases.restriction_access import (
    call_to_restrict,
    candidates,
    harassing_call,
    open_restriction,
    restrictions,
    silent,
)
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action_page import ActionForm, Undo, action_page, by
from wellbeing.workdays import now

WEEK = 7


@requires(P.CALLER_RESTRICT)
@require_safe
def restrictions_page(request: HttpRequest) -> HttpResponse:
    """Which numbers are restricted, since when, by whom, until when, how often they called since; which may be; and
    who calls and says nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows, at = restrictions(actor, request.GET.get("before", "")), now()
    running = [one for one in rows if one.ended_at is None and one.until > at]
    silent_numbers, silent_lines = silent(actor)
    page = {
        "silent_numbers": silent_numbers,
        "silent_lines": silent_lines,
        "running": running,
        "ended": [one for one in rows if one not in running],
        "next_cursor": rows.next,
        "candidates": candidates(actor),
        "policy": PolicyVersion.current().policy(),
        "now": at,
    }
    return render(request, "cases/restrictions.html", page)


class RestrictForm(ActionForm):
    """For how long."""

    days = forms.IntegerField(label=_("For how many days"), min_value=1, initial=WEEK)
    submit_label = _("Restrict the number")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        most = PolicyVersion.current().policy().restrict_days
        self.fields["days"].help_text = _("At most %(days)s, by policy.") % {"days": most}
        self.fields["days"].initial = min(WEEK, most)


def _back(_target: Call | Restriction) -> str:
    return reverse("restrictions")


restrict_caller = action_page(
    permission=P.CALLER_RESTRICT,
    form=RestrictForm,
    opener=by(UUID, harassing_call),
    perform=lambda actor, call, form: actions.restrict_caller(
        actor=actor, call_id=call.pk, days=form.cleaned_data["days"], key=form.cleaned_data["key"]
    ),
    address=_back,
    template="cases/restrict_caller.html",
    title=_("Restrict a caller"),
    lead=_(
        "Nothing is blocked: whoever has the number on the line is told to keep it short. An answered risk lifts it."
    ),
    done=_("The number is restricted."),
    undo=lambda made, _form: Undo(reverse("lift_restriction", args=[made.pk])),
)


def _restricted_again(lifted: Restriction, _form: Any) -> Undo | None:
    """For the whole days that were left, one at least."""
    call, left = call_to_restrict(lifted), lifted.until - (lifted.ended_at or lifted.until)
    return Undo(reverse("restrict_caller", args=[call]), {"days": str(max(1, left.days))}) if call else None


lift_restriction = action_page(
    permission=P.CALLER_RESTRICT,
    form=ConfirmForm,
    opener=by(UUID, open_restriction),
    perform=lambda actor, one, form: actions.lift_restriction(
        actor=actor, restriction_id=one.pk, key=form.cleaned_data["key"]
    ),
    address=_back,
    template="cases/restrict_caller.html",
    title=_("Lift the restriction"),
    lead=_("From now on no hint is given for this number."),
    done=_("The restriction is lifted."),
    undo=_restricted_again,
)
