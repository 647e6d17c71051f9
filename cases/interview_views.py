"""Pages of the second stage: who waits for a talk, one decision for many of them, and the talk itself."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.access import reveal_covers
from cases.action_views import address, page
from cases.campaign_forms import DecideForm, InterviewForm, InterviewPlanForm
from cases.display import band_text, worded
from cases.instruments import PAPERS
from cases.tiers import Tier
from cases.triage import DECISION_TEXT, REFUSAL_TEXT, Decision, Effect, digest
from cases.waiting_access import MOST, PAGE, Spot, Waiting, bands_at, flags_of, waiting_count, waiting_page
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.access.routes import requires
from wellbeing.action_page import beside
from wellbeing.workdays import now

FILTERS = ("tier", "grade", "only", "band")


@requires(P.SCREENING_UPLOAD)
@require_http_methods(["GET", "POST"])
def interviews(request: HttpRequest) -> HttpResponse:
    """Whoever waits for an interview at my desks: by day, tier, grade, band, critical item and history; and how they
    are spread over the days."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = InterviewPlanForm(request.POST or None, actor=actor, target=None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with beside(form):
            actions.plan_interviews(actor=actor, first=given["first"], per_day=given["per_day"], key=given["key"])
            return redirect("interviews")
    context = {"form": form, "decide": DecideForm(actor=actor, target=None), **_list(request, actor)}
    return render(request, "cases/interviews.html", context, status=422 if form.is_bound else 200)


@requires(P.SCREENING_DECIDE)
@require_http_methods(["GET", "POST"])
def decide_flagged(request: HttpRequest) -> HttpResponse:
    """What a decision for the chosen students would do; with the digest of what was shown, do it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    chosen = _chosen(request)
    if not chosen:
        if request.method == "POST":
            messages.warning(request, _("Choose at least one student on the list first."))
        return redirect("interviews")
    form = DecideForm(request.POST, actor=actor, target=None)
    if form.is_valid():
        with beside(form):
            if request.POST.get("previewed"):
                return _decide(request, actor, form, chosen)
            decision = Decision(form.cleaned_data["decision"])
            flags = flags_of(actor, chosen)
            found = actions.foresee(actor, flags, decision, **form.given())
            return render(request, "cases/decide_flagged.html", _foreseen(request, actor, form, decision, found))
    plan = InterviewPlanForm(actor=actor, target=None)
    context = {"form": plan, "decide": form, "open": True, **_list(request, actor, chosen)}
    return render(request, "cases/interviews.html", context, status=422)


interview = page(
    P.SCREENING_INTERVIEW,
    InterviewForm,
    lambda actor, case, form: actions.interview_flagged(
        actor=actor,
        case=case,
        outcome=form.cleaned_data["outcome"],
        because=form.cleaned_data["because"],
        answers=form.answers(),
        desk_id=acts_at(actor, P.SCREENING_INTERVIEW, case),
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Interview after a screening"),
    lead=gettext_lazy(
        "Face to face and alone. The fifth question is asked only when one of the four is yes or refused."
    ),
    done=gettext_lazy("The interview is recorded."),
)


def _list(request: HttpRequest, actor: Actor, chosen: Sequence[UUID] = ()) -> dict[str, Any]:
    """A page of the list with its filters, from the address or from the form that keeps them; `all` makes it as long as
    one decision may be, and ticks every row."""
    given = request.POST if request.method == "POST" else request.GET
    asked = {name: given.get(name, "") for name in FILTERS}
    every = request.GET.get("all") == "1"
    limit = MOST if every or len(chosen) > PAGE else PAGE
    after = Spot.parse(given.get("after", ""))
    rows, more = waiting_page(actor, lambda row: _fits(row, asked), after, limit)
    names = reveal_covers(actor, [row.case for row in rows])
    lines = [
        {
            **{"row": row, "name": names.get(row.case.pk), "url": address(row.case)},
            **{"bands": _bands(row), "ticked": every or row.case.pk in chosen},
        }
        for row in rows
    ]
    seen = {(code, band) for row in rows for code, band in row.bands.items()}
    bands = sorted({*seen, *bands_at(actor)})
    return {
        "rows": lines,
        "total": waiting_count(actor),
        "most": MOST,
        "after": after or "",
        "more": more or "",
        "asked": asked,
        "filtered": any(asked.values()),
        "grades": sorted({row.grade for row in rows if row.grade} | ({asked["grade"]} - {""})),
        "bands": [(f"{code}:{band}", f"{worded(PAPERS[code].title)}：{band_text(band)}") for code, band in bands],
        "tiers": [tier.value for tier in Tier if tier != Tier.GREEN],
        "now": now(),
    }


def _fits(row: Waiting, asked: dict[str, str]) -> bool:
    code, _colon, band = asked["band"].partition(":")
    return (
        (not asked["tier"] or row.case.tier == asked["tier"])
        and (not asked["grade"] or row.grade == asked["grade"])
        and (not band or row.bands.get(code) == band)
        and (asked["only"] != "critical" or bool(row.standing.critical))
        and (asked["only"] != "calm" or row.standing.critical is False)
        and (asked["only"] != "again" or row.before > 0)
        and (asked["only"] != "unplanned" or row.planned_on is None)
    )


def _bands(row: Waiting) -> list[str]:
    return [f"{code.upper()} {band_text(band)}" for code, band in row.bands.items()]


def _chosen(request: HttpRequest) -> list[UUID]:
    """The cases that were ticked; what is no id was not sent by our page."""
    found = []
    for text in request.POST.getlist("case"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _decide(request: HttpRequest, actor: Actor, form: DecideForm, chosen: Sequence[UUID]) -> HttpResponse:
    number = actions.decide_flagged(
        actor=actor,
        cases=chosen,
        decision=form.cleaned_data["decision"],
        previewed=request.POST["previewed"],
        key=form.cleaned_data["key"],
        **form.given(),
    )
    if number:
        text = ngettext("Done for {n} student.", "Done for {n} students.", number)
        messages.success(request, text.format(n=number))
    return redirect("interviews")


def _foreseen(
    request: HttpRequest, actor: Actor, form: DecideForm, decision: Decision, found: Sequence[Effect]
) -> dict[str, Any]:
    cases = {flag.case_id: flag.case for flag in flags_of(actor, [effect.one.case for effect in found])}
    names = reveal_covers(actor, list(cases.values()))
    rows = [
        {
            **{"effect": effect, "case": cases[effect.one.case], "name": names.get(effect.one.case)},
            "refused": [_(REFUSAL_TEXT[refusal]) for refusal in effect.refused],
        }
        for effect in found
    ]
    possible = [row for row in rows if not row["refused"]]
    return {
        "form": form,
        "decision": decision.value,
        "decision_text": _(DECISION_TEXT[decision]),
        "possible": possible,
        "refused": [row for row in rows if row["refused"]],
        "changed": sum(1 for effect in found if effect.to),
        "last": max((effect.day for effect in found if effect.day), default=None),
        "previewed": digest(decision, found),
        "kept": [(name, request.POST.get(name, "")) for name in ("key", "decision", "because", "first", "per_day")],
    }
