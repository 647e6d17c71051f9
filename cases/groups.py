"""Special groups (特殊群体): flags of a person, sealed, confirmed anew each term. Pure.

Source: PRACTICE.md 7. A flag alone never makes a tier: blue needs a flag and an observation.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from cases.clocks import add_months, end_of
from wellbeing.translatable import _

MONTHS = 3  # PRACTICE.md 7: a list of special groups has an end, the term's or the quarter's


def confirm_at(at: datetime, last_day: date | None) -> datetime:
    """When flags that were set at a moment must be confirmed anew: a quarter later, or before when the term ends."""
    quarter = add_months(at, MONTHS)
    return min(quarter, end_of(last_day)) if last_day and end_of(last_day) > at else quarter


class Group(StrEnum):
    LEFT_BEHIND = "left_behind"
    SEAFARER = "seafarer"
    MIGRANT = "migrant"
    ORPHAN = "orphan"
    UNATTENDED = "unattended"
    DISADVANTAGED = "disadvantaged"
    SINGLE_PARENT = "single_parent"
    LEGAL_CASE = "legal_case"
    SPECIAL_NEED = "special_need"
    BOARDER = "boarder"
    BULLIED = "bullied"
    BEREAVED = "bereaved"
    LOW_INCOME = "low_income"
    ILLNESS = "chronic_illness"
    RETURNED = "returned"
    REFUSES_SCHOOL = "refuses_school"
    EXAM_YEAR = "exam_year"


GROUP_TEXT = {
    Group.LEFT_BEHIND: _("Left behind: both parents away"),
    Group.SEAFARER: _("Family of fishermen or seafarers"),
    Group.MIGRANT: _("Moved in with parents who work here"),
    Group.ORPHAN: _("Orphan"),
    Group.UNATTENDED: _("In fact without anybody to raise her or him"),
    Group.DISADVANTAGED: _("In hardship"),
    Group.SINGLE_PARENT: _("Single parent, divorced or joined family"),
    Group.LEGAL_CASE: _("Minor in a legal case"),
    Group.SPECIAL_NEED: _("Disability or special education"),
    Group.BOARDER: _("Boarder"),
    Group.BULLIED: _("Bullied or harmed"),
    Group.BEREAVED: _("Bereaved, or a great change at home"),
    Group.LOW_INCOME: _("Low income or aided"),
    Group.ILLNESS: _("Chronic illness"),
    Group.RETURNED: _("Back at school after treatment"),
    Group.REFUSES_SCHOOL: _("Stays away from school"),
    Group.EXAM_YEAR: _("In the year of an entrance exam"),
}
