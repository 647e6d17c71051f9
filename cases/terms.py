"""Terms and grades as files of schools write them, in codes that can be compared. Pure.

A term is what the bureau has opened as one (wellbeing/people/terms.py). Where there is none, a school year begins on
1 August and its second term on 1 February: rough days that no answer stands near.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

AUTUMN, SPRING = 8, 2  # months
Days = tuple[date, date]  # the first and the last of a term
DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九", start=1)}
STAGES = {"小": 0, "小学": 0, "初": 6, "初中": 6, "高": 9, "高中": 9, "职高": 9, "中职": 9}
GRADES = 12
UNKNOWN = 0
NAMED = r"(小学|初中|高中|职高|中职|小|初|高)?(?:([一二三四五六七八九])(?=年级|级|[（(\d]|$)|(\d{1,2})(?=年级|$))"


def term_of(day: date, calendar: Sequence[Days] = ()) -> str:
    """The term of a day: "2026-1" is the first of the school year 2026–2027, "2026-2" the second. By the bureau's
    terms where one holds the day (a term is the first where most of it lies in autumn), else by the rough days."""
    for first, last in calendar:
        if first <= day <= last:
            day = first + (last - first) / 2
            break
    if day.month >= AUTUMN:
        return f"{day.year}-1"
    return f"{day.year - 1}-{1 if day.month < SPRING else 2}"


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
