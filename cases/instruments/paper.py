"""An instrument as it lies on the desk: its questions in order, in Chinese and English, and how it is read. Pure.

Answers go by question code. What is missing stays missing: it is never scored as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from cases.instruments.instrument import AnswerError, Instrument, Result
from cases.tiers import Facts


class Text(NamedTuple):
    """One wording in both languages; an instrument's words are published ones, so no catalogue translates them."""

    zh: str
    en: str


Choice = tuple[int | str, Text]


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the paper: a choice, or where there are none a number from `least` to `most`."""

    code: str
    text: Text
    choices: tuple[Choice, ...] = ()
    least: float = 0
    most: float = 0
    whole: bool = True
    critical: bool = False

    def takes(self, value: Any) -> bool:
        """Whether the paper has this answer; no answer is always one."""
        if value is None:
            return True
        if isinstance(value, bool):
            return False
        if self.choices:
            return value in {code for code, _text in self.choices}
        return (
            isinstance(value, int | float)
            and self.least <= value <= self.most
            and (not self.whole or value == int(value))
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What a paper says: its result, the facts for the tier rules, and the question it cannot be kept without."""

    result: Result
    facts: Facts
    wanting: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One instrument. `source` credits it; `reads` gets answers that the paper has."""

    code: str
    title: Text
    lead: Text
    source: str
    questions: tuple[Question, ...]
    reads: Callable[[Mapping[str, Any]], Reading]

    def read(self, answers: Mapping[str, Any]) -> Reading:
        """Read the answers by question code. AnswerError for a foreign question or an answer out of range."""
        known = {question.code: question for question in self.questions}
        for code, value in answers.items():
            if code not in known or not known[code].takes(value):
                raise AnswerError(code, value)
        return self.reads(answers)


def summed(
    instrument: Instrument,
    *,
    title: Text,
    lead: Text,
    source: str,
    choices: tuple[Text, ...],
    items: Mapping[str, Text],
    facts: Callable[[Result], Facts],
) -> Paper:
    """The paper of an instrument whose items are summed: every item with the same choices, from its least upwards."""
    scale = tuple((instrument.least + place, text) for place, text in enumerate(choices))
    questions = tuple(
        Question(code, items[code], scale, critical=code in instrument.critical) for code in instrument.items
    )

    def reads(answers: Mapping[str, Any]) -> Reading:
        result = instrument.score(answers)
        silent = [code for code in instrument.critical if answers.get(code) is None]
        return Reading(result, facts(result), silent[0] if silent else "")

    return Paper(instrument.code, title, lead, source, questions, reads)


def no_facts(_result: Result) -> Facts:
    """Instruments from which no tier rule reads: their score is for people."""
    return Facts()


def missing(answers: Mapping[str, Any], *codes: str) -> str:
    """The first of these questions that has no answer; empty when all have."""
    return next((code for code in codes if answers.get(code) is None), "")


YES, NO, REFUSED = Text("是", "Yes"), Text("否", "No"), Text("不愿回答", "Refused")
YES_NO: tuple[Choice, ...] = (("yes", YES), ("no", NO))
