"""Pages of the directory: where a referral may go, and the places that a desk publishes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referrals import actions
from referrals.figures import desk_figures
from referrals.queues import by_duty, destinations, places_by_week
from referrals.time_forms import SlotsForm
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import beside
from wellbeing.errors import Invalid
from wellbeing.people.desks import desks
from wellbeing.people.models import Desk, Role
from wellbeing.workdays import now


@requires(P.DESTINATIONS_SEE)
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Hospitals, centres and island clinics, with the way there from the reader's own division."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    places = {one.desk.organisation_id: one.places for one in by_duty()}
    own = {post.division for post in actor.posts}
    rows = [
        {
            "it": one,
            "places": places.get(one.organisation_id),
            "travel": [one.travel[code] for code in sorted(own) if code in one.travel],
        }
        for one in destinations()
    ]
    context = {"rows": rows, "may_publish": may(actor, P.SLOTS_PUBLISH)}
    return render(request, "referrals/directory.html", context)


@requires(P.REFERRAL_FIGURES)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How long the steps of the green channel take, and how they end."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = desk_figures(actor, now())
    groups = [
        {"title": _("From step to step"), "kind": "state", "lines": found.steps, "timed": True},
        {"title": _("To the report, by tier"), "kind": "tier", "lines": found.tiers, "timed": True},
        {"title": _("To the report, by destination"), "kind": "", "lines": found.destinations, "timed": True},
        {"title": _("Declined or given back"), "kind": "why", "lines": found.reasons, "timed": False},
        {"title": _("How they ended"), "kind": "state", "lines": found.ended, "timed": False},
    ]
    return render(request, "referrals/figures.html", {"groups": groups, "total": found.total})


def own_desk(actor: Actor) -> Desk:
    """The desk whose places the actor publishes; whoever may publish has one."""
    post = actor.post_as(Role.HOSPITAL_LIAISON, Role.CITY_DUTY)
    assert post is not None
    (desk,) = desks([post.desk_id])
    return desk


def published(actor: Actor, desk: Desk, form: SlotsForm) -> Any:
    """Publish the places of a valid form. Raises Invalid by its fields."""
    given = form.cleaned_data
    try:
        return actions.publish_slots(
            actor=actor, desk=desk, times=form.moments(), places=given["places"], key=given["key"]
        )
    except Invalid as refused:
        raise Invalid({"days": "weekdays"}.get(refused.field, refused.field), refused.message) from None


@requires(P.SLOTS_PUBLISH)
@require_http_methods(["GET", "POST"])
def slots(request: HttpRequest) -> HttpResponse:
    """Publish places of the own desk, and see how many are left by week."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    desk = own_desk(actor)
    form = SlotsForm(request.POST or None, actor=actor, target=desk)
    if form.is_bound and form.is_valid():
        with beside(form):
            added = published(actor, desk, form)
            messages.success(request, _("%(n)s places published.") % {"n": added or 0})
            return redirect("slots")
    context = {"form": form, "weeks": places_by_week(desk.pk), "desk": desk}
    return render(request, "referrals/slots.html", context, status=422 if form.is_bound else 200)
