"""C-SSRS screener, results only: its text is not shipped (electronic versions need an agreement).

Triage: items 1 or 2 low; 3, or behaviour ever, moderate; 4, 5, or behaviour within three months, high. Items 3 to 5 are
skipped when item 2 is no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cases.instruments.instrument import INCOMPLETE, AnswerError, Result
from cases.instruments.paper import YES_NO, Paper, Question, Reading, Text, missing
from cases.tiers import Facts


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


# Names of the six answers, ours: the text of the questions stands on the licensed paper.
MARKED = {
    "wish": Text("第 1 题", "Question 1"),
    "thoughts": Text("第 2 题", "Question 2"),
    "method": Text("第 3 题（第 2 题为“是”时）", "Question 3 (when 2 is yes)"),
    "intent": Text("第 4 题（第 2 题为“是”时）", "Question 4 (when 2 is yes)"),
    "plan": Text("第 5 题（第 2 题为“是”时）", "Question 5 (when 2 is yes)"),
    "behaviour_ever": Text("第 6 题：一生中", "Question 6: ever"),
    "behaviour_three_months": Text("第 6 题：近三个月", "Question 6: within three months"),
}
ALWAYS, IF_THOUGHTS = ("wish", "thoughts", "behaviour_ever"), ("method", "intent", "plan")


def _read(answers: Mapping[str, Any]) -> Reading:
    """Each mark counts at once; the level is the highest that is marked so far."""
    marked = {code: answers.get(code) == "yes" for code in MARKED}
    risk = triage(Triage(**marked))
    wanting = missing(answers, *ALWAYS)
    if marked["thoughts"]:
        wanting = wanting or missing(answers, *IF_THOUGHTS)
    if marked["behaviour_ever"]:
        wanting = wanting or missing(answers, "behaviour_three_months")
    critical = {code: 1 for code, yes in marked.items() if yes}
    if risk == Risk.HIGH:
        wanting = ""  # nothing else on the paper can lower it
    total, band = (None, INCOMPLETE) if wanting and risk == Risk.NONE else (len(critical), risk.value)
    return Reading(Result(total, band, critical), Facts(cssrs="" if risk == Risk.NONE else risk), wanting)


PAPER = Paper(
    code="cssrs",
    title=Text("C-SSRS 筛查版（仅录结果）", "C-SSRS screener (results only)"),
    lead=Text("按纸质量表逐题录入“是”或“否”。", "Enter yes or no from the paper, question by question."),
    source="Posner et al. 2011",
    questions=tuple(Question(code, text, YES_NO, critical=True) for code, text in MARKED.items()),
    reads=_read,
)
