"""Shifts to set a scene with, planned through the door by those who may."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.stage import actor, desk
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import Desk, Role, User
from wellbeing.rota import actions
from wellbeing.rota.models import Shift, Swap
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def dinghai() -> Desk:
    return desk("dinghai-centre", Role.COUNTY_TRIAGE)


def hour(number: float) -> datetime:
    """So many hours from the next full hour of the database's clock."""
    return now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1 + number)


def user_id(name: str) -> int:
    return User.objects.values_list("pk", flat=True).get(username=name)


def shift(name: str = "zhou", begin: float = 0, end: float = 8, *, by: str = "zhou", at: Desk | None = None) -> Shift:
    """A shift of Dinghai's triage desk (or of another), hours from the next full one."""
    made: Shift = actions.plan_shift(
        actor=actor(by), desk=at or dinghai(), user_id=user_id(name), starts_at=hour(begin), ends_at=hour(end)
    )
    return made


def asked(one: Shift, *, by: str = "zhou", to: str = "luo") -> Swap:
    made: Swap = actions.ask_swap(actor=actor(by), shift_id=one.pk, to_user_id=user_id(to))
    return made


def rows(model: Any, **values: Any) -> list[Any]:
    """What a machine finds."""
    with identity(MACHINE):
        return list(model.objects.filter(**values).order_by("pk"))
