"""What the plan leaves open about staffing and centres, as one value with the defaults of DOMAIN.md. Pure.

Versions of it are rows (models/staffing_policy.py). It is not part of cases/policy.py: that one is about warnings and
their clocks, and the ground knows nothing of cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from wellbeing.people.centre_items import DEFAULT_TARGETS, CentreItem
from wellbeing.translatable import _


@dataclass(frozen=True, slots=True)
class StaffingPolicy:
    """The plan sets 1,000 pupils, one teacher and 75 %; everything else here is a default (PRACTICE.md 6)."""

    primary_pupils: int = 1000
    vocational: bool = True
    special: bool = False
    pupils_per_extra: int = 0  # 0: off
    qualified: bool = True  # a full-time teacher holds a degree or a valid certificate
    full_time_schools: int = 2  # in more schools nobody is full-time
    pupils_most: int = 20_000  # beyond it an enrolment is a slip of the pen
    week_hours_most: int = 60  # as are more hours a week
    term_hours_most: int = 1_000  # or more of supervision or of training a term
    centres_percent: int = 75
    plan_since: str = "2024-01-01"  # from when the pace towards the plan is counted
    targets: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_TARGETS))

    def to_json(self) -> dict[str, Any]:
        """A plain dict for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> StaffingPolicy:
        """The policy of a stored version. TypeError for a name that no policy has."""
        known = {f.name for f in fields(cls)}
        if set(body) - known:
            raise TypeError(f"unknown policy fields: {sorted(set(body) - known)}")
        return cls(**{**body, "targets": {**DEFAULT_TARGETS, **body.get("targets", {})}})


# Words and limits (least, most) of the plain numbers; the form and the faults are made from them.
NUMBERS: dict[str, tuple[str, int, int]] = {
    "primary_pupils": (_("Primary schools count from (pupils)"), 1, 10_000),
    "pupils_per_extra": (_("One more full-time teacher for each further (pupils; 0: off)"), 0, 10_000),
    "full_time_schools": (_("A full-time teacher stands in at most so many schools"), 1, 5),
    "pupils_most": (_("Largest enrolment that a return may give"), 1_000, 100_000),
    "week_hours_most": (_("Most hours a week that a return may give"), 1, 168),
    "term_hours_most": (_("Most hours of supervision or training a term that a return may give"), 1, 4_000),
    "centres_percent": (_("Share of divisions with a standard centre (%)"), 1, 100),
}
SWITCHES: dict[str, str] = {
    "vocational": _("Vocational schools must have a full-time teacher"),
    "special": _("Special schools must have a full-time teacher"),
    "qualified": _("A full-time teacher must hold a degree or a valid certificate"),
}
TARGET_MOST = 10_000


def changed(old: StaffingPolicy, new: StaffingPolicy) -> tuple[str, ...]:
    """The names of the fields that differ; a target by its item."""
    plain = [
        f.name for f in fields(StaffingPolicy) if f.name != "targets" and getattr(old, f.name) != getattr(new, f.name)
    ]
    return (*plain, *(item.value for item in CentreItem if old.targets[item] != new.targets[item]))
