"""The policy: every time, limit and ladder that no source fixes, as one value with the defaults of DOMAIN.md. Pure.

Versions of it are rows (cases/models/policy_version.py); nothing here is a constant to the rest of the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

TIERS = ("red", "orange", "yellow", "blue")
Span = dict[str, int]  # one of minutes, hours, days, workdays


def _spans(red: Span, orange: Span, yellow: Span, blue: Span) -> dict[str, Span]:
    return dict(zip(TIERS, (red, orange, yellow, blue), strict=True))


@dataclass(frozen=True, slots=True)
class Policy:
    """Defaults (DOMAIN.md, Tiers; PRACTICE.md 2 and 4.4 say which have a source). Spans by tier."""

    acknowledge: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"minutes": 15}, {"hours": 2}, {"workdays": 1}, {"workdays": 5})
    )
    first_meeting: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"hours": 1}, {"hours": 24}, {"workdays": 3}, {"workdays": 10})
    )
    reassess: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"days": 1}, {"days": 7}, {"days": 14}, {"days": 30})
    )
    follow_up: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"days": 1}, {"days": 7}, {"days": 30}, {"days": 30})
    )
    appointment: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"hours": 12}, {"hours": 72}, {"days": 14}, {"days": 30})
    )
    feedback: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"workdays": 3}, {"workdays": 3}, {"workdays": 3}, {"workdays": 3})
    )
    channel: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"days": 30}, {"days": 30}, {"days": 60}, {"days": 90})
    )
    escalation_step: Mapping[str, Span] = field(
        default_factory=lambda: _spans({"minutes": 15}, {"hours": 2}, {"workdays": 1}, {"workdays": 5})
    )
    ladder: tuple[str, ...] = ("county_centre", "city_centre", "bureau")
    callbacks: tuple[Span, ...] = ({"days": 1}, {"days": 7}, {"months": 1}, {"months": 3}, {"months": 12})
    stay_hours: Mapping[str, int] = field(default_factory=lambda: {"red": 72, "orange": 672, "yellow": 672, "blue": 0})
    second_person: tuple[str, ...] = ("red", "orange")
    face_to_face: tuple[str, ...] = ("red", "orange")
    fresh_assessment_days: int = 3
    recent_attempt_days: int = 14
    after_discharge_months: int = 3
    school_refusal_days: int = 14
    item9_orange: int = 2
    phq_yellow: int = 15
    phq_blue: int = 10
    gad_yellow: int = 15
    gad_blue: int = 10
    hotline_orange: int = 8
    hotline_yellow: int = 4

    def to_json(self) -> dict[str, Any]:
        """A plain dict for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Policy:
        """The policy of a stored version. TypeError for a name that no policy has."""
        known = {f.name for f in fields(cls)}
        if set(body) - known:
            raise TypeError(f"unknown policy fields: {sorted(set(body) - known)}")
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in body.items()}
        return cls(**values)

    def span(self, kind: str, tier: str) -> Span | None:
        """The span of one kind of clock at one tier; None where policy sets none."""
        table = getattr(self, kind, None)
        return table.get(tier) if isinstance(table, Mapping) else None


MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "workdays": 1440}


def faults(policy: Policy) -> tuple[str, ...]:
    """What makes a policy unusable, as codes; empty when it may take effect."""
    found = []
    for kind in ("acknowledge", "first_meeting", "reassess", "escalation_step"):
        table = getattr(policy, kind)
        missing = [tier for tier in TIERS if tier not in table]
        found += [f"gap:{kind}:{tier}" for tier in missing]
        if not missing:
            lengths = [_minutes(table[tier]) for tier in TIERS]
            if lengths != sorted(lengths):
                found.append(f"order:{kind}")
    if not policy.ladder or policy.ladder[-1] != "bureau" or len(set(policy.ladder)) != len(policy.ladder):
        found.append("ladder")
    return tuple(found)


def _minutes(span: Span) -> int:
    return sum(MINUTES[unit] * amount for unit, amount in span.items())
