"""Pages of the green channel: parse, call one door, render."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases.access import open_case
from cases.models import Case
from referrals import actions
from referrals.access import OpenedPacket, open_referral, reveal_packets, who_may_read
from referrals.action_views import BUTTONS, address, last_words
from referrals.crossing import CROSSING, SEA_RESCUE
from referrals.display import packet_rows, steps
from referrals.flow import REFERRAL, STATE_TEXT
from referrals.forms import ChannelForm
from referrals.models import Crossing, Purpose, Referral
from referrals.packet import ASKABLE, copied_fields
from referrals.queues import PAGE, clinics, inbox, last_appointment, last_crossing, queue
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import allowed, may
from wellbeing.access.routes import requires
from wellbeing.errors import Invalid
from wellbeing.people.models import Role
from wellbeing.workdays import now

# What each packet is called on the page, in the order of the journey.
LETTERS: dict[str, Any] = {
    Purpose.QUESTION: gettext_lazy("To the other desk"),
    Purpose.REQUEST: gettext_lazy("Request of the school"),
    Purpose.HOSPITAL: gettext_lazy("Referral letter"),
    Purpose.CROSSING: gettext_lazy("The crossing"),
    Purpose.FEEDBACK: gettext_lazy("Report of the hospital"),
    Purpose.RETURN_PLAN: gettext_lazy("Return-to-school plan"),
}


@requires(P.REFERRAL_LIST)
@require_safe
def referral_list(request: HttpRequest) -> HttpResponse:
    """The referrals of my desks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    before, at = request.GET.get("before", ""), now()
    try:
        found = inbox(actor, before=UUID(before) if before else None, limit=PAGE + 1)
    except ValueError:
        found = inbox(actor, limit=PAGE + 1)
    more, found = len(found) > PAGE, found[:PAGE]
    rows = [
        {
            "referral": r,
            "reference": r.reference,
            "tier": r.tier,
            "status": r.state,
            "status_text": _(STATE_TEXT[r.state]),
            "from": str(r.from_desk.organisation),
            "at": r.opened_at,
            "url": address(r),
        }
        for r in found
    ]
    context = {"rows": rows, "next_cursor": found[-1].pk if more else None}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "referrals/_rows.html", context)
    waiting = [
        {
            "it": one,
            "url": address(one),
            "state": _(STATE_TEXT[one.state]),
            "overdue": bool(one.due_at and one.due_at < at),
        }
        for one in queue(actor)
    ]
    return render(
        request,
        "referrals/list.html",
        {**context, "waiting": waiting, "now": at, "may_figures": may(actor, P.REFERRAL_FIGURES)},
    )


@requires(P.CHANNEL_OPEN)
@require_http_methods(["GET", "POST"])
def open_channel(request: HttpRequest, reference: str) -> HttpResponse:
    """The county refers a case by itself."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.CHANNEL_OPEN)
    return _send_page(request, case, lambda **given: actions.open_channel(actor=actor, case=case, **given))


@requires(P.REFERRAL_SEND)
@require_http_methods(["GET", "POST"])
def send_referral(request: HttpRequest, reference: str) -> HttpResponse:
    """Send what a school asked for, or what another hospital gave back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = open_referral(actor, reference, P.REFERRAL_SEND)
    case = open_case(actor, referral.case.reference, P.CHANNEL_OPEN)
    first = {"consent": referral.consent, "emergency": referral.emergency}
    if request.method != "POST":
        first |= {k: v for k, v in last_words(actor, referral, Purpose.REQUEST).items() if k in ChannelForm.base_fields}
    return _send_page(
        request, case, lambda **given: actions.send_referral(actor=actor, referral=referral, **given), first
    )


def _send_page(request: HttpRequest, case: Case, send: Callable[..., Referral], first: Any = None) -> HttpResponse:
    """Write the letter; before it goes, the sender sees exactly what the receiver will read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = ChannelForm(request.POST or None, actor=actor, target=case, initial=first or {})
    copied = copied_fields(actor, case, Purpose.HOSPITAL)
    preview = packet_rows(Purpose.HOSPITAL, copied)
    if form.is_bound and form.is_valid():
        preview = packet_rows(Purpose.HOSPITAL, {**copied, **form.words()})
        if "send" in request.POST:
            try:
                made = send(
                    destination=form.desks[form.cleaned_data["destination"]],
                    consent=form.cleaned_data["consent"],
                    emergency=form.cleaned_data["emergency"],
                    words=form.words(),
                    key=form.cleaned_data["key"],
                )
                return redirect(address(made))
            except Invalid as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    failed = form.is_bound and not form.is_valid()
    context = {"form": form, "case": case, "preview": preview, "previewed": form.is_bound and not failed}
    return render(request, "referrals/open.html", context, status=422 if failed else 200)


@requires(P.REFERRAL_SEE)
@require_safe
def referral_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the referral is and who holds it; the packets are opened for the desks that may read them, and recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = open_referral(actor, reference)
    can = allowed(actor, frozenset(p for p, *_rest in BUTTONS) | {P.PACKET_READ}, referral)
    opened = reveal_packets(actor, referral) if P.PACKET_READ in can else []
    by_purpose = {one.packet.purpose: one for one in opened}
    crossing = last_crossing(referral)
    sender = referral.from_desk_id in actor.desks and may(actor, P.CASE_SEE, referral.case)
    context = {
        "referral": referral,
        "status_text": _(STATE_TEXT[referral.state]),
        "steps": steps(referral),
        "letters": [
            {"title": LETTERS[purpose], **_packet(one)} for purpose, one in by_purpose.items() if purpose in LETTERS
        ],
        "asked_for": [_(ASKABLE[code]) for code in referral.asked_for],
        "holder": referral.held_by,
        "appointment": last_appointment(referral),
        "crossing": crossing,
        "crossing_pages": _crossing_pages(referral, crossing) if P.CROSSING_KEEP in can else [],
        "clinics": clinics(referral.division_id) if crossing else [],
        "sea_rescue": SEA_RESCUE,
        "papers_url": reverse("papers", args=[referral.reference]) if P.PACKET_READ in can else "",
        "actions": [
            {"name": name, "label": label, "url": reverse(name, args=[referral.reference]), "kind": kind}
            for permission, name, step, label, kind in BUTTONS
            if permission in can and _offered(actor, referral, step)
        ],
        "readers": who_may_read(referral) if sender else [],
        "case_url": reverse("case", args=[referral.case.reference]) if sender else "",
        "now": now(),
    }
    return render(request, "referrals/referral.html", context)


def _offered(actor: Actor, referral: Referral, step: str) -> bool:
    """Whether the table has this step here for one of the actor's posts."""
    if not step:
        crossing = last_crossing(referral)
        return referral.ended_at is None and (crossing is None or crossing.state in CROSSING.final)
    if not REFERRAL.allows(referral.state, step):
        return False
    return actor.post_as(*(Role(role) for role in REFERRAL.step(referral.state, step).who)) is not None


def _crossing_pages(referral: Referral, crossing: Crossing | None) -> list[dict[str, Any]]:
    """The pages on which an open crossing is worked."""
    if crossing is None or crossing.state in CROSSING.final:
        return []
    pages = (("contact_crossing", _("Safety contact")), ("move_crossing", _("How the crossing goes")))
    return [{"label": label, "url": reverse(name, args=[referral.reference])} for name, label in pages]


def _packet(one: OpenedPacket) -> dict[str, Any]:
    return {"fields": packet_rows(one.packet.purpose, one.words), "version": one.packet.version}
