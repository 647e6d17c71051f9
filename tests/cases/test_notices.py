"""Who is told of a case, by which ways, in which order, and how little leaves the house."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cases import actions
from cases.models import Warning
from cases.tick import tick
from tests.rota.scenes import dinghai, shift
from tests.stage import RED, YELLOW, actor, call, fresh, policy
from wellbeing.access.actor import Actor, identity
from wellbeing.access.holders import holders
from wellbeing.access.machines import TICKER
from wellbeing.access.permissions import P
from wellbeing.audit.trail import trail
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Private, User
from wellbeing.people.set_up import account, appoint
from wellbeing.rota.models import Shift
from wellbeing.workdays import now

MACHINE = Actor.machine("test")
ORANGE = {**YELLOW, "self_harm": "worsening"}
Told = tuple[str, str, str, str]


@pytest.fixture
def reachable(wait: Any, settings: Any, tmp_path: Path) -> Any:
    """Every channel is set up. Zhou, who is on duty, has a mobile and an address, Luo has an address, their desk a
    robot; the time is within Zhou's shift."""
    robots = tmp_path / "robots.json"
    robots.write_text(json.dumps({dinghai().group.name: {"url": "http://127.0.0.1:9/", "secret": "x"}}))
    settings.ROBOTS_FILE, settings.EMAIL_URL = str(robots), "set"
    settings.SMS_GATEWAY_URL = settings.SMS_GATEWAY_KEY = "set"
    Private.objects.filter(user__username="zhou").update(mobile="13000000000", email="zhou@example.invalid")
    Private.objects.filter(user__username="luo").update(email="luo@example.invalid")
    shift("zhou", 0, 8)
    wait(hours=2)
    return wait


def told(kind: str) -> list[Told]:
    """Channel, who (`desk` or a name), target and tier of every notice of a kind."""
    with identity(MACHINE):
        names = dict(User.objects.values_list("pk", "username"))
        rows = list(Notice.objects.filter(kind=kind).order_by("created_at", "channel", "desk_id"))
        return [(row.channel, names.get(row.user_id or 0, "desk"), row.target, row.tier) for row in rows]


def keys_of(kind: str) -> tuple[list[str], list[str]]:
    """What makes a notice of a kind one, as it is written, and the channel, desk and account that it ends with."""
    with identity(MACHINE):
        rows = Notice.objects.filter(kind=kind).order_by("created_at", "channel", "desk_id")
        ends = [f"{row.channel}:{row.desk_id or ''}:{row.user_id or ''}" for row in rows]
        return [row.dedupe_key for row in rows], ends


def test_at_red_who_is_on_duty_is_told_at_once_outside_the_page_too(reachable: Any) -> None:
    case = call()
    page = {(one, who, f"case:{case.reference}", "red") for one, who in (("in_app", "desk"), ("in_app", "zhou"))}
    assert set(told("warning")) == page | {("sms", "zhou", "", "red")} and len(told("warning")) == 3
    call(ORANGE)
    below = [one[0] for one in told("warning") if one[3] == "orange"]
    assert below == ["in_app", "in_app"], "below red the page is enough"


@pytest.mark.parametrize("order", [("sms", "in_app", "email"), ("sms",), ("email", "robot", "sms", "in_app")])
def test_the_first_other_way_is_the_first_of_policy_wherever_the_page_stands(
    reachable: Any, order: tuple[str, ...]
) -> None:
    policy(ring_channels=order, notice_colour=False)
    call()
    outside = [one for one in told("warning") if one[0] != "in_app"]
    assert outside == [(order[0], "zhou", "", "")], "and where policy says so, not even the colour leaves the house"
    assert len(told("warning")) == 3


