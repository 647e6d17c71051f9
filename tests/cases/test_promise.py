"""The day that was promised to a caller, read from what a counsellor types; never one that nobody meant."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.clocks import by_the_end_of, callbacks
from cases.policy import Policy
from cases.promise import FAR, promised, promised_day
from cases.tiers import Tier
from wellbeing.workdays import TIMEZONE

ON = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("２０２６年１１月３０日 下午", date(2026, 11, 30)),
        ("12月1日放学后", date(2026, 12, 1)),
        ("1/5", date(2027, 1, 5)),
        ("11-30 16:00", date(2026, 11, 30)),
        ("30号晚上", date(2026, 11, 30)),
        ("3号", date(2026, 12, 3)),
        ("今晚八点", ON),
        ("明早", ON + timedelta(days=1)),
        ("大后天", ON + timedelta(days=3)),
        ("后天 17:00-18:30", ON + timedelta(days=2)),
        ("三天后", ON + timedelta(days=3)),
        ("两周后", ON + timedelta(days=14)),
        ("周五 17点以后", date(2026, 11, 27)),
        ("星期三", date(2026, 12, 2)),  # today would have been called today
        ("下周一", date(2026, 11, 30)),
        ("下下周日", date(2026, 12, 13)),
        ("周末", date(2026, 11, 29)),
        ("the day after tomorrow", ON + timedelta(days=2)),
        ("tonight", ON),
        ("Friday after school", date(2026, 11, 27)),
        ("30 Nov", date(2026, 11, 30)),
        ("Dec 4th", date(2026, 12, 4)),
        ("in two days", ON + timedelta(days=2)),
        ("in a week", ON + timedelta(days=7)),
        *((text, None) for text in ("", "放学以后", "17:00-18:30", "8-9点", "08-09点", "晚上6点", "monthly")),
        *(
            (text, None)
            for text in ("周三不行", "别在周末打", "not on Friday", "2026-11-24", "本周一", "2028-01-01", "31/6")
        ),
    ],
)
def test_a_day_is_read_where_one_stands(text: str, day: date | None) -> None:
    assert promised_day(text, ON) == day


@given(st.text(max_size=40), st.dates(date(2026, 1, 1), date(2032, 1, 1)))
def test_whatever_is_typed_gives_a_day_ahead_or_none(text: str, on: date) -> None:
    day = promised_day(text, on)
    assert day is None or on <= day <= on + FAR


@given(st.integers(0, 90), st.sampled_from(Tier))
def test_the_promised_day_is_one_of_the_call_backs_and_in_danger_none_is_lost(days: int, tier: Tier) -> None:
    start = by_the_end_of(ON) - timedelta(hours=2)
    day = by_the_end_of(ON + timedelta(days=days))
    without, dates = callbacks(start, Policy(), tier), callbacks(start, Policy(), tier, day)
    assert day in dates and dates == sorted(dates)
    if tier in Policy().callback_tiers:
        local = {at.astimezone(TIMEZONE).date() for at in dates}
        assert local == {at.astimezone(TIMEZONE).date() for at in (*without, day)} and len(local) == len(dates)
    else:
        assert len(dates) <= len(without)


def test_nothing_is_promised_to_who_did_not_agree() -> None:
    began = by_the_end_of(ON)
    assert promised({"callback_consent": "no", "callback_when": "明天"}, began) is None
    assert promised({"callback_consent": "yes", "callback_when": "明天"}, began) == began + timedelta(days=1)
