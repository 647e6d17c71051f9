"""Who of a desk is told outside the page at red, for whoever posts notices that lead to no case: the green channel."""

from __future__ import annotations

from dataclasses import dataclass

from cases.actions import _notices
from cases.models import PolicyVersion
from cases.tiers import Tier
from wellbeing.people.desks import desks
from wellbeing.rota.duty import on_duty


@dataclass(frozen=True, slots=True)
class Outside:
    """One notice that leaves the house: by which channel, to whom, and the colour where policy lets it out."""

    channel: str
    user_id: int | None
    tier: str


def outside(desk_id: int, tier: str) -> list[Outside]:
    """By the first other way of whoever is on duty at the desk, or where nobody is, of everybody there; none below
    red, where the page is enough."""
    policy = PolicyVersion.current().policy()
    rings = [ring for one in desks([desk_id]) for ring in _notices.desk_rings(one, on_duty(one.pk), Tier(tier), policy)]
    colour = tier if policy.notice_colour else ""
    return [Outside(one.channel, one.user_id, colour) for one in rings if one.channel != _notices.IN_APP]
