"""Pages of campaigns: plan one, keep its roll and its codes, work off whoever was flagged."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions
from cases.campaign_access import (
    campaigns_of,
    open_campaign,
    reveal_roll,
    school_batches,
    schools_in,
    takes_part_of,
)
from cases.campaign_forms import CampaignForm, RollForm
from cases.display import worded
from cases.instruments import PAPERS
from cases.models import Campaign, PolicyVersion
from cases.policy_display import season
from cases.school_access import Progress, progress
from cases.screening_access import open_batch
from cases.screening_columns import BadFile, Fault, table_lines
from cases.screening_faults import fault_page
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action_page import Undo, beside, say
from wellbeing.suppression import shown
from wellbeing.upload import takes_file
from wellbeing.workdays import now

ANSWERED = {"yes": True, "no": False, "unsaid": None}
OPT_OUT_SAID = {
    True: gettext_noop("She takes part."),
    False: gettext_noop("She does not take part, and is not asked."),
    None: gettext_noop("Nothing is recorded of her any more."),
}


@requires(P.SCREENING_UPLOAD)
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns of my schools, and the key periods that they had better leave alone."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [_line(one) for one in campaigns_of(actor)]
    context = {"rows": rows, "now": now(), **season(now(), PolicyVersion.current().policy())}
    return render(request, "cases/campaigns.html", context)


@requires(P.CAMPAIGN_PLAN)
@require_http_methods(["GET", "POST"])
def plan_campaign(request: HttpRequest) -> HttpResponse:
    """Plan a campaign."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = CampaignForm(request.POST or None, actor=actor, target=None)
    if request.method == "POST" and form.is_valid():
        with beside(form):
            return redirect("campaign", campaign=planned(actor, form).pk)
    return render(request, "cases/campaign_plan.html", {"form": form}, status=422 if form.is_bound else 200)


def planned(actor: Actor, form: CampaignForm) -> Campaign:
    """Plan the campaign of a valid form."""
    given = form.cleaned_data
    made: Campaign = actions.plan_campaign(
        actor=actor,
        **{name: given[name] for name in ("title", "codes", "grades", "first", "last", "consent", "key")},
        schools=[form.by_key[pk] for pk in given["schools"]],
    )
    return made


@requires(P.SCREENING_UPLOAD)
@require_safe
def campaign(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """One campaign: how far it is in each school, with whoever was asked, has answered, and waits for a talk."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_campaign(actor, campaign)
    known = progress(actor, found)
    batches = {batch.school_id: batch for batch in school_batches(found)}
    schools = [
        {"school": school, "batch": batches.get(school.pk), **school_line(known.get(school.pk))}
        for school in schools_in(found)
    ]
    return render(request, "cases/campaign.html", {"line": _line(found), "schools": schools, "now": now()})


@requires(P.SCREENING_UPLOAD)
@takes_file
@require_http_methods(["GET", "POST"])
def roll(request: HttpRequest, batch: UUID) -> HttpResponse:
    """The roll of a school with its codes, to print by class; and the file that adds students."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_batch(actor, batch)
    form = RollForm(request.POST or None, request.FILES or None, actor=actor, target=None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = actions.enrol_students(actor=actor, batch_id=batch, lines=table_lines(file.read(), file.name))
        except BadFile as bad:
            faults = bad.faults
        else:
            messages.success(request, _("{n} students are new on the roll.").format(n=made.added))
            if made.other_grades:
                messages.warning(
                    request, _("{n} rows were left out: their grade takes no part.").format(n=made.other_grades)
                )
            return redirect("roll", batch=batch)
    rows = reveal_roll(actor, found)
    classes: dict[str, list[dict[str, Any]]] = {}
    for one, words in rows:
        classes.setdefault(f"{words['grade']} {words['class']}".strip(), []).append({"one": one, **words})
    context = {
        "batch": found,
        "form": form,
        "classes": list(classes.items()),
        "file": f"roll-{found.pk}",
        "now": now(),
        **fault_page(actor, faults),
    }
    return render(request, "cases/roll.html", context, status=422 if form.is_bound else 200)


@requires(P.SCREENING_UPLOAD)
@require_POST
def opt_out(request: HttpRequest, student: UUID) -> HttpResponse:
    """Record that a student does not take part, or does; undone, what was recorded before stands again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    takes_part = ANSWERED.get(request.POST.get("takes_part", ""))
    before = takes_part_of(actor, student)
    one = actions.record_opt_out(actor=actor, student_id=student, takes_part=takes_part)
    undo = {"takes_part": next(word for word, answer in ANSWERED.items() if answer is before)}
    say(request, _(OPT_OUT_SAID[takes_part]), Undo(reverse("opt_out", args=[one.pk]), undo))
    return redirect("roll", batch=one.batch_id)


def school_line(one: Progress | None) -> dict[str, Any]:
    """The figures of one school in words; nothing of a school that is not the asker's. The roll is no secret to whoever
    keeps it; counts of flagged students under five are."""
    if one is None:
        return {}
    days = one.median_days
    return {
        "mine": True,
        "enrolled": "–" if one.enrolled is None else one.enrolled,
        "listed": one.listed,
        "asked": one.asked,
        "answered": one.answered,
        "coverage": f"{100 * one.answered // one.asked} %" if one.asked else "–",
        "of_enrolled": f"{100 * one.answered // one.enrolled} %" if one.enrolled else "–",
        **{name: shown(getattr(one, name)) for name in ("waiting", "overdue", "done", "reviewed")},
        "days": "–" if days is None else f"{days:g}",
    }


def _line(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "papers": "、".join(worded(PAPERS[code].title) for code in campaign.codes.split(",")),
        "url": reverse("campaign", args=[campaign.pk]),
    }
