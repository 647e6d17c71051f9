"""Pages of the green channel: parse, call one door, render."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases.telling import WHOM_TEXT, Whom
from referrals.access import OpenedPacket, case_seen, disclosures, open_referral, reveal_packets, who_may_read
from referrals.action_views import BUTTONS, address
from referrals.crossing import CROSSING, SEA_RESCUE
from referrals.display import desk_name, disclosure_rows, near_to, packet_rows, steps, timeline
from referrals.flow import AT_HOSPITAL, BEFORE_SENDING, REFERRAL, STATE_TEXT, through
from referrals.models import ConsentOutcome, Crossing, Purpose, Referral
from referrals.packet import ASKABLE
from referrals.queues import (
    PAGE,
    by_duty,
    clinics,
    due,
    inbox,
    last_appointment,
    last_crossing,
    last_link,
    open_times,
    queue,
    reached,
    steps_of,
)
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import allowed, may
from wellbeing.access.routes import requires
from wellbeing.people.desks import city_desk, division_names
from wellbeing.people.models import Role
from wellbeing.workdays import now

# What each packet is called on the page, in the order of the journey.
LETTERS: dict[str, Any] = {
    Purpose.QUESTION: gettext_lazy("To the other desk"),
    Purpose.REQUEST: gettext_lazy("Request of the school"),
    Purpose.WELFARE_CHECK: gettext_lazy("What was handed over"),
    Purpose.HOSPITAL: gettext_lazy("Referral letter"),
    Purpose.CITY_CENTRE: gettext_lazy("Referral letter"),
    Purpose.CROSSING: gettext_lazy("The crossing"),
    Purpose.FEEDBACK: gettext_lazy("Report of the hospital"),
    Purpose.CITY_REPORT: gettext_lazy("Report of the city centre"),
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
    context: dict[str, Any] = {"rows": rows, "next_cursor": found[-1].pk if more else None}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "referrals/_rows.html", context)
    mine = queue(actor)
    levels = reached(mine)
    waiting = [_waiting(actor, one, levels, at) for one in mine]
    context |= {
        "waiting": waiting,
        "places": _places(actor, mine) if actor.post_as(Role.COUNTY_TRIAGE, Role.CITY_DUTY) else [],
        "now": at,
        "may_figures": may(actor, P.REFERRAL_FIGURES),
    }
    return render(request, "referrals/list.html", context)


def _places(actor: Actor, waiting: list[Referral]) -> list[dict[str, Any]]:
    """Where they can go: free places, duty, and the way from the desk's own division or from those that wait."""
    names = division_names()
    found = by_duty(min(actor.divisions, default=""))
    known = {code for one in found if one.known for code in one.known.travel}
    wanted = sorted((actor.divisions & known) or {one.division_id for one in waiting} & known)
    return [
        {"it": one, "ways": [(names[code], way) for code in wanted if (way := one.way(code))], "many": len(wanted) > 1}
        for one in found
    ]


def _waiting(actor: Actor, one: Referral, levels: Mapping[UUID, Any], at: datetime) -> dict[str, Any]:
    """One line of the queue: what is due of whom, until when, and how far up the ladder it has come."""
    kind, due_at = due(one, actor)
    near = near_to(actor, one)
    return {
        "it": one,
        "url": address(one),
        "state": _(STATE_TEXT[one.state]),
        "decide": one.decide_by is not None,
        "due_kind": kind,
        "due_at": due_at,
        "overdue": bool(due_at and due_at < at),
        "level": levels[one.pk].level if one.pk in levels else 0,
        "from": desk_name(one.asked_by if near and one.asked_by else one.from_desk, near=near),
    }


