"""Who is told of a warning, by whom, how (PRACTICE.md 2.2), and which clocks that starts. Pure.

The county centre is told by the warning itself and answers by acknowledging it; everybody else is told by a person, who
records whom she told, when and how.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cases.clocks import ClockKind
from cases.tiers import Rule
from wellbeing.translatable import _


class Whom(StrEnum):
    """Who is told."""

    PRINCIPAL = "principal"
    GUARDIAN = "guardian"
    COUNTY = "county"
    CITY = "city"
    POLICE = "police"
    AMBULANCE = "ambulance"
    SEA_RESCUE = "sea_rescue"


class How(StrEnum):
    """By which way."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    MESSAGE = "message"
    LETTER = "letter"


class Told(StrEnum):
    """What came of it. Only the first one stops the clock as met; the last two end it with a reason."""

    TOLD = "told"
    UNREACHED = "unreached"
    ENDANGERS = "endangers"
    UNKNOWN = "unknown"


RESCUE = (Whom.POLICE, Whom.AMBULANCE, Whom.SEA_RESCUE)  # 110, 120, 12395
WHOM_TEXT = {
    Whom.PRINCIPAL: _("Principal or crisis lead of the school"),
    Whom.GUARDIAN: _("Guardian"),
    Whom.COUNTY: _("County centre"),
    Whom.CITY: _("City centre"),
    Whom.POLICE: _("Police 110"),
    Whom.AMBULANCE: _("Ambulance 120"),
    Whom.SEA_RESCUE: _("Sea rescue 12395"),
}
HOW_TEXT = {
    How.IN_PERSON: _("In person"),
    How.PHONE: _("By telephone"),
    How.MESSAGE: _("By message"),
    How.LETTER: _("By letter"),
}
TOLD_TEXT = {
    Told.TOLD: _("Told"),
    Told.UNREACHED: _("Not reached"),
    Told.ENDANGERS: _("Not told: it would endanger the person"),
    Told.UNKNOWN: _("Not possible: nobody knows who it is"),
}
CLOCK_OF = {
    Whom.PRINCIPAL: ClockKind.TELL_PRINCIPAL,
    Whom.GUARDIAN: ClockKind.TELL_GUARDIAN,
    Whom.CITY: ClockKind.TELL_CITY,
    **dict.fromkeys(RESCUE, ClockKind.TELL_RESCUE),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the person when the warning is raised. A teacher's employer and guardians stay out."""

    teacher: bool = False
    somebody: bool = True  # a name, a school or a contact: an anonymous caller has none of them


def clocks_of(known: Known, rules: frozenset[str] = frozenset()) -> tuple[ClockKind, ...]:
    """The clocks of telling that a warning starts; policy says at which tiers they have a time."""
    kinds = [ClockKind.TELL_CITY]
    if not known.teacher and known.somebody:
        kinds = [ClockKind.TELL_PRINCIPAL, ClockKind.TELL_GUARDIAN, *kinds]
    if Rule.ACT_UNDER_WAY in rules:
        kinds.append(ClockKind.TELL_RESCUE)
    return tuple(kinds)


def ends_clock(told: Told) -> bool:
    """Whether the clock ends: "not reached" leaves it running."""
    return told != Told.UNREACHED
