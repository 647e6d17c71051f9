"""What is told of the ballot box of a month (cases/ballots.py), and the indicators that are made of it. Pure.

A box is counted once, whole, of the whole city, and what is told of it stands for good: there are no two numbers of
which one is the other with a few calls more. Of fewer than five slips with an answer nothing is told. Of a split (local
or other callers) nothing is told unless both sides have five: the share and its complement are one fact. What is told
is rounded as every table is; ratings become a coarse mean (`suppression.coarse`). The year adds up what was told.

Of topics, one per call, a rare one goes into "other": every topic of fewer than five slips, and then the rarest of the
rest, until "other" holds five itself. So a topic that is not told may have been asked about or not, and no sum gives it
away: the calls that are told in the same numbers would have been told the same (tests/cases/test_ballots.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cases.ballots import ANSWERS, TOPICS, Slip
from wellbeing.reports import formulas
from wellbeing.reports.kinds import Indicator
from wellbeing.suppression import SMALL, coarse, rounded
from wellbeing.translatable import _

Formula = Callable[[int, int], formulas.Share]
TABLE = "ballots"
OTHER = "other"
WIDTHS = {"mark": 5, "intent_drop": 100}  # of the scales that ratings are of


def tally(slips: Iterable[Slip]) -> dict[str, int]:
    """The measures of one box that may be told; what is too few is not in it."""
    held, found = list(slips), dict[str, int]()
    for field, answers in ANSWERS.items():
        counts = [sum(one.get(field) == answer for one in held) for answer in answers]
        if min(counts) >= SMALL:
            cells = (f"{TABLE}.{field}_{answer}" for answer in answers)
            found |= zip(cells, rounded(counts), strict=True)
    for field, width in WIDTHS.items():
        ratings = [int(one[field]) for one in held if field in one]
        if len(ratings) >= SMALL:
            found[f"{TABLE}.{field}_sum"], found[f"{TABLE}.{field}_number"] = coarse(ratings, width)
    return found | _topics([str(one["topic"]) for one in held if "topic" in one])


def _topics(said: list[str]) -> dict[str, int]:
    """What may be told of them, by topic; nothing of fewer than five."""
    counts = {topic: said.count(topic) for topic in TOPICS}
    rare = counts.pop(OTHER) + sum(count for count in counts.values() if count < SMALL)
    told = {topic: count for topic, count in counts.items() if count >= SMALL}
    while rare < SMALL and told:
        rare += told.pop(min(told, key=lambda topic: told[topic]))
    if rare < SMALL:
        return {}
    cells = told | {OTHER: rare}
    return dict(zip((f"{TABLE}.topic_{topic}" for topic in cells), rounded(list(cells.values())), strict=True))


FEW = _("Counted from a month's ballot box; too few answers so far.")


def _split(code: str, label: str, field: str, formula: Formula) -> Indicator:
    part, whole = ANSWERS[field][0], ANSWERS[field]
    return Indicator(
        code,
        label,
        "share",
        (f"{TABLE}.{field}_{part}",),
        tuple(f"{TABLE}.{field}_{answer}" for answer in whole),
        formula,
        FEW,
    )


def _mean(code: str, label: str, unit: str, field: str, formula: Formula) -> Indicator:
    part, whole = (f"{TABLE}.{field}_{what}" for what in ("sum", "number"))
    return Indicator(code, label, unit, (part,), (whole,), formula, FEW)


TOPIC_COUNTS = tuple(f"{TABLE}.topic_{topic}" for topic in TOPICS)
# The categories of the official annual form, and of which topics each is made (PRACTICE.md 3.2). The last is none of
# the form's: what young people call about most has no row there.
FORM = (
    (_("Health"), ("health", "sleep")),
    (_("Mental illness"), ("symptoms",)),
    (_("Emotions"), ("emotion", "self_harm")),
    (_("Sexuality"), ("sexuality",)),
    (_("Love"), ("romance",)),
    (_("Marriage"), ("marriage",)),
    (_("Family"), ("family",)),
    (_("Bringing up children"), ("parenting",)),
    (
        _("Others, such as study, classmates, internet, bullying; and what is too rare to tell"),
        ("study", "peers", "internet", "bullying", "abuse", "adapting", OTHER),
    ),
)
LOCAL = _split("local_share", _("Calls from this city"), "caller_from", formulas.local_share)
DIFFICULT = _split("difficult_share", _("Difficult calls"), "difficult", formulas.difficult_share)
ADVICE = _split(
    "mhl23_advice_rate",
    _("Advised to go to a hospital (Mental Health Law 23)"),
    "mhl23",
    formulas.mhl23_advice_rate,
)
INTENT = _mean(
    "mean_intent_drop",
    _("Intent to die, before less after the call"),
    "points",
    "intent_drop",
    formulas.mean_intent_drop,
)
SATISFACTION = _mean("satisfaction", _("Satisfaction (1–5)"), "mark", "mark", formulas.satisfaction)
