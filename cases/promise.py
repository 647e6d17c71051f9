"""What was promised to a caller (约定回访): whether she agreed to be called back, and the day, read from what the
counsellor typed. Pure.

Only a day is read: the time of day stands in the words, which whoever calls back reads. Nothing is guessed: where no
day can be read, or the text says when not to call, there is none, and policy's own dates hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from cases.clocks import by_the_end_of
from wellbeing.workdays import TIMEZONE

FAR = timedelta(days=92)  # what lies further ahead was misread, or is no promise

_NOT = re.compile(r"[不别勿除]|\b(?:not|never|except|but)\b|n't")
_NUMBERS = {
    **dict(zip("一二三四五六七八九十", range(1, 11), strict=True)),
    **{"两": 2, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4},
}
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
_WEEKDAYS = {
    **{name: n for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **{name: n for n, name in enumerate("一二三四五六日")},
    **{"天": 6, "末": 6},
}
_MONTH = rf"({'|'.join(_MONTH_NAMES)})[a-z]*"

# The longer words first: what follows holds the shorter ones.
_NEAR = (
    (r"大后天", 3),
    (r"后天|後天|day after tomorrow", 2),
    (r"明[天日早晚儿]|tomorrow", 1),
    (r"今[天日早晚夜]|today|tonight", 0),
)


def agreed(words: Mapping[str, Any]) -> bool:
    """Whether the caller agreed to be called back, by the sheet."""
    return words.get("callback_consent") == "yes"


def promised(words: Mapping[str, Any], began: datetime) -> datetime | None:
    """Until when a caller who agreed was promised to be called back, seen from when the call began; None where the
    sheet names no day that can be read."""
    if not agreed(words):
        return None
    day = promised_day(str(words.get("callback_when") or ""), began.astimezone(TIMEZONE).date())
    return by_the_end_of(day) if day else None


def promised_day(text: str, on: date) -> date | None:
    """The day that a text names, seen from the day `on` of the call: a date (`2026-11-30`, `11/30`, `11月30日`, `30号`,
    `30 Nov`), a near day (`明天`, `tomorrow`), a number of days or weeks (`3天后`, `in two days`), a weekday (`周三`,
    `下周三`, `Friday`). None where none can be read, for one that has passed, and beyond FAR."""
    said = unicodedata.normalize("NFKC", text).lower()
    if _NOT.search(said):
        return None
    for pattern, read in _READERS:
        if found := pattern.search(said):
            try:
                day = read(found, on)
            except ValueError:  # 31 June
                return None
            return day if on <= day <= on + FAR else None
    return None


def _full(found: re.Match[str], on: date) -> date:
    return date(int(found[1]), int(found[2]), int(found[3]))


def _next_year_at_latest(month: int, day: int, on: date) -> date:
    this = date(on.year, month, day)
    return this if this >= on else date(on.year + 1, month, day)


def _month_day(found: re.Match[str], on: date) -> date:
    return _next_year_at_latest(int(found[1]), int(found[2]), on)


def _month_named(found: re.Match[str], on: date) -> date:
    day, name = (found[1], found[2]) if found[2] else (found[4], found[3])
    return _next_year_at_latest(_MONTHS[name], int(day), on)


def _in(found: re.Match[str], on: date) -> date:
    """So many days or weeks from the call on."""
    number = int(found[1]) if found[1].isdigit() else _NUMBERS[found[1]]
    return on + timedelta(days=number * (7 if found[2].startswith(("周", "星", "礼", "week")) else 1))


def _weekday(found: re.Match[str], on: date) -> date:
    """One of this week or of a next one where that is said; otherwise the next one that comes, never the same day."""
    which, day = found[1] or "", _WEEKDAYS[found[2]]
    if which in ("这", "本"):
        return on + timedelta(days=day - on.weekday())
    if which:
        return on + timedelta(days=day - on.weekday() + 7 * len(which))
    return on + timedelta(days=(day - on.weekday() - 1) % 7 + 1)


def _day(found: re.Match[str], on: date) -> date:
    day = int(found[1])
    if day >= on.day:
        return on.replace(day=day)
    return (on.replace(day=1) + timedelta(days=32)).replace(day=day)


_Reader = Callable[[re.Match[str], date], date]
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})"), _full),
    (re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})"), _month_day),
    (re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}|\b{_MONTH}\s+(\d{{1,2}})(?!\d)"), _month_named),
    # two digits and a hyphen are also hours from and to: not where anything says so
    (re.compile(r"(?<![\d:/-])(\d\d)-(\d\d)(?![\d:/-]|\s*(?:点|时|[ap]\.?m))"), _month_day),
    (re.compile(r"(?<![\d:/-])(\d{1,2})/(\d{1,2})(?![\d:/-])"), _month_day),
    *((re.compile(pattern), lambda _found, on, days=days: on + timedelta(days=days)) for pattern, days in _NEAR),
    (re.compile(r"(\d{1,2}|[一二两三四五六七八九十])\s*个?\s*(天|日|周|星期|礼拜)\s*(?:之|以)?\s*[后後内]"), _in),
    (re.compile(r"\bin\s+(\d{1,2}|an?|one|two|three|four)\s+(day|week)"), _in),
    (re.compile(r"(下{1,3}|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天末])"), _weekday),
    (re.compile(r"()\b(mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?\b"), _weekday),
    (re.compile(r"(?<!\d)(\d{1,2})\s*[号日](?!\d)"), _day),
)
