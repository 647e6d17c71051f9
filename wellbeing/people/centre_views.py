"""Pages of the standard centres: all of them with the plan's share, one list, and a page per step."""

from typing import Any

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
from wellbeing.action_page import action_page
from wellbeing.people import access, actions, forms
from wellbeing.people.centre_items import CentreItem
from wellbeing.people.centres import centres as every_centre
from wellbeing.people.centres import check_list, city_share, missing_items
from wellbeing.people.flow import CENTRE, CENTRE_TEXT, CentreState
from wellbeing.people.models import StandardCentre
from wellbeing.workdays import now

STEPS = {
    "fill_centre": P.CENTRE_FILL,
    "submit_centre": P.CENTRE_FILL,
    "inspect_centre": P.CENTRE_INSPECT,
    "sign_centre": P.CENTRE_SIGN,
    "decline_centre": P.CENTRE_SIGN,
}


@requires(P.CENTRE_SEE)
@require_safe
def centres(request: HttpRequest) -> HttpResponse:
    """Every county's centre; for the city the share of the plan, and when it will be met."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    city = access.is_city(actor)
    context: dict[str, Any] = {"centres": [], "city": city, "share": city_share() if city else None, "now": now()}
    for one in every_centre():
        if access.in_turn(actor, P.CENTRE_SEE, division=one.organisation.division_id):
            missing = missing_items(one.standard) if one.standard else tuple(CentreItem)
            context["centres"].append({"it": one.organisation, "standard": one.standard, "missing": len(missing)})
    return render(request, "people/centres.html", context)


@requires(P.CENTRE_SEE)
@require_safe
def centre(request: HttpRequest, reference: str) -> HttpResponse:
    """The check-list of one centre, and the steps that are mine."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    one = access.open_centre(actor, reference)
    missing = missing_items(one) if one.moved_at else tuple(CentreItem)
    steps = [
        step
        for step, permission in STEPS.items()
        if CENTRE.allows(one.state, step)
        and may(actor, permission)
        and access.in_turn(actor, permission, division=one.division_id)
        and (one.moved_at or step == "fill_centre")
        and not (step == "sign_centre" and missing)
    ]
    context = {"one": one, "lines": check_list(one), "steps": steps, "missing": missing, "now": now()}
    return render(request, "people/centre.html", context)


def _address(one: StandardCentre) -> str:
    return reverse("centre", args=[one.organisation.code])


def _page(
    step: str, permission: P, *, form: Any, perform: Any, template: str = "people/action.html", **more: Any
) -> Any:
    def not_now(actor: Actor, one: StandardCentre) -> list[str]:
        if CENTRE.allows(one.state, step) and (one.moved_at or step == "fill_centre"):
            return []
        return [gettext("This list is: %(state)s.") % {"state": gettext(CENTRE_TEXT[CentreState(one.state)])}]

    return action_page(
        permission=permission,
        form=form,
        opener=access.open_centre,
        perform=perform,
        address=_address,
        template=template,
        faults=not_now,
        **more,
    )


def _first(actor: Actor, one: StandardCentre) -> dict[str, Any]:
    values: dict[str, Any] = {"filled_from": one.written.mark}
    for line in check_list(one):
        values[line["item"].value], values[f"{line['item']}_evidence"] = line["actual"], line["evidence"]
    return values


fill_centre = _page(
    "fill_centre",
    P.CENTRE_FILL,
    form=forms.CentreForm,
    perform=lambda actor, one, form: actions.fill_centre(
        actor=actor,
        organisation=one.organisation,
        given=form.given(),
        filled_from=form.cleaned_data["filled_from"],
        key=form.cleaned_data["key"],
    ),
    template="people/fill_centre.html",
    first=_first,
    title=_("Fill in the list"),
    lead=_("What there is today, and by what the city can see it: a document, a photo, a contract number."),
    done=_("Saved. Submit it when the city may come and see."),
)
submit_centre = _page(
    "submit_centre",
    P.CENTRE_FILL,
    form=forms.PlainForm,
    perform=lambda actor, one, form: actions.submit_centre(actor=actor, centre=one, key=form.cleaned_data["key"]),
    title=_("Submit for inspection"),
    done=_("Submitted. The city comes and sees."),
)
inspect_centre = _page(
    "inspect_centre",
    P.CENTRE_INSPECT,
    form=forms.InspectForm,
    perform=lambda actor, one, form: actions.inspect_centre(
        actor=actor,
        centre=one,
        inspected_on=form.cleaned_data["inspected_on"],
        seen=tuple(form.cleaned_data["seen"]),
        filled_from=form.cleaned_data["filled_from"],
        key=form.cleaned_data["key"],
    ),
    first=lambda actor, one: {
        "filled_from": one.written.mark,
        "inspected_on": now().date(),
        "seen": [line["item"].value for line in check_list(one) if line["inspected_on"]],
    },
    title=_("Note an inspection"),
    done=_("The inspection is noted."),
)
sign_centre = _page(
    "sign_centre",
    P.CENTRE_SIGN,
    form=forms.PlainForm,
    perform=lambda actor, one, form: actions.sign_centre(actor=actor, centre=one, key=form.cleaned_data["key"]),
    title=_("Sign off as standard"),
    lead=_("From today this centre counts as a standard centre."),
    done=_("The centre is a standard centre."),
)
decline_centre = _page(
    "decline_centre",
    P.CENTRE_SIGN,
    form=forms.BecauseForm,
    perform=lambda actor, one, form: actions.decline_centre(
        actor=actor, centre=one, because=form.cleaned_data["because"], key=form.cleaned_data["key"]
    ),
    title=_("Not standard"),
    lead=_("The county reads the reason and fills in the list again."),
    done=_("The county reads the reason."),
    danger=True,
)
