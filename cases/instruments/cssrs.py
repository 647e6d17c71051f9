"""C-SSRS screener, results only: its text is not shipped (electronic versions need an agreement).

Triage: items 1 or 2 low; 3, or behaviour ever, moderate; 4, 5, or behaviour within three months, high. Items 3 to 5 are
skipped when item 2 is no.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cases.instruments.instrument import AnswerError


class Risk(StrEnum):
    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Triage:
    """The six answers as marked on paper."""

    wish: bool = False
    thoughts: bool = False
    method: bool = False
    intent: bool = False
    plan: bool = False
    behaviour_ever: bool = False
    behaviour_three_months: bool = False


def triage(answers: Triage) -> Risk:
    """The level of risk. AnswerError when 3 to 5 are marked although item 2 is no."""
    if not answers.thoughts and (answers.method or answers.intent or answers.plan):
        raise AnswerError("thoughts", False)
    if answers.intent or answers.plan or answers.behaviour_three_months:
        return Risk.HIGH
    if answers.method or answers.behaviour_ever:
        return Risk.MODERATE
    return Risk.LOW if answers.wish or answers.thoughts else Risk.NONE
