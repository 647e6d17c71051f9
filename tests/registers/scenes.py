"""An activity, a hotline's yearly return and an incident, through the doors."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.stage import actor
from wellbeing.access.actor import Actor
from wellbeing.people.models import Organisation
from wellbeing.registers import actions
from wellbeing.registers.kinds import About, ActivityKind
from wellbeing.registers.models import Activity, HotlineYear, Incident
from wellbeing.workdays import now

STORY = "八年级一名学生在教学楼天台徘徊,被巡查老师带离"


def incident(school: str = "xinghe", by: Actor | None = None, **more: Any) -> Incident:
    given: dict[str, Any] = {"about": About.STUDENT, "happened_at": now() - timedelta(minutes=50), "text": STORY}
    school_id = Organisation.objects.get(code=school).pk
    made: Incident = actions.report_incident(actor=by or actor("zhou"), school_id=school_id, **{**given, **more})
    return made


def activity(kind: ActivityKind = ActivityKind.TRAINING, held_on: date | None = None, reached: int = 32) -> Activity:
    made: Activity = actions.note_activity(
        actor=actor("he"),
        kind=kind,
        title="班主任危机识别培训",
        held_on=held_on or now().date(),
        hours=Decimal("1.5"),
        reached=reached,
    )
    return made


def hotline_year(year: int | None = None, **more: Any) -> HotlineYear:
    given: dict[str, Any] = {"seats": 2, "hours": Decimal(24), "staff": {"counsellor_full": 3, "nurse_part": 1}}
    made: HotlineYear = actions.fill_year(actor=actor("su"), year=year or now().year, **{**given, **more})
    return made
