"""When a clock may stand still: for which reasons, how long, how often and by whom. Pure.

Source: PRACTICE.md 4.6 (the arrival stands still in a gale, the contact every two hours does not), DOMAIN.md, Green
channel; all of it is policy. A pause takes a clock from those that climb the ladder, so one person lets it stand once,
and the next time is decided at a desk above and by somebody else: no case waits for ever in one hand's drawer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.policy import Policy
from cases.tiers import Tier
from wellbeing.translatable import _


class PauseWhy(StrEnum):
    """Why a clock stands still, as the board shows it: of the circumstances, and never of the person."""

    WEATHER = "weather"
    PLACE = "place"
    SAFE = "safe"
    AGREED = "agreed"
    OTHER = "other"


PAUSE_TEXT: dict[str, str] = {
    PauseWhy.WEATHER: _("Ferries or roads do not run"),
    PauseWhy.PLACE: _("A place or an appointment comes later"),
    PauseWhy.SAFE: _("Watched over elsewhere until then"),
    PauseWhy.AGREED: _("Another time was agreed"),
    PauseWhy.OTHER: _("Another reason, in the file"),
}


class PauseFault(StrEnum):
    """Why a clock may not stand still."""

    NEVER = "never"
    OVER = "over"
    REASON = "reason"
    PASSED = "passed"
    TOO_LONG = "too_long"
    SAME_PERSON = "same_person"


FAULT_TEXT: dict[str, str] = {
    PauseFault.NEVER: _("This clock never pauses."),
    PauseFault.OVER: _("This clock has run out already; a pause would hide it."),
    PauseFault.REASON: _("Policy does not let a clock pause for this."),
    PauseFault.PASSED: _("A pause ends later than now."),
    PauseFault.TOO_LONG: _("Policy lets this clock pause for %(hours)s hours at most."),
    PauseFault.SAME_PERSON: _("You let this clock pause last time: now somebody else of a desk above decides."),
}
BESIDE = {PauseFault.REASON: "why", PauseFault.PASSED: "until", PauseFault.TOO_LONG: "until"}  # else the clock


@dataclass(frozen=True, slots=True)
class PauseFacts:
    """A clock that somebody wants to let stand. Moments are aware datetimes; `before` counts its pauses since it was
    last met, `mine` says that the last of them was hers."""

    kind: str
    tier: Tier
    now: datetime
    due_at: datetime
    why: str
    until: datetime
    before: int = 0
    mine: bool = False


def longest(tier: Tier, policy: Policy) -> timedelta:
    """How long a clock of a tier may stand still at most."""
    hours = policy.pause_hours
    return timedelta(hours=min(hours, policy.pause_danger_hours) if tier.rank <= Tier.ORANGE.rank else hours)


def pause_fault(facts: PauseFacts, policy: Policy) -> PauseFault | None:
    """What forbids the pause to anybody who asks for it; None where nothing does."""
    f, fault = facts, PauseFault
    checks = (
        (fault.NEVER, f.kind not in policy.pausable),
        (fault.OVER, f.due_at <= f.now),
        (fault.SAME_PERSON, f.mine and goes_up(f.before, policy)),
        (fault.REASON, f.why not in policy.pause_reasons),
        (fault.PASSED, f.until <= f.now),
        (fault.TOO_LONG, f.until > f.now + longest(f.tier, policy)),
    )
    return next((code for code, holds in checks if holds), None)


def goes_up(before: int, policy: Policy) -> bool:
    """Whether one more pause is decided at a desk above the clock's own."""
    return before >= policy.pause_times
