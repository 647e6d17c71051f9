"""Where the exchange says what happens on the line, and the hotline's page of its calls."""

import json
import logging
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from wellbeing.access.actor import Actor
from wellbeing.access.machines import EXCHANGE
from wellbeing.access.permissions import P
from wellbeing.access.routes import open_to_all, requires
from wellbeing.action_page import ActionForm, Undo, action_page, by
from wellbeing.exchange import actions
from wellbeing.exchange.access import open_ring
from wellbeing.exchange.actions.settle_ring import ON_A_SHEET
from wellbeing.exchange.events import BadEvent, event
from wellbeing.exchange.models import WhyNot
from wellbeing.exchange.queues import PAGE, ended, running, today
from wellbeing.exchange.seats import mine
from wellbeing.exchange.signing import genuine
from wellbeing.workdays import now

LARGEST = 4_096
log = logging.getLogger("wellbeing.exchange")


@csrf_exempt
@open_to_all
@require_POST
def events(request: HttpRequest) -> JsonResponse:
    """One signed event as JSON (docs/telephony.md); no browser sends it, so its signature stands for CSRF's token.

    404 without a genuine signature, 422 with the field that is wrong, 200 once it is written: the sender repeats until
    then, and a repeat changes nothing.
    """
    body = request.read(LARGEST + 1)
    stamp, signature = request.headers.get("X-Timestamp", ""), request.headers.get("X-Signature", "")
    if len(body) > LARGEST or not genuine(settings.EXCHANGE_KEY, stamp, body, signature, now().timestamp()):
        log.warning("an event without the exchange's signature was refused")
        raise Http404
    try:
        said = json.loads(body)
        one = event(said if isinstance(said, dict) else {})
    except BadEvent as bad:
        return JsonResponse({"wrong": bad.field}, status=422)
    except ValueError:
        return JsonResponse({"wrong": "json"}, status=422)
    actions.hear(actor=EXCHANGE, event=one)
    return JsonResponse({"heard": True})


@requires(P.RING_SEE)
@require_safe
def rings(request: HttpRequest) -> HttpResponse:
    """What rings and runs now, and the calls that nobody has logged yet; `?all=1` all, `?before=` continues."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    everything = request.GET.get("all") == "1"
    try:
        before = UUID(request.GET["before"]) if "before" in request.GET else None
    except ValueError:
        before = None
    rows = ended(all_of_them=everything, before=before, limit=PAGE + 1)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    context: dict[str, Any] = {"rows": rows, "everything": everything, "next": rows[-1].pk if more else None}
    context["mine"] = [] if before else mine(actor)
    return render(request, "exchange/rings.html", {**context, **_now()})


@requires(P.RING_SEE, quiet=True)
@require_safe
def running_now(request: HttpRequest) -> HttpResponse:
    """What rings and runs now, for the page that refreshes itself."""
    return render(request, "exchange/_running.html", _now())


def _now() -> dict[str, Any]:
    return {"running": running(), "today": today(), "now": now()}


class SettleForm(ActionForm):
    """Why a call needs no sheet."""

    why_not = forms.ChoiceField(
        label=_("Why it needs no sheet"),
        choices=[*WhyNot.choices, (ON_A_SHEET, _("It is on a sheet already"))],
        widget=forms.RadioSelect,
    )
    submit_label = _("It needs no sheet")


settle_ring = action_page(
    permission=P.RING_SETTLE,
    form=SettleForm,
    opener=by(UUID, open_ring),
    perform=lambda actor, ring, form: actions.settle_ring(
        actor=actor, ring_id=ring.pk, why_not=form.cleaned_data["why_not"], key=form.cleaned_data["key"]
    ),
    address=lambda _ring: reverse("rings"),
    template="exchange/action.html",
    title=_("A call without a sheet"),
    lead=_("Say why. Where anything was said that worries you, log it instead: nothing on the sheet is required."),
    done=_("The call is settled."),
    undo=lambda ring, form: (
        Undo(reverse("reopen_ring", args=[ring.pk])) if form.cleaned_data["why_not"] in WhyNot.values else None
    ),
)


class ReopenForm(ActionForm):
    """Nothing but the click."""

    submit_label = _("It needs a sheet after all")


reopen_ring = action_page(
    permission=P.RING_SETTLE,
    form=ReopenForm,
    opener=by(UUID, open_ring),
    perform=lambda actor, ring, form: actions.reopen_ring(actor=actor, ring_id=ring.pk, key=form.cleaned_data["key"]),
    address=lambda _ring: reverse("rings"),
    template="exchange/action.html",
    title=_("A call that needs a sheet after all"),
    lead=_("It waits to be logged again. Its number is no longer kept."),
    done=_("Undone: the call waits to be logged."),
)
