"""Shifts are planned by those who may, one or by the week, and never so that they cannot be true."""

from __future__ import annotations

import threading
from datetime import UTC, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from tests.rota.scenes import asked, dinghai, hour, rows, shift, user_id
from tests.stage import actor, desk
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.trail import trail
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Post, Role, User
from wellbeing.people.set_up import account, appoint
from wellbeing.rota import actions
from wellbeing.rota.actions import _desk
from wellbeing.rota.models import Shift, Swap
from wellbeing.rota.pattern import Pattern, Slot
from wellbeing.rota.planning import plannable
from wellbeing.rota.warn import warn_gaps
from wellbeing.workdays import TIMEZONE, now

MACHINE = Actor.machine("ticker")
DAY, NIGHT = Slot(time(8), time(20)), Slot(time(20), time(8))


def week(
    *persons: str, weeks: int = 1, days: tuple[int, ...] = tuple(range(7)), slots: Any = (DAY, NIGHT)
) -> list[Shift]:
    first = now().date() + timedelta(days=1)
    pattern = Pattern(first, weeks, days, tuple(slots), tuple(user_id(name) for name in persons))
    made: list[Shift] = actions.plan_week(actor=actor("zhou"), desk=dinghai(), pattern=pattern)
    return made


@pytest.mark.parametrize(
    ("name", "begin", "end", "field"),
    [
        ("luo", 2, 2, "ends_at"),
        ("luo", 3, 2, "ends_at"),
        ("luo", 0, 25, "ends_at"),
        ("luo", -3, 5, "starts_at"),
        ("luo", 24 * 400, 24 * 400 + 1, "starts_at"),
        ("ye", 0, 8, "user_id"),
        ("mallory", 0, 8, "user_id"),
    ],
)
def test_an_impossible_shift_is_refused_beside_its_field(
    db: None, name: str, begin: float, end: float, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        shift(name, begin, end)
    assert refused.value.field == field and rows(Shift) == []


def test_nobody_stands_twice_at_one_desk_at_one_time(db: None) -> None:
    shift("luo", 0, 8)
    with pytest.raises(Invalid) as refused:
        shift("luo", 7, 9)
    assert refused.value.field == "user_id"
    shift("luo", 8, 9), shift("zhou", 7, 9)
    assert len(rows(Shift)) == 3


def test_only_planners_of_the_desk_plan_it(db: None) -> None:
    for name in ("ye", "lin", "fang", "mallory", "sun"):
        with pytest.raises(Forbidden):
            shift("luo", 0, 8, by=name)


def test_a_supervisor_plans_both_desks_of_her_hotline(db: None) -> None:
    boss = account("boss", "贺岚", "x")
    with identity(Actor.machine("test")):
        appoint(boss, desk("hotline", Role.HOTLINE_SUPERVISOR), starts_on=now().date())
    lines = desk("hotline", Role.HOTLINE_COUNSELLOR)
    assert {one.role for one in plannable(actor("boss"))} == {Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR}
    assert plannable(actor("lin")) == []
    assert shift("lin", 0, 8, by="boss", at=lines).user.username == "lin"


def test_a_week_takes_turns_and_comes_as_a_whole_or_not_at_all(db: None) -> None:
    made = week("zhou", "luo", weeks=2)
    assert len(made) == 28 and {one.user_id for one in made[::2]} == {user_id("zhou")}
    with pytest.raises(Invalid) as refused:
        week("luo")
    assert refused.value.field == "person_1" and len(rows(Shift)) == 28


@pytest.mark.parametrize(
    ("persons", "more", "field"),
    [
        (("zhou", "zhou"), {}, "person_2"),
        ((), {}, "person_1"),
        (("zhou", "ye"), {}, "person_2"),
        (("zhou",), {"weeks": 9}, "weeks"),
        (("zhou",), {"weeks": 0}, "weeks"),
        (("zhou",), {"days": ()}, "weekdays"),
        (("zhou",), {"slots": ()}, "starts_1"),
        (("zhou",), {"slots": (DAY, Slot(time(10), time(12)))}, "person_1"),
    ],
)
def test_an_impossible_week_is_refused_beside_its_field(db: None, persons: Any, more: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        week(*persons, **more)
    assert refused.value.field == field and rows(Shift) == []


def test_a_shift_to_come_goes_and_one_that_runs_ends_now(db: None, wait: Any) -> None:
    running, coming = shift("luo", 0, 8), shift("luo", 8, 12)
    wait(hours=2)
    for one in (running, coming):
        actions.drop_shift(actor=actor("zhou"), shift_id=one.pk)
    (left,) = rows(Shift)
    assert left.pk == running.pk and left.ends_at <= now()
    with pytest.raises(Invalid):
        actions.drop_shift(actor=actor("zhou"), shift_id=running.pk)
    with pytest.raises(Forbidden):
        actions.drop_shift(actor=actor("zhou"), shift_id=coming.pk)


def test_a_yes_hands_the_shift_over_at_once(db: None) -> None:
    one = shift("zhou", 0, 8)
    question = asked(one)
    assert rows(Shift)[0].user_id == user_id("zhou"), "until the answer nothing changes"
    actions.answer_swap(actor=actor("luo"), swap_id=question.pk, accept=True)
    assert rows(Shift)[0].user_id == user_id("luo")
    with pytest.raises(WrongState):
        actions.answer_swap(actor=actor("luo"), swap_id=question.pk, accept=False)
    assert [(n.kind, n.user_id) for n in rows(Notice, kind__startswith="swap")] == [
        ("swap_asked", user_id("luo")),
        ("swap_answered", user_id("zhou")),
    ]


def test_a_running_shift_is_divided_without_a_gap(db: None, wait: Any) -> None:
    one = shift("zhou", 0, 8)
    question = asked(one)
    wait(hours=3)
    actions.answer_swap(actor=actor("luo"), swap_id=question.pk, accept=True)
    mine, hers = rows(Shift)
    assert (mine.user_id, hers.user_id) == (user_id("zhou"), user_id("luo"))
    assert mine.ends_at == hers.starts_at and hers.ends_at == one.ends_at


def test_a_no_changes_nothing_and_a_new_question_takes_the_old_one_back(db: None) -> None:
    one = shift("zhou", 0, 8)
    actions.answer_swap(actor=actor("luo"), swap_id=asked(one).pk, accept=False)
    third = account("third", "第三", "x")
    with identity(Actor.machine("test")):
        appoint(third, dinghai(), starts_on=now().date())
    first = asked(one)
    with pytest.raises(Invalid):
        asked(one)
    asked(one, to="third")
    with pytest.raises(WrongState):
        actions.answer_swap(actor=actor("luo"), swap_id=first.pk, accept=True)
    assert [swap.accepted for swap in rows(Swap)] == [False, None, None] and rows(Shift)[0].user_id == user_id("zhou")


def test_whom_one_cannot_ask(db: None, wait: Any) -> None:
    one = shift("zhou", 0, 8)
    shift("luo", 4, 6)
    for name in ("zhou", "luo", "ye"):
        with pytest.raises(Invalid) as refused:
            asked(one, to=name)
        assert refused.value.field == "to_user_id"
    with pytest.raises(Forbidden):
        asked(one, by="luo", to="zhou")
    wait(hours=9)
    with pytest.raises(Invalid):
        asked(one)


def test_who_can_no_longer_take_over_is_told_so(db: None, wait: Any) -> None:
    one = shift("zhou", 0, 8)
    question = asked(one)
    shift("luo", 2, 4)
    with pytest.raises(Invalid):
        actions.answer_swap(actor=actor("luo"), swap_id=question.pk, accept=True)
    wait(hours=9)
    with pytest.raises(Invalid):
        actions.answer_swap(actor=actor("luo"), swap_id=question.pk, accept=True)


def test_the_wall_lets_only_the_desk_write_its_rota(db: None) -> None:
    one = shift("zhou", 0, 8)
    for name in ("ye", "lin", "mallory"):
        with identity(actor(name)):
            assert Shift.objects.filter(pk=one.pk).update(user_id=user_id(name)) == 0
            assert Shift.objects.filter(pk=one.pk).delete()[0] == 0


def test_a_desk_is_told_of_a_gap_once_and_a_day_ahead(db: None, wait: Any) -> None:
    assert warn_gaps() == 0, "no rota, no gap"
    shift("zhou", 0, 20)
    shift("luo", 20, 40)
    assert warn_gaps() == 1, "nobody is there until the first shift begins"
    begins = hour(40)
    wait(seconds=(begins - now()).total_seconds() - 24 * 3600 - 1)
    assert warn_gaps() == 0, "the next one is more than a day away"
    wait(seconds=2)
    assert warn_gaps() == 1 and warn_gaps() == 0
    told = rows(Notice, kind="rota_gap")
    assert {(one.desk_id, one.target) for one in told} == {(dinghai().pk, "rota")}
    assert told[-1].dedupe_key == f"rota_gap:{dinghai().pk}:{int(begins.timestamp())}"
    with identity(MACHINE):
        said = trail(_desk.stream(dinghai().pk), acts=[P.ROTA_WARN])
        assert said[0].facts == {"desk": dinghai().pk, "starts_at": begins.astimezone(UTC).isoformat()}
    with pytest.raises(WrongState):  # another ticker that looked at the same moment
        actions.warn_gap(actor=MACHINE, desk_id=dinghai().pk, starts_at=begins)
    shift("zhou", 24, 30)
    wait(hours=24)
    assert warn_gaps() == 1


def test_a_gap_that_nobody_closes_is_told_again_every_day_after_two_weeks(db: None, wait: Any) -> None:
    shift("zhou", 0, 1)
    ends = hour(1)
    assert warn_gaps() == 2, "before the only shift, and behind it"
    wait(seconds=(ends - now()).total_seconds() + 14 * 24 * 3600 - 1)
    assert warn_gaps() == 0
    for _day in range(3):
        wait(days=1)
        assert warn_gaps() == 1 and warn_gaps() == 0


def test_a_post_that_ends_opens_a_gap(wait: Any) -> None:
    wait(hours=(36 - now().hour) % 24)  # noon: the post ends with its day, and the gap begins a day ahead at most
    for number in range(4):
        shift("zhou", 12 * number, 12 * number + 12)
    warn_gaps()
    with identity(Actor.machine("test")):
        Post.objects.filter(user__username="zhou").update(ends_on=hour(0).astimezone(TIMEZONE).date())
    assert warn_gaps() == 1


def test_two_planners_at_once_make_no_double(committed: SimpleNamespace) -> None:
    results: list[str] = []
    starts, ends = hour(0), hour(8)

    def plan() -> None:
        try:
            actions.plan_shift(
                actor=Actor.of(User.objects.get(username="zhou")),
                desk=dinghai(),
                user_id=user_id("luo"),
                starts_at=starts,
                ends_at=ends,
            )
            results.append("planned")
        except Invalid:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["planned"] + ["refused"] * 5 and len(rows(Shift)) == 1


def test_a_gap_that_had_closed_and_is_open_again_is_told_again(db: None) -> None:
    shift("luo", 0, 4)
    shift("zhou", 8, 32)
    assert warn_gaps() == 2 and warn_gaps() == 0, "until the first shift, and between the two"
    between = shift("luo", 4, 8)
    assert warn_gaps() == 0 and warn_gaps() == 0
    actions.drop_shift(actor=actor("zhou"), shift_id=between.pk)
    assert warn_gaps() == 1 and warn_gaps() == 0
    keys = [one.dedupe_key.split(":") for one in rows(Notice, kind="rota_gap")]
    assert sorted(len(key) for key in keys) == [3, 3, 4] and len({key[2] for key in keys}) == 2
    with identity(MACHINE):
        said = trail(_desk.stream(dinghai().pk), acts=[P.ROTA_WARN])
        assert [one.facts.get("closed") for one in said].count(True) == 1
    with pytest.raises(WrongState):  # another ticker that looked at the same moment
        actions.warn_gap(actor=MACHINE, desk_id=dinghai().pk, starts_at=hour(32), closed=True)
