"""The supervisor's page of the seats: who sits at which, from when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action_page import ActionForm, Undo, action_page, beside, by, moment_field, say
from wellbeing.exchange import actions
from wellbeing.exchange.models import Seat
from wellbeing.exchange.seats import counsellors, open_seat, sat_before, seats, unknown
from wellbeing.people.access import supervised
from wellbeing.workdays import now

LATELY = timedelta(days=7)  # seats without a name are looked for among the calls of so long


class SeatForm(ActionForm):
    """A seat, who sits there, and from when."""

    seat = forms.CharField(
        label=_("Seat or extension"),
        max_length=32,
        help_text=_("As the exchange names it, such as 8001."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "seats-unknown"}),
    )
    counsellor = forms.ChoiceField(label=_("Counsellor"))
    since = moment_field(_("From when (now when empty)"), required=False)
    submit_label = _("Enter the seat")

    def __init__(self, *args: Any, actor: Actor, target: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        here = [(str(one.pk), str(one)) for one in counsellors(supervised(actor, P.SEAT_ASSIGN))]
        self.offer("counsellor", [("", _("Choose somebody")), *here])


def seated(actor: Actor, form: SeatForm) -> Seat:
    """What a valid form says, done."""
    given = {name: form.cleaned_data[name] for name in ("seat", "since", "key")}
    return actions.assign_seat(actor=actor, counsellor=int(form.cleaned_data["counsellor"]), **given)


def _way_back(made: Seat) -> Undo:
    """Who sat there before sits there again, or nobody does. Of one that was entered for earlier there is none: the
    calls that it named in between would keep the wrong name."""
    before = sat_before(made)
    if before is None:
        return Undo(reverse("leave_seat", args=[made.pk]))
    return Undo(reverse("seats"), {"seat": made.seat, "counsellor": str(before.pk)})


@requires(P.SEAT_ASSIGN)
@require_http_methods(["GET", "POST"])
def seats_page(request: HttpRequest) -> HttpResponse:
    """Who sits where and since when, who sat there before, and which seats took calls without a name."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = SeatForm(request.POST or None, actor=actor)
    if form.is_bound and form.is_valid():
        with beside(form):
            made = seated(actor, form)
            say(request, _("The seat is entered."), _way_back(made) if form.cleaned_data["since"] is None else None)
            return redirect("seats")
    hotline = supervised(actor, P.SEAT_ASSIGN)
    rows = seats(hotline, request.GET.get("before", ""))
    page = {
        "form": form,
        "rows": sorted((one for one in rows if one.until is None), key=lambda one: (one.seat, one.since)),
        "left": [one for one in rows if one.until is not None],
        "next_cursor": rows.next,
        "unknown": unknown(hotline, now() - LATELY),
        "now": now(),
    }
    return render(request, "exchange/seats.html", page, status=422 if form.is_bound else 200)


leave_seat = action_page(
    permission=P.SEAT_ASSIGN,
    form=ActionForm,
    opener=by(UUID, open_seat),
    perform=lambda actor, seat, form: actions.leave_seat(actor=actor, seat_id=seat.pk, key=form.cleaned_data["key"]),
    address=lambda _seat: reverse("seats"),
    template="exchange/leave_seat.html",
    title=_("Nobody sits here any more"),
    lead=_("From now on; calls that were answered before keep their name."),
    done=_("The seat is free."),
    undo=lambda left, _form: Undo(
        reverse("seats"),
        {"seat": left.seat, "counsellor": str(left.counsellor_id), "since": left.until.isoformat()},
    ),
)
