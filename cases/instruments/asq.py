"""ASQ (NIMH, free to use): four questions, and the fifth only when one of them is answered yes or refused.

Any yes or refusal of 1 to 4 is a positive screen; the fifth, thoughts right now, makes it acute. A clinician may
overrule a negative screen, never a positive one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cases.instruments.instrument import AnswerError

FIRST = ("wish_dead", "better_off", "thoughts_week", "ever_tried")
NOW = "right_now"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    REFUSED = "refused"


class Outcome(StrEnum):
    NEGATIVE = "negative"
    NON_ACUTE = "non_acute"
    ACUTE = "acute"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Screen:
    """The outcome, and whether the person ever tried (item 4), which the tier rules ask for."""

    outcome: Outcome
    past_attempt: bool


def screen(answers: Mapping[str, str | None]) -> Screen:
    """Score the answers. AnswerError for a foreign one, and for a fifth answer where it must not be asked."""
    for item, value in answers.items():
        if item not in (*FIRST, NOW) or value not in (None, *Answer):
            raise AnswerError(item, value)
    first = [answers.get(item) for item in FIRST]
    now, tried = answers.get(NOW), answers.get("ever_tried") == Answer.YES
    positive = any(value in (Answer.YES, Answer.REFUSED) for value in first)
    if now == Answer.YES and positive:
        return Screen(Outcome.ACUTE, tried)  # speaks at once, before the form is finished
    if None in first:
        return Screen(Outcome.NON_ACUTE if positive and now is not None else Outcome.INCOMPLETE, tried)
    if not positive:
        if now is not None:
            raise AnswerError(NOW, now)
        return Screen(Outcome.NEGATIVE, tried)
    return Screen(Outcome.INCOMPLETE if now is None else Outcome.NON_ACUTE, tried)
