"""Who is on duty, whether a desk is staffed, and when nobody is there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rota.scenes import MACHINE, dinghai, hour, shift, user_id
from tests.stage import actor
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import Post, User
from wellbeing.rota import duty
from wellbeing.rota.duty import gaps, gaps_of, on_duty, staffed, who
from wellbeing.workdays import TIMEZONE, now


@pytest.fixture
def desk(db: None) -> Any:
    found = dinghai()
    with identity(MACHINE):
        yield found.pk


def test_a_desk_without_a_rota_counts_as_staffed_and_names_nobody(desk: int) -> None:
    assert on_duty(desk) == who(desk) == []
    assert staffed(desk) and gaps(desk, now(), now() + timedelta(days=9)) == []


def test_one_shift_makes_a_rota_and_outside_it_nobody_is_there(desk: int) -> None:
    shift("zhou", 0, 8)
    assert on_duty(desk) == [] and not staffed(desk)
    for at, there in ((-0.01, False), (0, True), (7.99, True), (8, False)):
        assert staffed(desk, hour(at)) is there
        assert on_duty(desk, hour(at)) == ([user_id("zhou")] if there else [])


def test_two_at_once_come_in_the_order_of_their_shifts(desk: int) -> None:
    shift("luo", 0, 4)
    shift("zhou", 1, 3)
    assert on_duty(desk, hour(2)) == [user_id("luo"), user_id("zhou")]
    assert [str(one) for one in who(desk, hour(2))] == ["罗琪(定海分诊)", "周宁(定海分诊)"]


def test_time_passes(desk: int, wait: Any) -> None:
    shift("luo", 0, 4)
    assert on_duty(desk) == []
    wait(hours=2)
    assert on_duty(desk) == [user_id("luo")]
    wait(hours=4)
    assert not staffed(desk)


def test_who_left_the_desk_is_not_on_duty(desk: int) -> None:
    shift("zhou", 0, 24)
    shift("zhou", 24, 48)
    last = hour(0).astimezone(TIMEZONE).date()
    with identity(Actor.machine("test")):
        Post.objects.filter(user__username="zhou").update(ends_on=last)
    night = hour(0).astimezone(TIMEZONE).replace(hour=0) + timedelta(days=1)
    assert staffed(desk, hour(0)) and not staffed(desk, night)
    assert gaps(desk, hour(0), hour(48)) == [(night, hour(48))]
    with identity(Actor.machine("test")):
        Post.objects.filter(user__username="zhou").update(ends_on=None)
    User.objects.filter(username="zhou").update(is_active=False)
    assert not staffed(desk, hour(0))
    assert gaps(desk, hour(0), hour(48)) == [(hour(0), hour(48))]


def test_gaps_and_staffed_agree_at_every_half_hour(desk: int) -> None:
    for name, begin, end in (("zhou", 0, 8), ("luo", 7, 12), ("zhou", 20, 30), ("luo", 30, 31), ("zhou", 50, 70)):
        shift(name, begin, end)
    found = gaps(desk, hour(-1), hour(80))
    for half in range(-2, 160):
        at = hour(half / 2)
        assert staffed(desk, at) != any(start <= at < end for start, end in found), half


def test_gaps_of_all_desks_leave_out_those_without_a_rota(desk: int) -> None:
    shift("zhou", 0, 8)
    assert set(gaps_of(now(), hour(9))) == {desk}
    assert gaps_of(now(), hour(9), []) == {}


def test_each_answer_is_one_query(desk: int) -> None:
    shift("zhou", 0, 8)
    at, end = now(), hour(20)
    for ask in (
        lambda: on_duty(desk),
        lambda: staffed(desk),
        lambda: who(desk),
        lambda: gaps(desk, at, end),
        lambda: gaps_of(at, end),
    ):
        with CaptureQueriesContext(connection) as queries:
            ask()
        assert len(queries) == 1


def test_who_is_on_duty_is_no_secret_inside_and_none_of_a_strangers_business(desk: int) -> None:
    shift("zhou", 0, 8)
    for name in ("lin", "ye", "fang", "mallory"):
        with identity(actor(name)):
            assert on_duty(desk, hour(1)) == [user_id("zhou")]


def test_a_long_rota_costs_no_more_than_a_short_one(desk: int) -> None:
    """However many shifts a desk has had, the index gives those that end within a day of the moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rota_shift (id, desk_id, user_id, starts_at, ends_at, planned_at)"
            " SELECT gen_random_uuid(), %s, %s, t, t + interval '8 hours', now()"
            " FROM generate_series(now() - interval '5 years', now() + interval '1 year', interval '8 hours') t",
            [desk, user_id("luo")],
        )
        cursor.execute("ANALYZE rota_shift")
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT TEXT) SELECT 1 {duty._ON_DUTY}", {"desk": desk, "at": None})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    removed = sum(int(number) for number in re.findall(r"Rows Removed by Filter: (\d+)", plan))
    assert "shifts_of_desk" in plan and removed <= 3, plan  # a day's other shifts
