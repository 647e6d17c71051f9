"""Pages of the registers: the list of incidents, one with its time line, the activities; a page per step."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import ActionForm, Page, action_page, by
from wellbeing.errors import Forbidden
from wellbeing.registers import access, actions, forms
from wellbeing.registers.flow import INCIDENT, INCIDENT_TEXT, IncidentState
from wellbeing.registers.kinds import About, ActivityKind, LineKind
from wellbeing.registers.models import Activity, Incident
from wellbeing.workdays import now

STEPS = {
    "write_incident": P.INCIDENT_WRITE,
    "review_incident": P.INCIDENT_WRITE,
    "close_incident": P.INCIDENT_CLOSE,
    "reopen_incident": P.INCIDENT_CLOSE,
}


@requires(P.INCIDENT_SEE)
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """The register as far as the asker sees it: covers alone; `?before=` goes on with older ones."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    writes = may(actor, P.INCIDENT_WRITE) and bool(access.schools_of(actor))
    found, older = access.incidents(actor, request.GET.get("before", ""))
    context = {"incidents": found, "older": older, "writes": writes, "now": now()}
    return render(request, "registers/incidents.html", context)


@requires(P.INCIDENT_SEE)
@require_safe
def incident(request: HttpRequest, reference: str) -> HttpResponse:
    """One incident: its time line, who was told when, its review, and the steps that are mine."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    one = access.open_incident(actor, reference)
    lines = access.reveal(actor, one)
    steps = [s for s, right in STEPS.items() if INCIDENT.allows(one.state, s) and access.writes(actor, one, right)]
    review = (LineKind.REVIEW, LineKind.LESSON)
    context = {
        "one": one,
        "line": [each for each in lines if each.kind not in review],
        "told": [each for each in lines if each.kind == LineKind.TOLD],
        "reviews": [each for each in lines if each.kind in review],
        "steps": steps,
        "now": now(),
    }
    return render(request, "registers/incident.html", context)


def _address(one: Incident) -> str:
    return reverse("incident", args=[one.reference])


def _new(actor: Actor, reference: str, permission: P) -> Incident:
    """An incident that is not yet; Forbidden for whoever has no school to report of."""
    if not may(actor, permission) or not access.schools_of(actor):
        raise Forbidden
    return Incident()


report_incident = action_page(
    permission=P.INCIDENT_WRITE,
    form=forms.ReportForm,
    opener=_new,
    perform=lambda actor, one, form: actions.report_incident(
        actor=actor,
        school_id=UUID(form.cleaned_data["school"]),
        about=About(form.cleaned_data["about"]),
        happened_at=form.cleaned_data["happened_at"],
        text=form.cleaned_data["text"],
        key=form.cleaned_data["key"],
    ),
    address=_address,
    back=lambda one: reverse("incidents"),
    template="registers/new.html",
    first=lambda actor, one: {"happened_at": now()},
    title=_("Report an incident on campus"),
    lead=_("For the register. A person in danger needs a case and a warning as well: log or raise it first."),
    done=_("The incident is in the register."),
)


def _step(step: str, permission: P, form: type[ActionForm], perform: Any, **more: Any) -> Page:
    def not_now(actor: Actor, one: Incident) -> list[str]:
        if INCIDENT.allows(one.state, step):
            return []
        return [gettext("It is: %(state)s.") % {"state": gettext(INCIDENT_TEXT[IncidentState(one.state)])}]

    return action_page(
        permission=permission,
        form=form,
        opener=access.open_incident,
        perform=perform,
        address=_address,
        template="registers/action.html",
        faults=not_now,
        **more,
    )


write_incident = _step(
    "write_incident",
    P.INCIDENT_WRITE,
    forms.WriteForm,
    lambda actor, one, form: actions.write_incident(
        actor=actor,
        incident=one,
        kind=LineKind(form.cleaned_data["kind"]),
        at=form.cleaned_data["at"],
        text=form.cleaned_data["text"],
        whom=form.cleaned_data["whom"],
        key=form.cleaned_data["key"],
    ),
    first=lambda actor, one: {"at": now()},
    title=_("Add to the time line"),
    done=_("Added."),
)
review_incident = _step(
    "review_incident",
    P.INCIDENT_WRITE,
    forms.ReviewForm,
    lambda actor, one, form: actions.review_incident(
        actor=actor,
        incident=one,
        held_at=form.cleaned_data["held_at"],
        review=form.cleaned_data["review"],
        lessons=form.cleaned_data["lessons"],
        key=form.cleaned_data["key"],
    ),
    first=lambda actor, one: {"held_at": now()},
    title=_("Record the review meeting"),
    done=_("The review is recorded."),
)
close_incident = _step(
    "close_incident",
    P.INCIDENT_CLOSE,
    ActionForm,
    lambda actor, one, form: actions.close_incident(actor=actor, incident=one, key=form.cleaned_data["key"]),
    title=_("Close the incident"),
    lead=_("After that nothing is added to it, unless it is opened again."),
    done=_("The incident is closed."),
)
reopen_incident = _step(
    "reopen_incident",
    P.INCIDENT_CLOSE,
    forms.ReopenForm,
    lambda actor, one, form: actions.reopen_incident(
        actor=actor, incident=one, text=form.cleaned_data["text"], key=form.cleaned_data["key"]
    ),
    title=_("Open the incident again"),
    lead=_("When something has come to light after it was closed. It is reviewed anew before it is closed again."),
    done=_("The incident is under way again."),
)


@requires(P.ACTIVITY_SEE)
@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """What the city's centre has given: trainings, supervision, public events and classes; `?before=` goes on."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        before = UUID(request.GET.get("before", ""))
    except ValueError:
        before = None
    found, older = access.activities(actor, before)
    context = {"activities": found, "older": older, "notes": may(actor, P.ACTIVITY_NOTE), "now": now()}
    return render(request, "registers/activities.html", context)


def _no_activity(actor: Actor, reference: str, permission: P) -> Activity:
    if not may(actor, permission):
        raise Forbidden
    return Activity()


def _list(one: Activity) -> str:
    return reverse("activities")


note_activity = action_page(
    permission=P.ACTIVITY_NOTE,
    form=forms.ActivityForm,
    opener=_no_activity,
    perform=lambda actor, one, form: actions.note_activity(
        actor=actor,
        kind=ActivityKind(form.cleaned_data["kind"]),
        **{name: form.cleaned_data[name] for name in ("title", "held_on", "hours", "reached", "key")},
    ),
    address=_list,
    template="registers/new.html",
    first=lambda actor, one: {"held_on": now().date()},
    title=_("Note an activity"),
    done=_("The activity is noted."),
)


strike_activity = action_page(
    permission=P.ACTIVITY_NOTE,
    form=ActionForm,
    opener=by(UUID, access.open_activity),
    perform=lambda actor, one, form: actions.strike_activity(actor=actor, activity=one, key=form.cleaned_data["key"]),
    address=_list,
    gone="activities",
    template="registers/new.html",
    title=_("Strike this activity"),
    lead=_("It counts no more. Note it again if a number was wrong."),
    done=_("The activity is struck."),
    danger=True,
)