@requires(P.REFERRAL_SEE)
@require_safe
def referral_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the referral is and who holds it; the packets are opened for the desks that may read them, and recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = open_referral(actor, reference)
    can = allowed(actor, frozenset(p for p, *_rest in BUTTONS) | {P.PACKET_READ, P.LINK_MAKE}, referral)
    opened = reveal_packets(actor, referral) if P.PACKET_READ in can else []
    crossing = last_crossing(referral)
    case = case_seen(actor, referral) if referral.from_desk_id in actor.desks else None
    trace = steps_of(referral)
    context = {
        "referral": referral,
        "status_text": _(STATE_TEXT[referral.state]),
        "steps": steps(referral, trace),
        "timeline": timeline(actor, referral, trace),
        "standing": _standing(actor, referral),
        "letters": [_packet(one) for purpose in LETTERS for one in opened if one.packet.purpose == purpose],
        "asked_for": [_(ASKABLE[code]) for code in referral.asked_for],
        "appointment": last_appointment(referral),
        "proposed": open_times(referral),
        "crossing": crossing,
        "crossing_pages": _crossing_pages(referral, crossing) if P.CROSSING_KEEP in can else [],
        "clinics": clinics(referral.division_id) if crossing else [],
        "sea_rescue": SEA_RESCUE,
        "link": last_link(referral) if P.LINK_MAKE in can else None,
        "may_link": P.LINK_MAKE in can and referral.state in AT_HOSPITAL and referral.from_desk_id in actor.desks,
        "papers_url": reverse("papers", args=[referral.reference]) if P.PACKET_READ in can else "",
        "actions": _buttons(actor, referral, can),
        "given": disclosure_rows(disclosures(actor, referral)) if P.PACKET_READ in can else [],
        "readers": who_may_read(referral) if case else [],
        "case_url": reverse("case", args=[case.reference]) if case else "",
        "now": now(),
    }
    return render(request, "referrals/referral.html", context)


def _standing(actor: Actor, referral: Referral) -> dict[str, Any]:
    """Who holds it now, what is due until when, and how far up the ladder that has come: the same for everybody."""
    kind, due_at = due(referral, actor)
    risen = reached([referral]).get(referral.pk)
    return {
        "desk": desk_name(referral.turn, near=near_to(actor, referral)) if referral.turn else "",
        "holder": referral.held_by,
        "kind": kind,
        "due_at": due_at,
        "overdue": bool(due_at and due_at < now()),
        "level": risen.level if risen else 0,
        "level_desk": risen.desk.organisation if risen else "",
        "decide": referral.decide_by is not None and referral.ended_at is None,
        "decides": referral.decide_by is not None and referral.from_desk_id in actor.desks,
    }


def _buttons(actor: Actor, referral: Referral, can: frozenset[P]) -> list[dict[str, Any]]:
    found = [
        {"name": name, "label": label, "url": reverse(name, args=[referral.reference]), "kind": kind}
        for permission, name, step, label, kind in BUTTONS
        if permission in can and _offered(actor, referral, name, step)
    ]
    deciding = referral.state in BEFORE_SENDING and _stands(actor, referral, BEFORE_SENDING[referral.state])
    city = city_desk()
    if deciding and city.pk not in actor.desks:
        url = f"{reverse('send_referral', args=[referral.reference])}?to={city.organisation.code}"
        kind = "primary" if referral.tier == "red" else "secondary"
        found.insert(1, {"name": "city", "label": _("Ask the city centre"), "url": url, "kind": kind})
    return found


def _stands(actor: Actor, referral: Referral, step: str) -> bool:
    """Whether the table has this step here, for a post of the actor's at the desk through which it goes."""
    if not REFERRAL.allows(referral.state, step):
        return False
    field, who = through(referral.state, step), REFERRAL.step(referral.state, step).who
    desk = getattr(referral, f"{field}_id") if field else None
    return any(post.desk_id == desk and post.role in who for post in actor.posts)


def _offered(actor: Actor, referral: Referral, name: str, step: str) -> bool:
    """Whether a button makes sense now: what the table allows, and what the action would refuse is not offered."""
    if name == "plan_crossing":
        crossing = last_crossing(referral)
        return referral.ended_at is None and (crossing is None or crossing.state in CROSSING.final)
    if name == "hand_to_rescue":
        return referral.ended_at is None and case_seen(actor, referral, P.TELL) is not None
    if name == "go_on" and (referral.consent != ConsentOutcome.WITHDRAWN or referral.tier != "red"):
        return False
    return (name != "decline_referral" or referral.tier != "red") and _stands(actor, referral, step)


def _crossing_pages(referral: Referral, crossing: Crossing | None) -> list[dict[str, Any]]:
    """The pages on which an open crossing is worked."""
    if crossing is None or crossing.state in CROSSING.final:
        return []
    pages = (("contact_crossing", _("Safety contact")), ("move_crossing", _("How the crossing goes")))
    return [{"label": label, "url": reverse(name, args=[referral.reference])} for name, label in pages]


def _packet(one: OpenedPacket) -> dict[str, Any]:
    title = LETTERS[one.packet.purpose]
    if one.packet.outside:
        title = f"{title} · {_(WHOM_TEXT[Whom(one.packet.outside)])}"
    rows = packet_rows(one.packet.purpose, one.words, one.reasons)
    return {"title": title, "fields": rows, "version": one.packet.version}