def test_it_rings_at_the_desk_then_by_every_way_at_who_is_on_duty_then_at_her_colleagues(reachable: Any) -> None:
    case = call()
    round_trip = [
        ("robot", "desk", "", "red"),
        ("in_app", "zhou", f"case:{case.reference}", "red"),
        *(("sms", "zhou", "", "red"), ("email", "zhou", "", "red")),
        ("in_app", "luo", f"case:{case.reference}", "red"),
        ("email", "luo", "", "red"),
    ]
    reachable(minutes=2, seconds=59)
    tick()
    assert told("warning_again") == []
    reachable(seconds=1)
    for number in range(1, 7):
        tick()
        tick()
        with identity(MACHINE):
            row = Warning.objects.get(case=case)
            assert (row.rings, (row.ring_at - now()).total_seconds()) == (number, 180)  # type: ignore[operator]
            facts = trail(case.pk, acts=[P.WARNING_RING])[0].facts
        ways = 6 if number < 4 else 7  # the clock to tell the principal has run out: He of the city centre, last
        assert facts == {"rings": number, "ways": ways} and told("warning_again") == round_trip[:number]
        reachable(minutes=3)
    keys, ends = keys_of("warning_again")
    assert keys == [f"ring:{row.pk}:{number}:{end}" for number, end in enumerate(ends, start=1)]
    keys, ends = keys_of("warning")
    assert keys == [f"warning:{row.pk}:{end}:by{actor('lin').id}" for end in ends]


def test_who_was_escalated_to_is_rung_after_the_first_desk_and_the_bureau_never(wait: Any) -> None:
    case = call()
    wait(minutes=31)
    tick()
    with identity(MACHINE):
        (facts,) = [one.facts for one in trail(case.pk, acts=[P.WARNING_RING])]
    assert facts == {"rings": 1, "ways": 3}, "Zhou and Luo, and He of the city centre"
    for _ring in range(3):
        wait(minutes=3)
        tick()
    order = [who for _way, who, _target, _tier in told("warning_again")]
    assert sorted(order[:2]) == ["luo", "zhou"] and order[2:] == ["he", order[0]]


@pytest.mark.parametrize("how", ["early", "acknowledged", "raised"])
def test_what_needs_no_ring_gets_none(wait: Any, how: str) -> None:
    case = call(ORANGE)
    with identity(MACHINE):
        first = Warning.objects.get(case=case)
    wait(minutes=29 if how == "early" else 40)
    if how == "acknowledged":
        actions.acknowledge(actor=actor("zhou"), case=case)
    if how == "raised":
        actions.raise_tier(actor=actor("lin"), case=case, to="red")
    assert actions.ring_again(actor=TICKER, case=fresh(case), warning=first) == 0
    assert told("warning_again") == [] and fresh(first).rings == 0
    assert (fresh(first).ring_at is None) == (how != "early")


def test_a_desk_without_anybody_rings_above_and_goes_on_trying(wait: Any) -> None:
    with identity(MACHINE):
        from wellbeing.people.models import Post

        Post.objects.filter(desk=dinghai()).update(ends_on=now().date())
    wait(days=1)
    case = call()
    wait(minutes=3)
    tick()
    with identity(MACHINE):
        assert Warning.objects.get(case=case).rings == 1, "nobody was there: it went up at once, and rings there"
        assert [who for _way, who, *_ in told("warning_again")] == ["he"]
        appoint(account("neu", "新来", "x"), dinghai(), starts_on=now().date())
    for _twice in range(2):
        wait(minutes=3)
        tick()
    assert {who for _way, who, *_ in told("warning_again")} == {"he", "neu"}


def test_a_reminder_opens_nothing_more_to_whoever_is_on_duty(reachable: Any) -> None:
    case = call()
    reachable(minutes=14)
    tick()
    with identity(MACHINE):
        assert told("due_soon") and "duty" not in {one.origin for one in holders(case)}


@pytest.mark.parametrize("rota", ["none", "gap"])
def test_at_red_a_desk_that_names_nobody_is_called_outside_the_page_all_the_same(reachable: Any, rota: str) -> None:
    """A school keeps no rota, and a county's may have a gap: a notice on the page alone waits until the morning."""
    if rota == "none":
        with identity(MACHINE):
            Shift.objects.all().delete()
    else:
        reachable(hours=8)
    case = call()
    assert {one for one in told("warning") if one[0] != "in_app"} == {
        ("sms", "zhou", "", "red"),
        ("email", "luo", "", "red"),
    }
    actions.acknowledge(actor=actor("zhou"), case=case)
    actions.assess_risk(actor=actor("lin"), case=fresh(case), words=RED, face_to_face=False)
    assert {one[:2] for one in told("danger_again") if one[0] != "in_app"} == {("sms", "zhou"), ("email", "luo")}
    call(ORANGE)
    assert not [one for one in told("warning") if one[0] != "in_app" and one[3] == "orange"]
