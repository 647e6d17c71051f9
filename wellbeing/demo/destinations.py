"""The demo's directory: invented hospitals and island clinics, the way there, and places for the coming weeks."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from referrals.models import Destination, Slot
from wellbeing.access.actor import Actor, identity
from wellbeing.people.desks import receiving_desks
from wellbeing.people.models import Organisation
from wellbeing.workdays import TIMEZONE, is_workday, now

NO_BOAT, ONE_BOAT, TWO_BOATS = "陆路直达", "需乘船一程", "需乘船两程，遇大风停航"
# Code, clinic, ages, services, hours, telephone (no real number), minutes and boat by division.
ROWS = (
    (
        "haiyun-hospital",
        False,
        (6, 18),
        "儿童青少年精神科，急诊评估，住院",
        "全天；门诊 8:00–16:30",
        "0000-000001",
        {"330902": (25, NO_BOAT), "330903": (35, NO_BOAT), "330921": (95, ONE_BOAT), "330922": (210, TWO_BOATS)},
    ),
    (
        "beichen-hospital",
        False,
        (12, 18),
        "心身科门诊，心理治疗",
        "周一至周六 8:00–17:00",
        "0000-000002",
        {"330902": (40, NO_BOAT), "330903": (15, NO_BOAT), "330921": (110, ONE_BOAT), "330922": (225, TWO_BOATS)},
    ),
    (
        "city-centre",
        False,
        (6, 18),
        "个别与家庭辅导，危机后支持，不作诊断",
        "周一至周六 8:30–17:00",
        "0000-000005",
        {"330902": (20, NO_BOAT), "330903": (30, NO_BOAT), "330921": (95, ONE_BOAT), "330922": (215, TWO_BOATS)},
    ),
    ("lulan-clinic", True, (0, 99), "全科，首诊与留观", "全天", "0000-000003", {"330921": (20, NO_BOAT)}),
    ("dengta-clinic", True, (0, 99), "全科，首诊与留观", "全天", "0000-000004", {"330922": (15, NO_BOAT)}),
)
WEEKS, TIMES = 4, (time(9), time(10, 30), time(14))


def load_destinations() -> int:
    """The directory, and places on the working days of the coming weeks; what is there stays. How many were added."""
    with identity(Actor.machine("demo")):
        for code, clinic, (age_from, age_to), services, hours, phone, travel in ROWS:
            values = {
                "clinic": clinic,
                "age_from": age_from,
                "age_to": age_to,
                "services": services,
                "hours": hours,
                "phone": phone,
                "travel": {division: {"minutes": n, "note": note} for division, (n, note) in travel.items()},
            }
            Destination.objects.get_or_create(organisation=Organisation.objects.get(code=code), defaults=values)
        first = now().date() + timedelta(days=1)
        days = [day for day in (first + timedelta(days=n) for n in range(7 * WEEKS)) if is_workday(day)]
        rows = [
            Slot(desk=desk, starts_at=datetime.combine(day, at, tzinfo=TIMEZONE))
            for desk in receiving_desks()
            for day in days
            for at in TIMES
        ]
        before = Slot.objects.count()
        Slot.objects.bulk_create(rows, ignore_conflicts=True)
        return Slot.objects.count() - before
