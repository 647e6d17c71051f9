"""The plan for the return to school (复学安排): who receives the person, and how the first weeks go. Pure.

One list for the plan in the case, the packet of a referral, their forms and their prints (DOMAIN.md, Green channel). It
holds the hospital's advice for the school and never its conclusion (PRACTICE.md 4.3).
"""

from dataclasses import dataclass

from wellbeing.translatable import _


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One part: its code, what it is called, and whether it takes several lines or must be there."""

    code: str
    label: str
    lines: int = 1
    needed: bool = False


PARTS = (
    PlanPart("advice", _("Advice for the school"), 3, True),
    PlanPart("mentor", _("Duty mentor")),
    PlanPart("load", _("Reduced load")),
    PlanPart("seat", _("Seat and company")),
    PlanPart("medication", _("Medication, given by whom")),
    PlanPart("signs", _("Warning signs"), 2),
    PlanPart("contacts", _("Whom to call"), 2),
)
CODES = tuple(part.code for part in PARTS)
