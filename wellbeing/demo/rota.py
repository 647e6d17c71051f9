"""The demo's rota: every staffed desk by its own people in turn, day and night, but for one gap that can be seen."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from wellbeing.access.actor import Actor, identity
from wellbeing.people.desks import members
from wellbeing.people.models import Desk, Role
from wellbeing.rota.models import Shift
from wellbeing.rota.pattern import Pattern, Slot
from wellbeing.workdays import TIMEZONE, now

WEEKS = 8
KEEP_ONE = (Role.HOTLINE_COUNSELLOR, Role.COUNTY_TRIAGE, Role.CITY_DUTY, Role.HOSPITAL_LIAISON)
DAY_AND_NIGHT = (Slot(time(8), time(20)), Slot(time(20), time(8)))
WITH_A_GAP = "beichen-hospital"  # nobody there on Sundays


def load_rota() -> int:
    """Plan the coming weeks of every desk that has people; what is planned already stays. Returns how many shifts."""
    with identity(Actor.machine("demo")):
        at = now()
        made = [
            shift
            for desk in Desk.objects.filter(role__in=KEEP_ONE).select_related("organisation").order_by("pk")
            for shift in _coming(desk, at)
        ]
        return len(Shift.objects.bulk_create(made))


def _coming(desk: Desk, at: datetime) -> list[Shift]:
    people = members(desk.pk)
    if not people:
        return []
    last = Shift.objects.filter(desk=desk).order_by("-ends_at").values_list("ends_at", flat=True).first()
    first = (last.astimezone(TIMEZONE) if last else at - timedelta(days=1)).date()
    pattern = Pattern(
        first_day=first,
        weeks=WEEKS,
        weekdays=tuple(range(6 if desk.organisation.code == WITH_A_GAP else 7)),
        slots=DAY_AND_NIGHT,
        persons=tuple(people),
    )
    end = at + timedelta(weeks=WEEKS)
    return [
        Shift(desk=desk, user_id=one.user_id, starts_at=one.starts_at, ends_at=one.ends_at, planned_at=at)
        for one in pattern.shifts()
        if one.starts_at < end and (last is None or one.starts_at >= last)
    ]
