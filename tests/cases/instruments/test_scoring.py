"""PHQ-9, PHQ-A and GAD-7 against the published cut-offs (PRACTICE.md 5.2)."""

from __future__ import annotations

import pytest

from cases.instruments import INSTRUMENTS, AnswerError, Instrument

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
