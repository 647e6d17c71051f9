"""By what a case in danger may close: something real behind the reason, or a second person. Pure.

Source: PRACTICE.md 2.4. Its tier falls only after a fresh assessment and by two people, so it does not fall by a word
in a list either: a reason counts where an act in the record stands behind it, and otherwise somebody else signs. At red
that is the county's triage or the city's duty. At yellow and below one person closes.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from cases.clocks import ClockKind
from cases.consent import danger
from cases.tiers import Tier
from cases.transfer import UNDER_WAY
from wellbeing.translatable import _


class Way(StrEnum):
    """How a case closes for a reason: at once, below danger or because something stands behind it; by two people; by
    two and in another file that is named; or not for this reason at all."""

    AT_ONCE = "at_once"
    BEHIND = "behind"
    NAMED = "named"
    BY_TWO = "by_two"
    NEVER = "never"


WAY_TEXT = {
    Way.BEHIND: _("at once: the record shows it"),
    Way.NAMED: _("name below the other case, as grave as this one; a second person signs"),
    Way.BY_TWO: _("a second person signs; until then the case stays open"),
    Way.NEVER: _("lower the tier first"),
}
# What is done before a file ends: closed, merged, or handed over at the minimum. A referral under way in any of its
# states, also while a school's request waits for its county's answer.
OUTSTANDING = (
    *UNDER_WAY,
    *(ClockKind.ACKNOWLEDGE, ClockKind.RECEIPT, ClockKind.TELL_GUARDIAN, ClockKind.TELL_RESCUE),
)
IMPROVES = ("improved", "no_concern")
SIGNS_RED = frozenset({"county_triage", "city_duty"})


def closing_way(tier: str, reason: str, behind: Collection[str]) -> Way:
    """How a case of a tier closes for a reason; `behind` are the reasons for which the record shows something: a
    referral that was reported on and followed up, a file that another county has taken over."""
    if not danger(tier):
        return Way.AT_ONCE
    if reason in IMPROVES:
        return Way.NEVER
    if reason in behind:
        return Way.BEHIND
    return Way.NAMED if reason == "duplicate" else Way.BY_TWO


def signs(tier: str, roles: Collection[str]) -> bool:
    """Whether somebody with these roles may sign as the second person that a case of a tier closes."""
    return tier != Tier.RED or bool(SIGNS_RED.intersection(roles))
