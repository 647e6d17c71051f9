"""Change over terms: the index of Jacobson & Truax."""

from __future__ import annotations

from datetime import date

import pytest

from cases.retest import NORMS, Change, Measured, Norm, change, index, overall, steps


def test_the_index_of_the_paper() -> None:
    """The example of the article (page 14): s 7.5, r .80, from 32.5 to 47.5: error 4.74, index 3.16."""
    norm = Norm(7.5, 0.80)
    assert round(norm.error, 2) == 4.74
    assert round(index(32.5, 47.5, norm), 2) == 3.16
    assert round(index(47.5, 32.5, norm), 2) == -3.16


@pytest.mark.parametrize(("code", "least"), [("phq9", 6), ("phqa", 6), ("gad7", 4), ("pss10", 8)])
def test_the_least_reliable_change(code: str, least: int) -> None:
    """6 and 4 points are those of the manual of NHS Talking Therapies."""
    norm = NORMS[code]
    assert norm.least == least
    assert change(20, 20 - least, norm) == Change.BETTER and change(0, least, norm) == Change.WORSE
    assert change(20, 20 - least + 1, norm) == change(5, 5, norm) == Change.STEADY


def test_what_is_not_known_is_not_said() -> None:
    assert "k10" not in NORMS
    assert change(10, 40, NORMS.get("k10")) == change(None, 3, NORMS["phq9"]) == Change.UNKNOWN


def test_each_answer_stands_beside_the_complete_one_before() -> None:
    days = [date(2025, 10, 9), date(2026, 3, 9), date(2026, 10, 9)]
    first, gap, last = (
        Measured(days[0], 18, "moderately_severe"),
        Measured(days[1], None, "incomplete"),
        Measured(days[2], 7, "mild"),
    )
    found = steps([last, first, gap], NORMS["phq9"])
    assert [(one.it, one.difference, one.change) for one in found] == [
        (first, None, None),
        (gap, None, Change.UNKNOWN),
        (last, -11, Change.BETTER),
    ]
    assert found[2].index is not None and round(found[2].index, 2) == -4.09
    assert overall([last, first, gap], NORMS["phq9"]) == Change.BETTER and overall([first, gap], NORMS["phq9"]) is None
    assert steps([first, last], None)[1].index is None
    assert steps([], None) == []
