"""What the page of the rota shows: days with their shifts and gaps, and who is on duty where."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from typing import Any

from wellbeing.access.actor import Actor
from wellbeing.people.desks import desks
from wellbeing.people.models import Desk
from wellbeing.rota import duty
from wellbeing.rota.cover import by_day
from wellbeing.rota.models import Shift, Swap
from wellbeing.rota.spoken import hours, spoken, spoken_day
from wellbeing.workdays import TIMEZONE

DAYS = 14  # two weeks: what is planned, and what is not yet


def midnight(day: date) -> datetime:
    """When a day begins here."""
    return datetime.combine(day, time(), TIMEZONE)


def days(actor: Actor, desk: Desk, first: date, now: datetime) -> list[dict[str, Any]]:
    """The days of a rota from `first` on: each with its shifts and the hours that nobody covers from now on, in time.

    A shift stands under the day on which it begins; one that began the evening before the first day stands under it.
    """
    start, end = midnight(first), midnight(first + timedelta(days=DAYS))
    shifts = list(
        Shift.objects.filter(desk=desk, ends_at__gt=start, starts_at__lt=end)
        .select_related("user")
        .order_by("starts_at", "pk")
    )
    asked = {swap.shift_id: swap for swap in _open_swaps(shifts)}
    gaps = duty.gaps(desk.pk, max(start, now), end) if end > now else []
    missing = [piece for gap in gaps for piece in by_day(gap, TIMEZONE)]
    lines: list[tuple[datetime, dict[str, Any]]] = [
        *((max(one.starts_at, start), _shift(one, actor, asked.get(one.pk), now, first)) for one in shifts),
        *((gap[0], {"hours": hours(*gap)}) for gap in missing),
    ]
    lines.sort(key=lambda line: line[0])
    rows = []
    for number in range(DAYS):
        day = first + timedelta(days=number)
        rows.append(
            {
                "name": spoken_day(day),
                "today": day == now.date(),
                "lines": [line for begins, line in lines if begins.astimezone(TIMEZONE).date() == day],
            }
        )
    return rows


def _open_swaps(shifts: list[Shift]) -> list[Swap]:
    return list(Swap.objects.filter(shift__in=shifts, answered_at=None).select_related("to_user"))


def _shift(one: Shift, actor: Actor, swap: Swap | None, now: datetime, first: date) -> dict[str, Any]:
    return {
        "id": one.pk,
        "hours": hours(one.starts_at, one.ends_at, first),
        "person": str(one.user),
        "mine": one.user_id == actor.id,
        "over": one.ends_at <= now,
        "runs": one.starts_at <= now < one.ends_at,
        "asked": str(swap.to_user) if swap else "",
    }


def asked_of(actor: Actor) -> list[dict[str, Any]]:
    """The questions put to the actor that wait for her answer, the first shift first."""
    waiting = Swap.objects.filter(to_user_id=actor.person, answered_at=None, shift__desk_id__in=actor.desks)
    found = waiting.select_related("shift__desk__organisation", "asked_by").order_by("shift__starts_at")
    return [
        {"id": one.pk, "who": str(one.asked_by), "when": str(one.shift), "desk": str(one.shift.desk)} for one in found
    ]


def next_gap(desk: Desk, now: datetime) -> str:
    """The first stretch of the coming days in which nobody is on duty, in words; empty when there is none."""
    found = duty.gaps(desk.pk, now, midnight(now.date() + timedelta(days=DAYS)))
    return spoken(*found[0]) if found else ""


def on_duty_now(roles: Container[str] | None = None) -> list[dict[str, Any]]:
    """Every desk that keeps a rota (or those of some roles), with who is on duty there now; in the desks' order."""
    there = duty.everywhere()
    return [{"desk": desk, "people": there[desk.pk]} for desk in desks(there) if roles is None or desk.role in roles]
