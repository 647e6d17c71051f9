"""Terms of the school year, and grades as files write them."""

from __future__ import annotations

from datetime import date

import pytest

from cases.terms import UNKNOWN, grade_of, term_of


def test_terms_of_the_school_year() -> None:
    for day, term in (
        (date(2026, 8, 1), "2026-1"),
        (date(2027, 1, 31), "2026-1"),
        (date(2027, 2, 1), "2026-2"),
        (date(2027, 7, 31), "2026-2"),
    ):
        assert term_of(day) == term
    bureau = [(date(2026, 8, 25), date(2027, 2, 10)), (date(2027, 2, 20), date(2027, 7, 8))]
    for day, term in (
        (date(2026, 8, 24), "2026-1"),  # no term of the bureau's: the rough days
        (date(2026, 8, 25), "2026-1"),
        (date(2027, 2, 10), "2026-1"),  # the bureau's first term goes on in February
        (date(2027, 2, 15), "2026-2"),
        (date(2027, 2, 20), "2026-2"),
        (date(2027, 7, 8), "2026-2"),
    ):
        assert term_of(day, bureau) == term, day


@pytest.mark.parametrize(
    ("cell", "grade"),
    [
        *(("八年级", 8), ("初二", 8), ("高一(3)班", 10), ("高中三年级", 12), ("七（2）班", 7), ("小学六年级", 6)),
        *(("8", 8), ("10年级", 10), ("Grade 8", 8), ("初二3班", 8), (" 九 年级", 9)),
        *(
            ("", UNKNOWN),
            ("3班", UNKNOWN),
            ("一班", UNKNOWN),
            ("2026级", UNKNOWN),
            ("13", UNKNOWN),
            ("张小禾", UNKNOWN),
        ),
    ],
)
def test_grades_as_files_write_them(cell: str, grade: int) -> None:
    assert grade_of(cell) == grade
