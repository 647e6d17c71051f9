"""Pages of the hotline's yearly return: the list, and a page per step."""

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
from wellbeing.registers import actions, forms, year_access
from wellbeing.registers.flow import YEAR, YEAR_TEXT, YearState
from wellbeing.registers.kinds import TIMES_TEXT
from wellbeing.registers.models import HotlineYear


@requires(P.YEAR_SEE)
@require_safe
def hotline_years(request: HttpRequest) -> HttpResponse:
    """Every return that the asker sees, what is to do with each, and the years that have none."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = year_access.returns(actor)
    fills, confirms = may(actor, P.YEAR_FILL), may(actor, P.YEAR_CONFIRM)
    rows = [
        {
            "one": one,
            "staff": {time: sum(n for cell, n in one.by_cell if cell.endswith(time)) for time in TIMES_TEXT},
            "fill": fills and YEAR.allows(one.state, "fill_year"),
            "confirm": confirms and YEAR.allows(one.state, "confirm_year"),
            "send_back": confirms and YEAR.allows(one.state, "send_back_year"),
        }
        for one in found
    ]
    missing = sorted(set(year_access.years()) - {one.year for one in found}, reverse=True) if fills else []
    page = {"rows": rows, "missing": missing, "fills": fills, "sees_report": may(actor, P.FIGURES_SEE)}
    return render(request, "registers/years.html", page)


def _list(one: HotlineYear) -> str:
    return reverse("hotline_years")


def _step(step: str, permission: P, form: type[ActionForm], perform: Any, opener: Any, **more: Any) -> Page:
    def not_now(actor: Actor, one: HotlineYear) -> list[str]:
        if one.filled_at is None or YEAR.allows(one.state, step):
            return []
        return [gettext("It is: %(state)s.") % {"state": gettext(YEAR_TEXT[YearState(one.state)])}]

    return action_page(
        permission=permission,
        form=form,
        opener=opener,
        perform=perform,
        address=_list,
        template="registers/year.html",
        faults=not_now,
        **more,
    )


def _begun(actor: Actor, one: HotlineYear) -> dict[str, Any]:
    """What the form begins with: what was filled in, or the year before."""
    cells = dict(one.by_cell) if one.staff else {}
    return {"seats": one.seats, "hours": one.hours, **cells, "filled_from": one.written.mark}


fill_year = _step(
    "fill_year",
    P.YEAR_FILL,
    forms.YearForm,
    lambda actor, one, form: actions.fill_year(
        actor=actor,
        year=one.year,
        seats=form.cleaned_data["seats"],
        hours=form.cleaned_data["hours"],
        staff=form.staff(),
        filled_from=form.cleaned_data["filled_from"],
        key=form.cleaned_data["key"],
    ),
    by(int, year_access.to_fill),
    first=_begun,
    title=_("The hotline's yearly return"),
    lead=_("For the official annual report: what only the hotline knows. The bureau confirms it."),
    done=_("Sent to the bureau."),
)
confirm_year = _step(
    "confirm_year",
    P.YEAR_CONFIRM,
    ActionForm,
    lambda actor, one, form: actions.confirm_year(actor=actor, hotline_year=one, key=form.cleaned_data["key"]),
    by(UUID, year_access.open_year),
    title=_("Confirm the yearly return"),
    lead=_("It then stands in the annual report of the hotline."),
    done=_("The yearly return is confirmed."),
)
send_back_year = _step(
    "send_back_year",
    P.YEAR_CONFIRM,
    forms.SendBackForm,
    lambda actor, one, form: actions.send_back_year(
        actor=actor, hotline_year=one, because=form.cleaned_data["because"], key=form.cleaned_data["key"]
    ),
    by(UUID, year_access.open_year),
    title=_("Send the yearly return back"),
    lead=_("A confirmed one leaves the annual report until it is confirmed again."),
    done=_("The yearly return was sent back."),
)
