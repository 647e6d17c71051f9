"""What stands beside the running clocks of the board: what waits for the reader's signature, and what stands still."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from cases.closing import signs
from cases.models import Deadline, DeadlineState, Escalation, Lowering
from cases.queues import BOARD, PAGE
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may_each


def to_sign(actor: Actor, limit: int = PAGE) -> list[Lowering]:
    """What waits for the actor as the second person: proposals of others on cases of hers that she may sign, the
    gravest first and of them the oldest."""
    rows = Lowering.objects.filter(ended_at=None).exclude(proposed_by_id=actor.person)
    found = rows.select_related("case__division", "proposed_by").order_by("proposed_at")  # all: one a case, and few
    waits = [one for one in found if not one.close_reason or signs(one.case.tier, actor.roles)]
    can = may_each(actor, P.LOWERING_CONFIRM, [one.case for one in waits])
    mine = [one for one in waits if can.get(one.case_id)]
    return sorted(mine, key=lambda one: Tier(one.case.tier).rank)[:limit]


def standing_still(actor: Actor, limit: int = BOARD) -> list[Deadline]:
    """The clocks of the actor's desks, and those that came up to them, that stand still at present: who let them, why
    and until when; the gravest first, then the first that goes on."""
    risen = Escalation.objects.filter(deadline=OuterRef("pk"), desk_id__in=actor.desks)
    rows = Deadline.objects.filter(
        Q(desk_id__in=actor.desks) | Q(Exists(risen), level__gt=0), state=DeadlineState.PAUSED
    )
    return list(rows.select_related("case__division", "paused_by").order_by("tier_rank", "next_at", "pk")[:limit])
