"""The hotline supervisor's pages: the live desks, the sample of calls and their review; and a counsellor's note after a
hard call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from cases import actions
from cases.draft_access import reveal_notes
from cases.quality import DOMAINS, HIGHEST, LOWEST
from cases.supervision import debriefings, live, open_review, own_call, sample
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import ActionForm, action_page, by
from wellbeing.exchange.queues import running, today
from wellbeing.workdays import now

MARKS = [(str(mark), str(mark)) for mark in range(LOWEST, HIGHEST + 1)]


@requires(P.DESKS_WATCH)
@require_safe
def live_desks(request: HttpRequest) -> HttpResponse:
    """Who is on duty at the hotline, what rings and runs, and what each counsellor has taken in this shift."""
    return render(request, "cases/live_desks.html", _live(request))


@requires(P.DESKS_WATCH, quiet=True)
@require_safe
def live_desks_now(request: HttpRequest) -> HttpResponse:
    """The same, for the page that refreshes itself."""
    return render(request, "cases/_live_desks.html", _live(request))


def _live(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {"loads": live(actor), "running": running(), "today": today(), "now": now()}


@requires(P.CALL_REVIEW)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """The calls of the sample, and the notes after hard calls, which were opened for the supervisor."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = sample(actor, request.GET.get("before", ""))
    notes = reveal_notes(actor, debriefings(actor))
    waiting = sum(not one.done for one in rows)
    page = {
        "rows": rows,
        "next_cursor": rows.next,
        "waiting": waiting,
        "notes": notes,
        "me": actor.person,
        "now": now(),
    }
    page["watches"] = may(actor, P.DESKS_WATCH)
    return render(request, "cases/reviews.html", page)


@requires(P.CALL_REVIEW)
@require_POST
def begin_review(request: HttpRequest, call: UUID) -> HttpResponse:
    """Begin the review of one call of the sample."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    review = actions.begin_review(actor=actor, call_id=call)
    return redirect("judge_review", review.pk)


class JudgeForm(ActionForm):
    """Three marks and a note."""

    process = forms.ChoiceField(
        label=_("Process"),
        choices=MARKS,
        widget=forms.RadioSelect,
        help_text=_("Risk asked plainly, tier and steps right, told and handed on in time. 1 poor, 5 excellent."),
    )
    attitude = forms.ChoiceField(
        label=_("Attitude"),
        choices=MARKS,
        widget=forms.RadioSelect,
        help_text=_("Respect, patience, no judging, no promise that cannot be kept."),
    )
    communication = forms.ChoiceField(
        label=_("Communication"),
        choices=MARKS,
        widget=forms.RadioSelect,
        help_text=_("Listening, clear words, hope at the end, agreed next steps."),
    )
    note = forms.CharField(
        label=_("Note for the supervisors"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 5})
    )
    submit_label = _("Record it")


class DebriefForm(ActionForm):
    """What stays after a hard call."""

    text = forms.CharField(
        label=_("What stays with you"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("You and the supervisor read it, nobody else."),
    )
    submit_label = _("Keep this note")


judge_review = action_page(
    permission=P.CALL_REVIEW,
    form=JudgeForm,
    opener=by(UUID, open_review),
    perform=lambda actor, review, form: actions.judge_review(
        actor=actor,
        review_id=review.pk,
        marks={domain: int(form.cleaned_data[domain]) for domain in DOMAINS},
        note=form.cleaned_data["note"],
        key=form.cleaned_data["key"],
    ),
    address=lambda _review: reverse("reviews"),
    template="cases/judge_review.html",
    title=_("Review of a call"),
    lead=_("Read the sheet, then judge the call in three domains. The file is open to you for some days."),
    done=_("Your review of the call is recorded; the counsellor sees the marks."),
)
debrief = action_page(
    permission=P.DEBRIEF,
    form=DebriefForm,
    opener=by(UUID, own_call),
    perform=lambda actor, call, form: actions.write_debriefing(
        actor=actor, call_id=call.pk, text=form.cleaned_data["text"], key=form.cleaned_data["key"]
    ),
    address=lambda _call: reverse("shift"),
    template="cases/debrief.html",
    title=_("Debriefing note"),
    lead=_("After a hard call: what happened to you in it, and what would help."),
    done=_("Your note is with the supervisor."),
)
