"""Terms and grades as files of schools write them, in codes that can be compared. Pure.

A school year begins on 1 August and its second term on 1 February: rough days that no answer stands near (the rule of
the bureau's calendar may differ by some weeks; policy default).
"""

from __future__ import annotations

import re
from datetime import date

AUTUMN, SPRING = 8, 2  # months
DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}
STAGES = {"小": 0, "小学": 0, "初": 6, "初中": 6, "高": 9, "高中": 9, "职高": 9, "中职": 9}
GRADES = 12
UNKNOWN = 0
NAMED = r"(小学|初中|高中|职高|中职|小|初|高)?(?:([一二三四五六七八九])(?=年级|级|[（(\d]|$)|(\d{1,2})(?=年级|$))"


def term_of(day: date) -> str:
    """The term of a day: "2026-1" runs from August 2026 to January 2027, "2026-2" from February to July 2027."""
    if day.month >= AUTUMN:
        return f"{day.year}-1"
    return f"{day.year - 1}-{1 if day.month < SPRING else 2}"


def term_begins(term: str) -> date:
    """The first day of a term. ValueError for what is no term."""
    match = re.fullmatch(r"(\d{4})-([12])", term)
    if match is None:
        raise ValueError(term)
    return date(int(match[1]), AUTUMN, 1) if match[2] == "1" else date(int(match[1]) + 1, SPRING, 1)


def grade_of(text: str) -> int:
    """The grade from 1 to 12 that a cell names (八年级, 初二, 高一(3)班, 8, Grade 8); `UNKNOWN` where it names none.

    The cell itself is never kept in clear: somebody may have written a name into it.
    """
    plain = re.sub(r"\s", "", text)
    if match := re.match(NAMED, plain):
        number = STAGES.get(match[1] or "", 0) + (DIGITS[match[2]] if match[2] else int(match[3]))
    elif match := re.match(r"(?:[Gg]rade|[Yy]ear|[Gg])(\d{1,2})(?!\d)", plain):
        number = int(match[1])
    else:
        return UNKNOWN
    return number if 1 <= number <= GRADES else UNKNOWN
