"""SDQ, results only: the text is copyrighted. Norms differ by who answers and where, so the norm set is stored.

Cut-offs: total difficulties of the British norms as (borderline from, abnormal from): parents of 4 to 17 14/17, self 11
to 17 16/20, teachers 12/16 (PRACTICE.md 5.1). Subscales by the parents' form: emotion 4/5, conduct 3/4, hyperactivity
6/7, peers 3/4; prosocial the other way round: 5 borderline, 4 and less abnormal.
"""

from collections.abc import Mapping
from typing import Any

from cases.instruments.instrument import INCOMPLETE, Result, band_of
from cases.instruments.paper import Paper, Question, Reading, Text, missing
from cases.tiers import Facts

NORMS = {"parent_4_17": (14, 17), "self_11_17": (16, 20), "teacher_4_17": (12, 16)}
SUBSCALES = ("emotion", "conduct", "hyperactivity", "peer")
CUTS = {"emotion": (4, 5), "conduct": (3, 4), "hyperactivity": (6, 7), "peer": (3, 4)}


def band(cuts: tuple[int, int], value: int) -> str:
    """Normal, borderline or abnormal."""
    return band_of(((0, "normal"), (cuts[0], "borderline"), (cuts[1], "abnormal")), value)


def prosocial_band(value: int) -> str:
    """Strength, not difficulty: little of it is what is abnormal."""
    return band_of(((0, "abnormal"), (5, "borderline"), (6, "normal")), value)


def _read(answers: Mapping[str, Any]) -> Reading:
    """The total is the sum of the four difficulties: entered once, never twice."""
    wanting = missing(answers, "norm", *SUBSCALES)
    if wanting:
        return Reading(Result(None, INCOMPLETE, {}), Facts(), wanting)
    total = sum(answers[code] for code in SUBSCALES)
    bands = {code: band(CUTS[code], answers[code]) for code in SUBSCALES} if answers["norm"] == "parent_4_17" else {}
    if bands and answers.get("prosocial") is not None:
        bands["prosocial"] = prosocial_band(answers["prosocial"])
    return Reading(Result(total, band(NORMS[answers["norm"]], total), {}, bands), Facts())


PAPER = Paper(
    code="sdq",
    title=Text("SDQ 长处和困难问卷（仅录结果）", "SDQ (results only)"),
    lead=Text("从纸质问卷录入各分量表得分；总分由四个困难分量表相加。", "Enter the subscales; the total is their sum."),
    source="Goodman 1997",
    questions=(
        Question(
            "norm",
            Text("常模", "Norm set"),
            (
                ("parent_4_17", Text("家长版 4–17 岁", "Parents, 4 to 17")),
                ("self_11_17", Text("自评版 11–17 岁", "Self, 11 to 17")),
                ("teacher_4_17", Text("教师版 4–17 岁", "Teachers, 4 to 17")),
            ),
        ),
        Question("emotion", Text("情绪症状", "Emotional symptoms"), most=10),
        Question("conduct", Text("品行问题", "Conduct problems"), most=10),
        Question("hyperactivity", Text("多动与注意缺陷", "Hyperactivity"), most=10),
        Question("peer", Text("同伴交往问题", "Peer problems"), most=10),
        Question("prosocial", Text("亲社会行为", "Prosocial behaviour"), most=10),
    ),
    reads=_read,
)
