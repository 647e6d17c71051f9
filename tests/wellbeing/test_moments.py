"""Times as people read them, and the same words on the server and in the page's script."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from wellbeing import moments

NOW = datetime(2026, 11, 23, 12, 14, tzinfo=UTC)  # 20:14 in Zhoushan


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(0), "0:00 left"),
        (timedelta(minutes=8, seconds=5), "8:05 left"),
        (timedelta(minutes=10), "10 min left"),
        (timedelta(hours=3, minutes=5), "3 h 5 min left"),
        (timedelta(days=2, hours=4), "2 d 4 h left"),
        (-timedelta(minutes=12), "12 min late"),
        (-timedelta(days=1), "1 d 0 h late"),
    ],
)
def test_a_clock_in_words(left: timedelta, text: str) -> None:
    with translation.override("en"):
        assert moments.standing(NOW + left, NOW) == text


@pytest.mark.parametrize(
    ("back", "text"),
    [
        (timedelta(hours=2), "today 18:14"),
        (timedelta(hours=21), "yesterday 23:14"),  # by the calendar of the city, not by 24 hours
        (-timedelta(hours=5), "tomorrow 01:14"),
        (timedelta(days=30), "24 Oct, 20:14"),
        (timedelta(days=400), "19 Oct 2025, 20:14"),
    ],
)
def test_a_moment_in_words(back: timedelta, text: str) -> None:
    with translation.override("en"):
        assert moments.brief(NOW - back, NOW) == text
