"""What forbids lowering a tier, and when it takes two people. Pure.

Source: DOMAIN.md, Tiers, Rules of the workflow; PRACTICE.md 2.4. One step at a time, after a fresh assessment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.clocks import months_since
from cases.policy import Policy
from cases.tiers import Tier
from wellbeing.translatable import _


class LoweringFault(StrEnum):
    """What forbids lowering a tier."""

    NOT_LOWER = "not_lower"
    MORE_THAN_ONE_STEP = "more_than_one_step"
    UNACKNOWLEDGED = "unacknowledged"
    TOO_SOON = "too_soon"
    NO_FRESH_ASSESSMENT = "no_fresh_assessment"
    NOT_FACE_TO_FACE = "not_face_to_face"
    ASSESSED_HIGHER = "assessed_higher"
    FEEDBACK_OUTSTANDING = "feedback_outstanding"
    FOLLOW_UP_MISSED = "follow_up_missed"
    GUARDIAN_UNREACHED = "guardian_unreached"
    CONSENT_REFUSED = "consent_refused"
    CROSSING_OPEN = "crossing_open"
    AFTER_RETURN = "after_return"
    LEAVE_OPEN = "leave_open"


FAULT_TEXT: dict[str, str] = {
    LoweringFault.NOT_LOWER: _("That tier is not lower than the present one."),
    LoweringFault.MORE_THAN_ONE_STEP: _("A tier is lowered one step at a time."),
    LoweringFault.UNACKNOWLEDGED: _("The warning has not been acknowledged yet."),
    LoweringFault.TOO_SOON: _("The case has not stood at this tier for the least time that policy asks for."),
    LoweringFault.NO_FRESH_ASSESSMENT: _("There is no fresh assessment since the case came to this tier."),
    LoweringFault.NOT_FACE_TO_FACE: _("The last assessment was not face to face."),
    LoweringFault.ASSESSED_HIGHER: _("The last assessment still asks for the present tier."),
    LoweringFault.FEEDBACK_OUTSTANDING: _("The hospital's report is outstanding."),
    LoweringFault.FOLLOW_UP_MISSED: _("A follow-up was missed."),
    LoweringFault.GUARDIAN_UNREACHED: _("The guardian has not been reached."),
    LoweringFault.CONSENT_REFUSED: _("The guardian refused consent and the danger stands."),
    LoweringFault.CROSSING_OPEN: _("A crossing is under way."),
    LoweringFault.AFTER_RETURN: _("The first months after the return to school stand at orange at least."),
    LoweringFault.LEAVE_OPEN: _("A leave or return is under way: at green nobody would be reminded of it."),
}


@dataclass(frozen=True, slots=True)
class LoweringFacts:
    """A case as the lowering rules see it. Moments are aware datetimes."""

    tier: Tier
    to: Tier
    since: datetime
    now: datetime
    assessed_at: datetime | None = None
    face_to_face: bool = False
    proposed: Tier | None = None
    unacknowledged: bool = False
    feedback_outstanding: bool = False
    follow_up_missed: bool = False
    guardian_unreached: bool = False
    consent_refused_with_danger: bool = False
    crossing_open: bool = False
    returned_at: datetime | None = None
    leave_open: bool = False


def lowering_faults(facts: LoweringFacts, policy: Policy) -> tuple[LoweringFault, ...]:
    """Everything that forbids the lowering now; empty when it is allowed (DOMAIN.md, Tiers, Rules of the workflow)."""
    f, fault = facts, LoweringFault
    fresh = f.assessed_at is not None and f.assessed_at >= max(
        f.since, f.now - timedelta(days=policy.fresh_assessment_days)
    )
    returned = f.returned_at is not None and months_since(f.returned_at, f.now) < policy.after_discharge_months
    stayed = timedelta(hours=policy.stay_hours.get(f.tier, 0))
    checks = (
        (fault.NOT_LOWER, f.to.rank <= f.tier.rank),
        (fault.MORE_THAN_ONE_STEP, f.to.rank > f.tier.rank + 1),
        (fault.UNACKNOWLEDGED, f.unacknowledged),
        (fault.TOO_SOON, f.now - f.since < stayed),
        (fault.NO_FRESH_ASSESSMENT, not fresh),
        (fault.NOT_FACE_TO_FACE, fresh and f.tier in policy.face_to_face and not f.face_to_face),
        (fault.ASSESSED_HIGHER, fresh and f.proposed is not None and f.proposed.rank < f.to.rank),
        (fault.FEEDBACK_OUTSTANDING, f.feedback_outstanding),
        (fault.FOLLOW_UP_MISSED, f.follow_up_missed),
        (fault.GUARDIAN_UNREACHED, f.guardian_unreached),
        (fault.CONSENT_REFUSED, f.consent_refused_with_danger),
        (fault.CROSSING_OPEN, f.crossing_open),
        (fault.AFTER_RETURN, returned and f.to.rank > Tier.ORANGE.rank),
        (fault.LEAVE_OPEN, f.leave_open and f.to == Tier.GREEN),
    )
    return tuple(code for code, holds in checks if holds)


def needs_second(tier: Tier, policy: Policy) -> bool:
    """Whether lowering from this tier takes a second person."""
    return tier in policy.second_person
