"""MSSMHS (Wang Jisheng 1997), results only: ten factors of six items from 1 to 5, each the mean of its six.

A factor or the mean of all from 2 on calls for attention; 2 mild, 3 moderate, 4 severe, 5 very severe. It has no
question about suicide: a clean MSSMHS is never evidence of safety. Three items stand in for one (PRACTICE.md 5.1).
"""

from collections.abc import Mapping
from typing import Any

from cases.instruments.instrument import INCOMPLETE, AnswerError, Result, band_of
from cases.instruments.paper import Paper, Question, Reading, Text
from cases.tiers import Facts

KEY: dict[str, tuple[int, ...]] = {
    "obsession": (3, 10, 12, 22, 23, 48),
    "paranoia": (11, 20, 24, 26, 47, 49),
    "hostility": (19, 21, 25, 50, 52, 58),
    "relations": (4, 17, 18, 45, 51, 59),
    "depression": (5, 13, 14, 16, 44, 57),
    "anxiety": (6, 15, 34, 43, 46, 56),
    "pressure": (31, 33, 36, 38, 40, 55),
    "maladjustment": (1, 8, 9, 29, 39, 41),
    "instability": (2, 7, 27, 32, 35, 53),
    "imbalance": (28, 30, 37, 42, 54, 60),
}
BANDS = ((0, "none"), (2, "mild"), (3, "moderate"), (4, "severe"), (5, "very_severe"))
PROXIES = (13, 14, 16)  # cries easily, sees no future, blames herself
PROXY_FROM = 3  # policy default: "moderate"


def factors(items: Mapping[int, int]) -> dict[str, float]:
    """The ten factor means from the sixty answers. AnswerError for a missing one or one that is not 1 to 5."""
    for number in range(1, 61):
        if items.get(number) not in (1, 2, 3, 4, 5):
            raise AnswerError(str(number), items.get(number))
    return {code: sum(items[number] for number in key) / 6 for code, key in KEY.items()}


def _read(answers: Mapping[str, Any]) -> Reading:
    """By the factors that were entered; the mean of all only when all ten were."""
    known = {code: answers[code] for code in KEY if answers.get(code) is not None}
    critical = {
        f"item_{number}": answers[f"item_{number}"]
        for number in PROXIES
        if (answers.get(f"item_{number}") or 0) >= PROXY_FROM
    }
    if not known:
        return Reading(Result(None, INCOMPLETE, critical), Facts(), next(iter(KEY)))
    highest = max(known.values())
    facts = Facts(mssmhs_factor=highest)
    bands = {code: band_of(BANDS, value) for code, value in known.items()}
    if len(known) < len(KEY):
        return Reading(Result(None, INCOMPLETE, critical, bands), facts)
    overall = round(sum(known.values()) / len(known), 2)
    return Reading(Result(overall, band_of(BANDS, max(highest, overall)), critical, bands), facts)


NAMES = {
    "obsession": Text("强迫症状", "Obsession"),
    "paranoia": Text("偏执", "Paranoia"),
    "hostility": Text("敌对", "Hostility"),
    "relations": Text("人际关系紧张与敏感", "Relations"),
    "depression": Text("抑郁", "Depression"),
    "anxiety": Text("焦虑", "Anxiety"),
    "pressure": Text("学习压力感", "Pressure of study"),
    "maladjustment": Text("适应不良", "Maladjustment"),
    "instability": Text("情绪不稳定", "Instability of mood"),
    "imbalance": Text("心理不平衡", "Imbalance"),
}
PAPER = Paper(
    code="mssmhs",
    title=Text("MSSMHS 中学生心理健康量表（仅录结果）", "MSSMHS (results only)"),
    lead=Text(
        "录入十个因子的均分（1 至 5）。本量表没有询问自杀：分数正常绝不等于安全，请另做 ASQ。",
        "Enter the ten factor means, 1 to 5. It does not ask about suicide: a clean result is no evidence of safety;"
        " ask the ASQ as well.",
    ),
    source="王极盛 1997",
    questions=(
        *(Question(code, text, least=1, most=5, whole=False) for code, text in NAMES.items()),
        *(
            Question(f"item_{number}", Text(f"第 {number} 题（如有）", f"Item {number}, if known"), least=1, most=5)
            for number in PROXIES
        ),
    ),
    reads=_read,
)
