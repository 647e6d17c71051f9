"""The hotline's twelve-element scale, its total only: 0 to 3 low, 4 to 7 moderate, 8 to 16 high (PRACTICE.md 5.1)."""

from collections.abc import Mapping
from typing import Any

from cases.instruments.instrument import INCOMPLETE, Result, band_of
from cases.instruments.paper import Paper, Question, Reading, Text
from cases.tiers import Facts

BANDS = ((0, "low"), (4, "moderate"), (8, "high"))


def _read(answers: Mapping[str, Any]) -> Reading:
    total = answers.get("total")
    if total is None:
        return Reading(Result(None, INCOMPLETE, {}), Facts(), "total")
    return Reading(Result(total, band_of(BANDS, total), {}), Facts(hotline_score=total))


PAPER = Paper(
    code="hotline",
    title=Text("热线自杀风险评估（十二要素总分）", "Hotline risk scale (total of twelve elements)"),
    lead=Text("录入总分，0 至 16。", "Enter the total, 0 to 16."),
    source="热线自杀风险评估十二要素",
    questions=(Question("total", Text("总分", "Total"), most=16),),
    reads=_read,
)
