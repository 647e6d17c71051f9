"""From one policy to the next: what differs, cell by cell, and the digest that ties a preview to its change. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.policy import TIERS, Policy
from cases.policy_fields import NAMES, Shape, shape


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs: the field, the tier where the field is a table, and both values (None: there is none)."""

    name: str
    tier: str
    before: Any
    after: Any


def changes(old: Policy, new: Policy) -> tuple[Change, ...]:
    """What differs, in the order of the fields."""
    found = []
    for name in NAMES:
        before, after = getattr(old, name), getattr(new, name)
        if shape(name) in (Shape.SPANS, Shape.HOURS):
            pairs = [(tier, before.get(tier), after.get(tier)) for tier in TIERS]
        else:
            pairs = [("", _flat(name, before), _flat(name, after))]
        found += [Change(name, tier, was, will) for tier, was, will in pairs if was != will]
    return tuple(found)


def digest(policy: Policy, effective_from: datetime | None, newest: int) -> str:
    """Names a change exactly: its values, its beginning, and the newest version it was made after."""
    begin = effective_from.isoformat() if effective_from else None
    told = json.dumps([policy.to_json(), begin, newest], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _flat(name: str, value: Any) -> Any:
    """Lists and tuples alike: one comes from a form, the other from a JSON column. A choice has no order."""
    if isinstance(value, list | tuple):
        found = tuple(dict(one) if isinstance(one, Mapping) else one for one in value)
        return tuple(sorted(found)) if shape(name) == Shape.CHOICE else found
    return value
