"""ASQ (NIMH, free to use): four questions, and the fifth only when one of them is answered yes or refused.

Any yes or refusal of 1 to 4 is a positive screen; the fifth, thoughts right now, makes it acute. A clinician may
overrule a negative screen, never a positive one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cases.instruments.instrument import AnswerError, Result
from cases.instruments.paper import NO, REFUSED, YES, Paper, Question, Reading, Text, missing
from cases.tiers import Facts

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
    if now in (Answer.YES, Answer.REFUSED) and positive:  # a refusal is no "no" (policy default for the fifth)
        return Screen(Outcome.ACUTE, tried)  # speaks at once, before the form is finished
    if None in first:
        return Screen(Outcome.NON_ACUTE if positive and now is not None else Outcome.INCOMPLETE, tried)
    if not positive:
        if now is not None:
            raise AnswerError(NOW, now)
        return Screen(Outcome.NEGATIVE, tried)
    return Screen(Outcome.INCOMPLETE if now is None else Outcome.NON_ACUTE, tried)


ASKED = {
    "wish_dead": Text(
        "过去几周里，您是否曾希望自己死去？",
        "In the past few weeks, have you wished you were dead?",
    ),
    "better_off": Text(
        "过去几周里，您是否曾觉得如果自己死了，自己或家人会更好过？",
        "In the past few weeks, have you felt that you or your family would be better off if you were dead?",
    ),
    "thoughts_week": Text(
        "过去一周里，您是否有过自杀的念头？",
        "In the past week, have you been having thoughts about killing yourself?",
    ),
    "ever_tried": Text("您是否曾试图自杀？", "Have you ever tried to kill yourself?"),
    NOW: Text(
        "（上面有一题答“是”或不愿回答时才问）您此刻是否有自杀的念头？",
        "(Only when one above is yes or refused) Are you having thoughts of killing yourself right now?",
    ),
}
ANSWERS = ((Answer.YES, YES), (Answer.NO, NO), (Answer.REFUSED, REFUSED))


def _read(answers: Mapping[str, Any]) -> Reading:
    """Until it is finished the screen wants its next question; an acute one wants nothing more."""
    found = screen(answers)
    critical = {code: 1 for code in (*FIRST, NOW) if answers.get(code) in (Answer.YES, Answer.REFUSED)}
    if found.outcome == Outcome.INCOMPLETE:
        positive = Facts(asq="non_acute", past_attempt=found.past_attempt) if critical else Facts()
        wanting = NOW if critical and not answers.get(NOW) else missing(answers, *FIRST)
        return Reading(Result(None, found.outcome, critical), positive, wanting)
    facts = Facts(asq=found.outcome, past_attempt=found.past_attempt)
    return Reading(Result(len(critical), found.outcome, critical), facts)


PAPER = Paper(
    code="asq",
    title=Text("ASQ 自杀风险筛查", "ASQ suicide risk screen"),
    lead=Text("单独询问，家长不在场。8 岁以上。", "Ask alone, without the parent. From the age of 8."),
    source="National Institute of Mental Health, ASQ Toolkit",
    questions=tuple(Question(code, text, ANSWERS, critical=True) for code, text in ASKED.items()),
    reads=_read,
)
