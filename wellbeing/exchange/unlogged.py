"""Calls that were taken and that nobody has logged: the hotline is told while their numbers would open."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from wellbeing.access.actor import identity
from wellbeing.access.machines import TICKER
from wellbeing.exchange.models import Ring
from wellbeing.outbox.models import Notice
from wellbeing.outbox.post import post
from wellbeing.people.desks import desk_at, members
from wellbeing.people.models import Desk, Role
from wellbeing.workdays import now

KIND = "calls_unlogged"


def remind_unlogged(hours: int, *, kept: int) -> int:
    """Tell each hotline, once a day, where a call that was taken more than so many hours ago is on no sheet, and its
    number still opens, or would, had the caller shown one (it is `kept` for so many hours): its supervisors, or where
    there are none whoever takes calls. Returns how many were told."""
    told = 0
    with identity(TICKER):
        at = now()
        fresh = Q(number__isnull=False) | Q(offered_at__gt=at - timedelta(hours=kept))
        old = Ring.objects.filter(Ring.unlogged(at), fresh, offered_at__lte=at - timedelta(hours=hours))
        for hotline in old.order_by("hotline").values_list("hotline", flat=True).distinct():
            above, below = (desk_at(hotline, role) for role in (Role.HOTLINE_SUPERVISOR, Role.HOTLINE_COUNSELLOR))
            desk: Desk | None = above if above and members(above.pk) else below
            key = f"{KIND}:{hotline}:{at.date()}"
            if desk and not Notice.objects.filter(dedupe_key=key).exists():
                post(kind=KIND, target="rings", desk_id=desk.pk, dedupe_key=key)
                told += 1
    return told
