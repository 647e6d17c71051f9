"""SCL-90, results only: a commercial, adult instrument, not for those under 16.

More than 160 in total, more than 43 positive items (2 or more) or a factor above 2 calls for a closer look; items 15
(ending one's life) and 59 (death) are critical (PRACTICE.md 5.1).
"""

from collections.abc import Mapping
from typing import Any

from cases.instruments.instrument import INCOMPLETE, AnswerError, Result
from cases.instruments.paper import Paper, Question, Reading, Text, missing
from cases.tiers import Facts

TOTAL_ABOVE, POSITIVE_ABOVE, FACTOR_ABOVE = 160, 43, 2
POSITIVE = 2
CRITICAL = ("item_15", "item_59")


def sums(items: Mapping[int, int]) -> tuple[int, int]:
    """Total and number of positive items from the ninety answers. AnswerError for a missing or impossible one."""
    for number in range(1, 91):
        if items.get(number) not in (1, 2, 3, 4, 5):
            raise AnswerError(str(number), items.get(number))
    return sum(items.values()), sum(value >= POSITIVE for value in items.values())


def flagged(total: int, positive: int, factor: float | None = None) -> bool:
    """Whether one of the three limits is passed."""
    return total > TOTAL_ABOVE or positive > POSITIVE_ABOVE or (factor is not None and factor > FACTOR_ABOVE)


def _read(answers: Mapping[str, Any]) -> Reading:
    """Thoughts of ending one's life count as such, thoughts of death as a passive wish, whatever the total."""
    critical = {code: answers[code] for code in CRITICAL if (answers.get(code) or 1) >= POSITIVE}
    thoughts = "active" if "item_15" in critical else "passive" if critical else "none"
    wanting = missing(answers, "total", "positive", *CRITICAL)
    if wanting:
        return Reading(Result(None, INCOMPLETE, critical), Facts(thoughts=thoughts), wanting)
    close = flagged(answers["total"], answers["positive"], answers.get("factor"))
    return Reading(Result(answers["total"], "flagged" if close else "clear", critical), Facts(thoughts=thoughts))


PAPER = Paper(
    code="scl90",
    title=Text("SCL-90 症状自评量表（仅录结果）", "SCL-90 (results only)"),
    lead=Text("成人量表，不用于 16 岁以下。录入总分、阳性项目数和两个关键题。", "An adult instrument, not under 16."),
    source="Derogatis 1977",
    questions=(
        Question("total", Text("总分（90–450）", "Total (90 to 450)"), least=90, most=450),
        Question("positive", Text("阳性项目数", "Positive items"), most=90),
        Question("factor", Text("最高因子均分（如有）", "Highest factor, if known"), least=1, most=5, whole=False),
        Question("item_15", Text("第 15 题：想结束自己的生命", "Item 15"), least=1, most=5, critical=True),
        Question("item_59", Text("第 59 题：想到死亡的事", "Item 59"), least=1, most=5, critical=True),
    ),
    reads=_read,
)
