"""Exports to set a scene with: Chen's list for herself, as long as it takes a second person."""

from __future__ import annotations

from typing import Any

from cases import actions
from cases.export_access import Rows
from cases.models import Export
from tests.stage import actor
from wellbeing.people.models import User

FORMULA = '=HYPERLINK("http://203.0.113.1","x")'


def long_list(number: int = 51) -> Rows:
    return Rows("名单", ("姓名", "编号"), [(f"学生{one}", f"0{one}") for one in range(number - 1)] + [(FORMULA, "1")])


def exported(number: int = 51, *, by: str = "chen", to: str = "", **more: Any) -> Export:
    given = {"sort": "roll", "form": "xlsx", "why": "work", "days": 2, "rows": long_list(number), **more}
    receiver = User.objects.get(username=to or by)
    made: Export = actions.ask_export(actor=actor(by), receiver_id=receiver.pk, **given)
    return made
