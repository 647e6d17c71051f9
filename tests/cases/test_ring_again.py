"""Delivered is not acknowledged: a red warning rings on, person by person, until a human acknowledges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cases import actions
from cases.actions.ring_again import MOST_RINGS
from cases.models import Case, Warning
from cases.tick import tick
from tests.stage import YELLOW, actor, call, policy
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Post, Role, User
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def rung(case: Case) -> list[str]:
    with identity(MACHINE):
        rings = Notice.objects.filter(kind="warning_again", target=f"case:{case.reference}").order_by(
            "created_at", "id"
        )
        names = dict(User.objects.values_list("pk", "username"))
        return [names[notice.user_id] for notice in rings if notice.user_id]


def test_a_red_warning_goes_from_person_to_person_until_somebody_acknowledges(wait: Any) -> None:
    case = call()
    tick()
    assert rung(case) == []
    for _ in range(3):
        wait(minutes=3, seconds=1)
        tick()
        tick()
    assert len(rung(case)) == 3 and set(rung(case)) == {"zhou", "luo"}
    actions.acknowledge(actor=actor("zhou"), case=case)
    wait(minutes=10)
    tick()
    assert len(rung(case)) == 3


def test_once_escalated_it_rings_at_the_next_desk_too(wait: Any) -> None:
    case = call()
    wait(minutes=16)
    tick()
    tick()
    for _ in range(3):
        wait(minutes=3, seconds=1)
        tick()
    assert "he" in rung(case) and "shen" not in rung(case)


def test_a_yellow_warning_rings_once(wait: Any) -> None:
    case = call(YELLOW)
    with identity(MACHINE):
        assert Warning.objects.get(case=case).ring_at is None


def test_where_nobody_sits_at_any_desk_the_bureau_hears_it_ring(wait: Any) -> None:
    """Everybody who could take it has left: it does not ring into empty rooms all night."""
    case = call()
    with identity(MACHINE):
        leaving = Post.objects.filter(desk__role__in=(Role.COUNTY_TRIAGE, Role.CITY_DUTY))
        leaving.update(ends_on=now().date() - timedelta(days=1))
    wait(minutes=16)
    tick()
    for _ in range(2):
        wait(minutes=3, seconds=1)
        tick()
    assert rung(case) == []
    with identity(MACHINE):
        shen = User.objects.get(username="shen").pk
        told = Notice.objects.filter(kind="warning_again", user_id=shen)
        assert {one.target for one in told} == {""} and told.count() >= 2, "and learns not about whom"


def test_it_rings_on_when_it_has_rung_more_often_than_is_counted(wait: Any) -> None:
    case = call()
    with identity(MACHINE):
        Warning.objects.filter(case=case).update(rings=MOST_RINGS)
    for _turn in range(3):
        wait(minutes=3, seconds=1)
        tick()
    assert len(rung(case)) == 3
    with identity(MACHINE):
        assert Warning.objects.get(case=case).rings == MOST_RINGS


def test_where_policy_s_ways_reach_nobody_it_rings_on_the_page(wait: Any) -> None:
    """The city took the page out of the ways, and no other one is set up: it does not ring into the air."""
    policy(ring_channels=("sms", "robot"))
    case = call()
    for _ in range(2):
        wait(minutes=3, seconds=1)
        tick()
    assert set(rung(case)) == {"zhou", "luo"}
