"""The desk's figures: nearest rank, nothing of fewer than five, and only what the desk may see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from referrals import actions
from referrals.figures import _lengths, desk_figures, line, percentile
from tests.stage import actor, fresh, referred
from wellbeing.access.actor import identity
from wellbeing.people.models import User
from wellbeing.workdays import now


@pytest.mark.parametrize(
    ("values", "median", "p90"), [([7], 7, 7), ([1, 2], 1, 2), (list(range(1, 11)), 5, 9), (list(range(1, 12)), 6, 10)]
)
def test_nearest_rank(values: list[int], median: int, p90: int) -> None:
    assert (percentile(values, 0.5), percentile(values, 0.9)) == (median, p90)


@given(st.lists(st.integers(0, 10**7), min_size=1))
def test_a_percentile_is_one_of_the_values_and_nine_of_ten_are_no_longer(values: list[int]) -> None:
    found = percentile(values, 0.9)
    assert found in values and sum(value <= found for value in values) >= 0.9 * len(values)
    assert percentile(values, 0.5) <= found


def test_fewer_than_five_say_nothing_of_how_long() -> None:
    assert (line("sent", []).count, line("sent", [3.0] * 4).count, line("sent", [3.0] * 4).median) == ("0", "<5", None)
    assert line("sent", [3.0] * 5).median == 3


def test_the_wait_for_an_appointment_counts_from_the_first_receipt_at_the_hospital_that_gave_it() -> None:
    begin = datetime(2026, 11, 26, 8)
    road = ["sent", "received", "redirected", "sent", "received", "proposed", "received", "proposed", "appointment"]
    journey = [(state, begin + timedelta(seconds=60 * number)) for number, state in enumerate(road)]
    assert list(_lengths([journey], "received", "appointment")) == [240.0]
    assert list(_lengths([journey], "sent", "received")) == [60.0, 60.0]


def test_a_desk_sees_its_own_journeys_and_no_others(db: None, wait: Any) -> None:
    fang, sent = actor("fang"), [referred() for _ in range(5)]
    wait(minutes=30)
    for referral in sent:
        actions.receive(actor=fang, referral=referral)
    actions.give_back(actor=fang, referral=fresh(sent[0]), why="full")
    with identity(actor("zhou")):
        mine = desk_figures(actor("zhou"), now())
    steps = {one.name: one for one in mine.steps}
    assert steps["received"].count == "5" and 1790 <= (steps["received"].median or 0) <= 1860
    assert [(one.name, one.count) for one in mine.reasons] == [("full", "<5"), ("", "<5")]
    with identity(actor("ye")):
        assert desk_figures(actor("ye"), now()).total == "0"
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    page = client.get(reverse("referral_figures")).content.decode()
    assert "30 分" in page and "时限内没有号源" in page
    assert sent[0].reference not in page
    wait(days=200)
    with identity(actor("zhou")):
        assert desk_figures(actor("zhou"), now()).total == "0"
