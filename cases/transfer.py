"""A person changes school or county (转学、移交): on what basis a file goes, and what keeps it where it is. Pure.

Source: PRACTICE.md 2.4 (a lawful basis for every hand-over); Personal Information Protection Law 13 and 23. The file
goes in two steps by two people: until the receiving county has accepted, the old desks stay fully responsible.
"""

from __future__ import annotations

from enum import StrEnum

from cases.clocks import ClockKind as C
from cases.consent import danger
from wellbeing.translatable import _


class Basis(StrEnum):
    """The lawful basis of a transfer."""

    CONSENT = "consent"
    SAFETY = "safety"


class Scope(StrEnum):
    """What goes: the whole file, or the few fields of cases/handover.py, of which the receiving desk makes its own."""

    MINIMUM = "minimum"
    WHOLE = "whole"


BASIS_TEXT = {
    Basis.CONSENT: _("The guardian, or the person of age, agreed"),
    Basis.SAFETY: _("Duty of safety: danger stands, and there is nobody to ask or no time"),
}
SCOPE_TEXT = {
    Scope.MINIMUM: _("Minimum hand-over: only the fields below; the next desk opens a file of its own"),
    Scope.WHOLE: _("The whole file: the case work must go on without a break"),
}
SCOPE_CHIP = {Scope.MINIMUM: _("Minimum hand-over"), Scope.WHOLE: _("The whole file")}
# What is written for the desk that is asked, before the fields of a minimum hand-over.
ASKED_TEXT = {
    "scope": _("What goes"),
    "basis": _("On what basis"),
    "who": _("Who agreed, and when"),
    "new_school": _("New school"),
    "because": _("Why the file moves"),
    "note": _("What the next desk must know before it has read the file"),
}
# The clocks of a referral. Every state of it that is not its end has one of them, so while one runs, a referral is
# under way and the file stays: a transfer never breaks a referral, least of all a red or an orange one.
UNDER_WAY = (
    *(C.TRIAGE, C.ANSWER, C.CHANNEL, C.APPOINTMENT, C.FEEDBACK, C.RETURN_PLAN),
    *(C.LETTER, C.ARRIVAL, C.SAFETY_CONTACT),
)
# What a guardian's refusal has started goes on with the whole file only.
NEEDS_FILE = (C.SECOND_TALK, C.HOME_WATCH)


class End(StrEnum):
    """How a desk's part in a case ended."""

    TRANSFERRED = "transferred"
    CLOSED = "closed"


END_TEXT = {End.TRANSFERRED: _("Handed over"), End.CLOSED: _("Closed")}


def enough(basis: Basis, tier: str) -> bool:
    """Whether the basis carries a transfer at this tier: without consent only where danger stands."""
    return basis == Basis.CONSENT or danger(tier)
