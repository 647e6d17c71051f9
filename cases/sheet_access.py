"""The door to what the sheet of a call says now: its sections in their newest versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.access import Purpose, reveal
from cases.models import Case, EntryKind, Section
from wellbeing.access.actor import Actor


def sheet_words(actor: Actor, case: Case) -> dict[str, Mapping[str, Any]]:
    """What the sheet of the case's call says now, by section: the newest version of each. A reading, and recorded."""
    found: dict[str, Mapping[str, Any]] = {}
    for one in reveal(actor, case, Section.values, Purpose.CARE).entries:
        if one.kind == EntryKind.CALL:
            found[one.section] = one.words
    return found
