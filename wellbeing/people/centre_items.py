"""The check-list of a standard centre (标准化中心), and when the plan's share of them is reached. Pure.

Source: PRACTICE.md 6 (peer check-lists; the plan of 2024 sets 75 % of counties). The targets are the city's policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from wellbeing.translatable import _


class CentreItem(StrEnum):
    AREA = "area"
    ROOMS = "rooms"
    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    WEEKLY_HOURS = "weekly_hours"
    SUPERVISION = "supervision"
    CRISIS_LINE = "crisis_line"
    REFERRAL_AGREEMENT = "referral_agreement"
    ARCHIVE_LOCKED = "archive_locked"
    ANNUAL_REPORT = "annual_report"


YES_OR_NO = frozenset(
    {CentreItem.CRISIS_LINE, CentreItem.REFERRAL_AGREEMENT, CentreItem.ARCHIVE_LOCKED, CentreItem.ANNUAL_REPORT}
)
ITEM_TEXT: dict[CentreItem, str] = {
    CentreItem.AREA: _("Area (m²)"),
    CentreItem.ROOMS: _("Rooms (reception, individual, group, sand tray, testing, hotline)"),
    CentreItem.FULL_TIME: _("Full-time staff"),
    CentreItem.PART_TIME: _("Part-time staff"),
    CentreItem.WEEKLY_HOURS: _("Open (hours a week)"),
    CentreItem.SUPERVISION: _("Supervision (times a month)"),
    CentreItem.CRISIS_LINE: _("A crisis line that is really answered"),
    CentreItem.REFERRAL_AGREEMENT: _("A signed referral agreement with a hospital"),
    CentreItem.ARCHIVE_LOCKED: _("A locked archive"),
    CentreItem.ANNUAL_REPORT: _("An annual report"),
}
# 40 m², three zones and eight hours a week: the lowest grade of Gansu's list; the others: one of each.
DEFAULT_TARGETS: dict[str, int] = {
    **{item.value: 1 for item in CentreItem},
    CentreItem.AREA: 40,
    CentreItem.ROOMS: 3,
    CentreItem.WEEKLY_HOURS: 8,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One line of the list: what there is, whether evidence is named, and when the city saw it."""

    actual: int | None
    evidence: bool
    inspected_on: date | None


def met(target: int, line: Checked | None) -> bool:
    """Whether an item is there and proven; a target of 0 asks for nothing."""
    return target == 0 or (line is not None and line.actual is not None and line.actual >= target and line.evidence)


def lacking(targets: Mapping[str, int], lines: Mapping[str, Checked]) -> tuple[CentreItem, ...]:
    """The items that are not met or were not inspected: a centre is standard when there are none."""
    return tuple(
        item
        for item in CentreItem
        if targets[item] and not (met(targets[item], lines.get(item)) and lines[item].inspected_on is not None)
    )


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the counting divisions have a standard centre, how many the plan asks for, and when it is met: the
    day it was, or the day it will be at the pace since the plan began; None where there is no pace."""

    standard: int
    divisions: int
    needed: int
    on: date | None

    @property
    def reached(self) -> bool:
        return self.divisions > 0 and self.standard >= self.needed

    @property
    def percent(self) -> int | None:
        """In percent, rounded down; None without divisions."""
        return 100 * self.standard // self.divisions if self.divisions else None


def share(signed: Sequence[date], divisions: int, percent: int, since: date, today: date) -> Share:
    """`signed` are the days on which the standard centres of the counting divisions were signed off.

    Three of four are 75 % and pass, two do not. The pace is centres per day from `since` until today.
    """
    needed = -(-divisions * percent // 100)
    days = sorted(signed)
    if not divisions:
        return Share(0, 0, 0, None)
    if len(days) >= needed:
        return Share(len(days), divisions, needed, days[needed - 1])
    elapsed = (today - since).days
    if not days or elapsed <= 0:
        return Share(len(days), divisions, needed, None)
    left = -(-(needed - len(days)) * elapsed // len(days))
    return Share(len(days), divisions, needed, today + timedelta(days=left))
