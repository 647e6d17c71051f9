"""Every instrument against its published cut-offs (PRACTICE.md 5.2)."""

from __future__ import annotations

import pytest

from cases.instruments import INSTRUMENTS, AnswerError, Instrument
from cases.instruments.asq import FIRST, screen
from cases.instruments.cssrs import Triage, triage

PHQ9, PHQA, GAD7 = INSTRUMENTS["phq9"], INSTRUMENTS["phqa"], INSTRUMENTS["gad7"]


def answers(instrument: Instrument, total: int) -> dict[str, int | None]:
    """Answers that sum to a total, the critical item as low as it can be."""
    left, found = total, {}
    for item in instrument.items:
        found[item] = min(instrument.most, left)
        left -= found[item]
    assert left == 0
    return dict(found)


@pytest.mark.parametrize(
    ("total", "band"),
    list(
        zip(
            (4, 5, 9, 10, 14, 15, 19, 20, 27),
            [
                "minimal",
                "mild",
                "mild",
                "moderate",
                "moderate",
                "moderately_severe",
                "moderately_severe",
                "severe",
                "severe",
            ],
            strict=True,
        )
    ),
)
@pytest.mark.parametrize("instrument", [PHQ9, PHQA], ids=lambda one: one.code)
def test_phq_bands(instrument: Instrument, total: int, band: str) -> None:
    assert (instrument.score(answers(instrument, total)).total, instrument.score(answers(instrument, total)).band) == (
        total,
        band,
    )


@pytest.mark.parametrize(
    ("total", "band"),
    list(
        zip(
            (4, 5, 9, 10, 14, 15, 21),
            ["minimal", "mild", "mild", "moderate", "moderate", "severe", "severe"],
            strict=True,
        )
    ),
)
def test_gad_bands(total: int, band: str) -> None:
    assert GAD7.score(answers(GAD7, total)).band == band
    assert not GAD7.score(answers(GAD7, total)).critical


def test_item_nine_is_critical_whatever_the_total() -> None:
    for value in (1, 2, 3):
        result = PHQ9.score({**dict.fromkeys(PHQ9.items, 0), "better_off_dead": value})
        assert (result.total, result.band, dict(result.critical)) == (value, "minimal", {"better_off_dead": value})
    assert PHQ9.score(dict.fromkeys(PHQ9.items, 2)).total == 18


def test_a_missing_item_is_not_scored_and_nothing_is_prorated() -> None:
    for item in PHQ9.items:
        result = PHQ9.score({**dict.fromkeys(PHQ9.items, 3), item: None})
        assert (result.complete, result.total, result.band) == (False, None, "incomplete")
    assert PHQ9.score({}).critical == {}


def test_the_adolescent_form_swaps_two_pairs_and_answers_go_by_code() -> None:
    assert (PHQA.items[0], PHQA.items[1], PHQA.items[3], PHQA.items[4]) == ("down", "interest", "appetite", "tired")
    given = {item: place % 4 for place, item in enumerate(PHQ9.items)}
    assert set(PHQ9.items) == set(PHQA.items)
    assert PHQ9.score(given).total == PHQA.score(given).total


def test_answers_that_the_form_does_not_have_are_refused() -> None:
    for wrong in ({"interest": 4}, {"interest": -1}, {"happiness": 1}):
        with pytest.raises(AnswerError):
            PHQ9.score(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("total", "band"),
    list(
        zip(
            (10, 19, 20, 24, 25, 29, 30, 50),
            ["none", "none", "mild", "mild", "moderate", "moderate", "severe", "severe"],
            strict=True,
        )
    ),
)
def test_k10_bands(total: int, band: str) -> None:
    k10 = INSTRUMENTS["k10"]
    spread = {item: 1 + (total - 10) // 10 + (place < (total - 10) % 10) for place, item in enumerate(k10.items)}
    assert (k10.score(spread).total, k10.score(spread).band) == (total, band)
    with pytest.raises(AnswerError):
        k10.score({"k1": 0})


def test_pss10_reverses_four_items() -> None:
    pss = INSTRUMENTS["pss10"]
    assert pss.score(dict.fromkeys(pss.items, 0)).total == 16
    assert pss.score(dict.fromkeys(pss.items, 4)).total == 24
    worst = {item: 0 if item in pss.reversed else 4 for item in pss.items}
    assert (pss.score(worst).total, pss.score(worst).band) == (40, "high")


ASQ = {"Y": "yes", "N": "no", "R": "refused", "-": None}


@pytest.mark.parametrize(
    ("letters", "outcome", "past"),
    [
        ("NNNN-", "negative", False),
        ("NNYNN", "non_acute", False),
        ("NNYYN", "non_acute", True),
        ("YNNNY", "acute", False),
        ("RRRRN", "non_acute", False),
        ("RNNNR", "acute", False),
        ("NNYN-", "incomplete", False),
        ("NN---", "incomplete", False),
        ("Y---Y", "acute", False),
    ],
)
def test_asq(letters: str, outcome: str, past: bool) -> None:
    made = screen(dict(zip((*FIRST, "right_now"), (ASQ[letter] for letter in letters), strict=True)))
    assert (made.outcome, made.past_attempt) == (outcome, past)


def test_asq_refuses_what_cannot_be() -> None:
    no = dict.fromkeys(FIRST, "no")
    for wrong in ({**no, "right_now": "yes"}, {"wish_dead": "maybe"}, {"other": "yes"}):
        with pytest.raises(AnswerError):
            screen(wrong)


@pytest.mark.parametrize(
    ("marked", "risk"),
    [
        ((), "none"),
        (("wish",), "low"),
        (("thoughts",), "low"),
        (("thoughts", "method"), "moderate"),
        (("behaviour_ever",), "moderate"),
        (("behaviour_ever", "behaviour_three_months"), "high"),
        (("thoughts", "intent"), "high"),
        (("thoughts", "plan"), "high"),
    ],
)
def test_cssrs(marked: tuple[str, ...], risk: str) -> None:
    assert triage(Triage(**dict.fromkeys(marked, True))) == risk
    with pytest.raises(AnswerError):
        triage(Triage(method=True))
