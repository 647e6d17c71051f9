"""The minimum hand-over (最小必要移交): the only fields that go to the receiving school or county. Pure.

Source: PRACTICE.md 2.4 (the default is the minimum); Personal Information Protection Law 6. Nothing that was said, no
answer about risk and no conclusion of a hospital is on the list, so none can go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.consent import danger
from cases.transfer import Scope
from wellbeing.translatable import _


@dataclass(frozen=True, slots=True)
class HandoverField:
    """One field: `copied` ones come from the file as it is; the others are written, beginning with what it holds."""

    code: str
    label: str
    copied: bool = False


RECEIVING_SCHOOL = (
    HandoverField("name", _("Name or what to call her or him"), copied=True),
    HandoverField("stage", _("Stage"), copied=True),
    HandoverField("tier", _("Tier"), copied=True),
    HandoverField("arrangement", _("Plan and advice in use")),
    HandoverField("signs", _("Warning signs")),
    HandoverField("helps", _("What helps")),
    HandoverField("contacts", _("Whom to call")),
)
CODES = tuple(field.code for field in RECEIVING_SCHOOL)
COPIED = tuple(field.code for field in RECEIVING_SCHOOL if field.copied)
WRITTEN = tuple(field.code for field in RECEIVING_SCHOOL if not field.copied)
IDENTITY = ("name", "stage")
# What a written field begins with: the kind of entry, and its field there. The newest plan counts.
BEGINS: dict[str, dict[str, str]] = {
    "return_plan": {"advice": "arrangement", "signs": "signs", "contacts": "contacts"},
    "safety_plan": {"signs": "signs", "coping": "helps"},
}


def template(words: Mapping[str, Any]) -> dict[str, Any]:
    """Of some words those that may go, in the order of the template; empty ones are left out."""
    return {code: words[code] for code in CODES if words.get(code) not in (None, "")}


def default_scope(tier: str, *, on_leave: bool) -> Scope:
    """What a transfer begins with: the minimum, but the whole file in danger, and where a leave goes on."""
    return Scope.WHOLE if on_leave or danger(tier) else Scope.MINIMUM
