"""The door to what the sheet of a call says now: its sections in their newest versions, and what of them whoever calls
back needs before she rings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.access import Opened, Purpose, reveal
from cases.contact_access import stopped
from cases.models import Case, EntryKind, Section
from cases.sections import readable_sections
from wellbeing.access.actor import Actor

BEFORE = {  # by section, in the order in which they are needed
    Section.SEALED: ("callback_number",),
    Section.IDENTITY: ("contact", "name"),
    Section.NARRATIVE: ("callback_consent", "callback_when", "safe_words"),
}


# Of these a new one takes the place of the one before, of a call section by section.
REPLACED = (EntryKind.CALL, EntryKind.SAFETY_PLAN, EntryKind.RETURN_PLAN)


@dataclass(frozen=True, slots=True)
class BeforeRinging:
    """What stands on the sheet for whoever calls back, by field code. `hidden`: the number is sealed from her;
    `stopped`: nobody may be reached, and nothing was opened."""

    words: Mapping[str, Any]
    hidden: bool
    stopped: str | None = None


def before_ringing(actor: Actor, case: Case) -> BeforeRinging:
    """Whom to ask for, the number, when it is safe and what may be said, as far as the actor may read each section: a
    reading like the file's, and recorded as one. Forbidden to whoever may not read the file."""
    if sentence := stopped(actor, case):
        return BeforeRinging({}, hidden=False, stopped=sentence)
    said = sheet_words(actor, case, BEFORE)
    words = {code: said[at][code] for at, codes in BEFORE.items() for code in codes if said.get(at, {}).get(code)}
    return BeforeRinging(words, hidden=Section.SEALED not in readable_sections(actor, case))


def standing(opened: Iterable[Opened]) -> list[Opened]:
    """Those of some entries, the oldest first, that stand now: what a caller took back, or a new plan left out, goes to
    nobody who is given a part of the file."""
    found = list(opened)
    newest = {(one.section, one.kind): one for one in found if one.kind in REPLACED}
    return [one for one in found if newest.get((one.section, one.kind), one) is one]


def sheet_words(actor: Actor, case: Case, sections: Iterable[str] = Section.values) -> dict[str, Mapping[str, Any]]:
    """What the sheet of the case's call says now, by section: the newest version of each. A reading, and recorded."""
    found: dict[str, Mapping[str, Any]] = {}
    for one in reveal(actor, case, sections, Purpose.CARE).entries:
        if one.kind == EntryKind.CALL:
            found[one.section] = one.words
    return found
