"""What two people open: one asks, another confirms or refuses within minutes. The caller's number and the sealed
section behind broken glass pass through here; who the other may be, row-level security and the answer's right say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from cases.models.asking import Asking
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.workdays import now

A = TypeVar("A", bound=Asking)
# From asking to the answer, and of a number again to its reading; 0005_walls_of_calls says the same of its key.
MINUTES = 10
# 0012_two_independent, which holds the day of it too.
OWED = _(
    "Whoever asks here has confirmed an asking of yours within the last day, herself or through others. Two people are"
    " two only when neither owes the other: let somebody else answer."
)


def fresh(at: datetime | None) -> bool:
    """Whether a step that was taken then may still be followed by the next one."""
    return at is not None and now() - at < timedelta(minutes=MINUTES)


def waits(ask: Asking) -> bool:
    """Whether somebody else may still answer."""
    return ask.confirmed_at is None and ask.refused_at is None and fresh(ask.at)


def open_asking(kind: type[A], actor: Actor, pk: UUID, permission: P, *, own: bool, lock: bool = False) -> A:
    """One asking: the actor's `own`, or somebody else's to answer. Forbidden otherwise, like a missing one."""
    rows = kind._default_manager.select_related("by").filter(pk=pk)
    ask = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if ask is None or not may(actor, permission) or (ask.by_id == actor.id) != own:
        raise Forbidden
    return ask


def owed(asker: int) -> bool:
    """Whether this person stood second for the actor of this transaction within a day, directly or through others: she
    then confirms nothing of hers. Until the transaction ends nobody else confirms anything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_stood_second(%s)", [asker])
        return bool(cursor.fetchone()[0])


def answer(ask: Asking, actor: Actor, *, confirms: bool, action: str) -> None:
    """Set who confirmed or refused, and when, on an asking of somebody else's; it is not saved. WrongState once it was
    answered or has waited too long; Invalid where whoever would confirm is `owed` that by who asks."""
    if not waits(ask):
        raise WrongState("confirmed" if ask.confirmed_at else "refused" if ask.refused_at else "lapsed", action)
    if confirms and owed(ask.by_id):
        raise Invalid("asker", OWED)
    if confirms:
        ask.confirmed_by_id, ask.confirmed_at = actor.person, now()
    else:
        ask.refused_by_id, ask.refused_at = actor.person, now()
