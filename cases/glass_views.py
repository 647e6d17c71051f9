"""Pages of break-glass: open a file in an emergency, and review what others opened."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions
from cases.action_views import address
from cases.glass_access import (
    confirmed_by_asker,
    open_glass,
    open_running,
    open_sealed_ask,
    openings,
    reveal_reasons,
    running,
    sealed_asks,
)
from cases.models import BreakGlass, Case, GlassReason, SealedAsk, SealedReason, Verdict
from cases.second_person import waits
from cases.second_views import answer_page, owes
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import ActionForm, action_page, beside, by
from wellbeing.errors import Forbidden
from wellbeing.ids import as_reference
from wellbeing.moments import absolute
from wellbeing.workdays import now


class BreakForm(ActionForm):
    """Which file, and why it cannot wait. The reference stays out of every address."""

    reference = forms.CharField(
        label=_("Reference"),
        max_length=32,
        help_text=_("Of the case, such as ZS-7F3A-K2C9: a colleague or a notice names it. Dashes may be missing."),
    )
    why = forms.ChoiceField(label=_("Why it cannot wait"), choices=GlassReason.choices, widget=forms.RadioSelect)
    because = forms.CharField(
        label=_("What makes it necessary"),
        max_length=1000,
        help_text=_("One sentence, 20 characters or more. Those who judge it read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    submit_label = _("Open the file")


class VerdictForm(ActionForm):
    """What a reviewer finds."""

    verdict = forms.ChoiceField(label=_("What you find"), choices=Verdict.choices, widget=forms.RadioSelect)
    submit_label = _("Record it")


class AskSealedForm(ActionForm):
    """Why the sealed section is needed besides."""

    why = forms.ChoiceField(label=_("Why you need it"), choices=SealedReason.choices, widget=forms.RadioSelect)
    submit_label = _("Ask for the sealed section")


@requires(P.GLASS_BREAK, fresh=True)
@require_http_methods(["GET", "POST"])
def break_glass(request: HttpRequest) -> HttpResponse:
    """Open a file in an emergency: two desks are told first, and judge it after."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = BreakForm(request.POST or None, actor=actor, target=None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        reference = as_reference(given["reference"])
        try:
            with beside(form):
                case = actions.break_glass(
                    actor=actor, reference=reference, why=given["why"], because=given["because"], key=given["key"]
                )
                messages.warning(request, _told(actor, case))
                return redirect(address(case))
        except Forbidden:
            form.add_error("reference", _("No open file within your reach has this reference."))
    return render(request, "cases/break_glass.html", {"form": form}, status=422 if form.is_bound else 200)


def _told(actor: Actor, case: Case) -> str:
    """What whoever has just opened a file is told where she arrives: who knows of it, and until when she reads."""
    found = running(actor, case.pk)
    if found is None:  # the form was sent again after its hours
        return str(_("This opening is over."))
    said = _("Two desks were told: %(first)s, %(second)s. You may read until %(until)s; nothing is changed.")
    return str(said) % {"first": found.first_desk, "second": found.second_desk, "until": absolute(found.until)}


@requires(P.GLASS_SEE)
@require_safe
def glass(request: HttpRequest) -> HttpResponse:
    """My own openings, and those that wait for a review of mine; the reasons on it were opened for me."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = openings(actor, request.GET.get("before", ""))
    open_to_me = {row.case_id for row in found if row.by_id == actor.id and row.until > now()}
    reasons, asks, seconded = reveal_reasons(actor, found), sealed_asks(found), confirmed_by_asker(found)
    rows: list[dict[str, Any]] = [
        {"glass": row, "reason": reasons.get(row.pk, ""), "mine": row.by_id == actor.id, "running": row.until > now()}
        | {"seconded": row.pk in seconded}
        | {"sealed": _sealed(actor, row, asks.get(row.pk), concerned=row.case_id in open_to_me)}
        for row in found
    ]
    context = {"rows": rows, "may_break": may(actor, P.GLASS_BREAK), "may_review": may(actor, P.GLASS_REVIEW)}
    return render(request, "cases/glass.html", {**context, "next_cursor": found.next, "now": now()})


def _sealed(actor: Actor, glass: BreakGlass, ask: SealedAsk | None, *, concerned: bool) -> dict[str, Any]:
    """How it stands with the sealed section of one opening, and what the reader may do about it; `concerned` is one who
    has an opening of her own of the same case."""
    running, mine = glass.until > now(), glass.by_id == actor.id
    asked = ask is not None and waits(ask) and running
    open_now = ask is not None and ask.until is not None and ask.until > now()
    told = bool({glass.first_desk_id, glass.second_desk_id} & set(actor.desks))
    refused = ask is not None and ask.refused_at is not None
    return {
        "ask": ask,
        "waits": asked,
        "open": open_now and running,
        "may_ask": mine and running and not (asked or open_now or refused) and may(actor, P.SEALED_ASK),
        "may_answer": asked
        and told
        and not (concerned or mine or glass.reviewed_by_id == actor.id)
        and may(actor, P.SEALED_CONFIRM),
    }


ask_sealed = action_page(
    permission=P.SEALED_ASK,
    fresh=True,
    form=AskSealedForm,
    opener=by(UUID, open_running),
    perform=lambda actor, glass, form: actions.ask_sealed(
        actor=actor, glass_id=glass.pk, why=form.cleaned_data["why"], key=form.cleaned_data["key"]
    ),
    address=lambda _glass: reverse("glass"),
    template="cases/review_glass.html",
    title=_("The sealed section"),
    lead=_(
        "It holds reports of abuse and the number to call back, and who reported is named with it. Somebody at one of"
        " the two desks that were told of your opening must confirm within ten minutes; then it is open to you alone"
        " for a quarter of an hour. Every reading is recorded with both names."
    ),
    done=_("Asked. Both desks were told."),
    danger=True,
)


def _why(actor: Actor, glass: BreakGlass) -> str:
    """Why it was opened, for whoever judges that."""
    return reveal_reasons(actor, [glass]).get(glass.pk, "")


confirm_sealed = answer_page(
    P.SEALED_CONFIRM,
    by(UUID, open_sealed_ask),
    actions.confirm_sealed,
    back="glass",
    template="cases/review_glass.html",
    title=_("Confirm as the second person"),
    lead=_(
        "Is it necessary now? Ask her on the telephone if you can. You judge the asking; you see nothing of the file."
    ),
    done=_("Confirmed. The sealed section is open to her alone for a quarter of an hour."),
    faults=owes,
    shown=lambda actor, ask: _why(actor, ask.glass),
)
refuse_sealed = answer_page(
    P.SEALED_CONFIRM,
    by(UUID, open_sealed_ask),
    actions.refuse_sealed,
    back="glass",
    template="cases/review_glass.html",
    title=_("Refuse as the second person"),
    lead=_("Your refusal is recorded, and told to whoever asked. In this opening the sealed section then stays shut."),
    done=_("Refused. Nothing was opened."),
    shown=lambda actor, ask: _why(actor, ask.glass),
    danger=True,
)


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
    shown=lambda actor, glass: _why(actor, glass),
)
