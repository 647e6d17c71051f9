"""Pages of break-glass: open a file in an emergency, and review what others opened."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions
from cases.action_views import address
from cases.glass_access import open_glass, openings, reveal_reasons
from cases.models import GlassReason, Verdict
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import ActionForm, action_page, beside, by
from wellbeing.errors import Forbidden
from wellbeing.workdays import now


class BreakForm(ActionForm):
    """Which file, and why it cannot wait. The reference stays out of every address."""

    reference = forms.CharField(label=_("Reference"), max_length=16)
    why = forms.ChoiceField(label=_("Why it cannot wait"), choices=GlassReason.choices, widget=forms.RadioSelect)
    because = forms.CharField(
        label=_("What makes it necessary"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    submit_label = _("Open the file")


class VerdictForm(ActionForm):
    """What a reviewer finds."""

    verdict = forms.ChoiceField(label=_("What you find"), choices=Verdict.choices, widget=forms.RadioSelect)
    submit_label = _("Record it")


@requires(P.GLASS_BREAK, fresh=True)
@require_http_methods(["GET", "POST"])
def break_glass(request: HttpRequest) -> HttpResponse:
    """Open a file in an emergency: two desks are told first, and judge it after."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = BreakForm(request.POST or None, actor=actor, target=None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        reference = given["reference"].strip().upper()
        try:
            with beside(form):
                case = actions.break_glass(
                    actor=actor, reference=reference, why=given["why"], because=given["because"], key=given["key"]
                )
                return redirect(address(case))
        except Forbidden:
            form.add_error("reference", _("No open file within your reach has this reference."))
    return render(request, "cases/break_glass.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(P.GLASS_SEE)
@require_safe
def glass(request: HttpRequest) -> HttpResponse:
    """My own openings, and those that wait for a review of mine; the reasons on it were opened for me."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = openings(actor)
    reasons = reveal_reasons(actor, found)
    rows: list[dict[str, Any]] = [
        {"glass": row, "reason": reasons.get(row.pk, ""), "mine": row.by_id == actor.id, "running": row.until > now()}
        for row in found
    ]
    context = {"rows": rows, "may_break": may(actor, P.GLASS_BREAK), "may_review": may(actor, P.GLASS_REVIEW)}
    return render(request, "cases/glass.html", {**context, "now": now()})


review_glass = action_page(
    permission=P.GLASS_REVIEW,
    fresh=True,
    form=VerdictForm,
    opener=by(UUID, open_glass),
    perform=lambda actor, glass, form: actions.review_glass(
        actor=actor, glass_id=glass.pk, verdict=form.cleaned_data["verdict"], key=form.cleaned_data["key"]
    ),
    address=lambda _glass: reverse("glass"),
    template="cases/review_glass.html",
    title=_("Review an opening"),
    lead=_("Was it necessary, and was it necessary then? You judge the opening; you see nothing of the file."),
    done=_("Your review is recorded."),
)
