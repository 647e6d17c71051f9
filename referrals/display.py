"""What the referral page shows: the stepper, the timeline, a packet's fields, and what was given to whom."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cases.display import field_label, field_rows
from cases.telling import WHOM_TEXT, Whom
from referrals.access import Disclosure
from referrals.flow import EVENT_TEXT, STATE_TEXT
from referrals.models import Purpose, Referral, Step
from referrals.packet import EXTRAS, TEMPLATES
from wellbeing.access.actor import Actor
from wellbeing.people.models import Desk, Role

ASKED = ("submitted", "accepted")  # before it, where a school has asked
EXITS = ("declined", "withdrawn", "expired")
MAIN = ("sent", "received", "appointment", "attended", "reported", "return_plan", "followed_up", "closed")


def steps(referral: Referral, trace: list[Step]) -> list[dict[str, Any]]:
    """One line per state of the main road, plus the side exit it took, if any; what was gone back from is not done."""
    reached = {step.state: step.at for step in trace if step.state}
    main: tuple[str, ...] = (*ASKED, *MAIN) if referral.asked_by_id else MAIN
    if referral.state == "proposed":  # shown while it waits for a choice
        at = main.index("appointment")
        main = (*main[:at], "proposed", *main[at:])
    on_road = referral.state in main
    road = main if on_road else (*[s for s in main if s in reached], referral.state)
    here = road.index(referral.state)
    return [
        {
            "state": state,
            "text": _(STATE_TEXT[state]),
            "done": state in reached and place <= here,
            "current": place == here,
            "at": reached.get(state) if place <= here else None,
            "exit": state in EXITS,
        }
        for place, state in enumerate(road)
    ]


def timeline(actor: Actor, referral: Referral, trace: list[Step]) -> list[dict[str, Any]]:
    """What happened, the newest first: sender, triage and receiver read the same lines, through whom each step went.

    Whoever received it reads "school" without the school's name: that is a field of the letter, and not of its cover.
    """
    near = near_to(actor, referral)
    return [
        {
            "act_text": _(EVENT_TEXT[one.event]) if one.event else _(STATE_TEXT[one.state]),
            "who": desk_name(one.desk, near=near) if one.desk else _("System"),
            "at": one.at,
        }
        for one in reversed(trace)
    ]


def near_to(actor: Actor, referral: Referral) -> bool:
    """Whether the actor sits at a desk that sends, asked, or decides: not only where it was received."""
    county = referral.to_desk_id if referral.from_desk_id == referral.asked_by_id else referral.from_desk_id
    return bool({county, referral.from_desk_id, referral.asked_by_id} & set(actor.desks))


def desk_name(desk: Desk, *, near: bool) -> str:
    """A desk by its house; a school's for whoever stands further off by its role."""
    if desk.role == Role.SCHOOL_COUNSELLOR and not near:
        return str(desk.get_role_display())
    return str(desk.organisation)


def packet_rows(
    purpose: str, words: Mapping[str, Any], reasons: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The packet's fields in the order of its template, then those that were added with why; exactly what travels."""
    labels = {field.code: _(field.label) for field in TEMPLATES[purpose]}
    labels |= {code: field_label(code) for code in EXTRAS.get(purpose, ()) if code in (reasons or {})}
    return [
        {"label": label, "value": field_rows({code: words[code]})[0]["value"], "reason": (reasons or {}).get(code, "")}
        for code, label in labels.items()
        if code in words
    ]


def disclosure_rows(found: list[Disclosure]) -> list[dict[str, Any]]:
    """What was given to whom: desk or rescue, for which purpose, which fields, when and until when."""
    return [
        {
            "to": _(WHOM_TEXT[Whom(one.packet.outside)]) if one.packet.outside else one.packet.to_desk.organisation,
            "purpose": Purpose(one.packet.purpose).label,
            "version": one.packet.version,
            "fields": [_field(one.packet.purpose, code) for code in one.packet.fields],
            "at": one.packet.created_at,
            "until": one.packet.expires_at,
            "open": one.open,
            "outside": one.packet.outside,
        }
        for one in found
    ]


def _field(purpose: str, code: str) -> str:
    labels = {field.code: field.label for field in TEMPLATES[purpose]}
    return _(labels[code]) if code in labels else field_label(code)
