"""The preview: what a policy would have changed for last month's clocks, as counts that give nobody away."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from cases import actions
from cases.clocks import ClockKind
from cases.models import Case, Deadline, PolicyVersion
from cases.policy import Policy
from cases.policy_display import counts
from cases.policy_preview import Line, Past, Preview, Stay, compare, preview
from tests.stage import GREEN, acknowledged, actor, call, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import MACHINES, POLICY
from wellbeing.audit.models import Event
from wellbeing.audit.record import user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.suppression import at_least, shown, shown_sum

QUICK = {**Policy().acknowledge, "red": {"minutes": 5}}


def line_of(made: Preview, kind: str, tier: str) -> Line:
    return next(line for line in made.lines if (line.kind, line.tier) == (kind, tier))


def at_noon(minutes: float = 0) -> Any:
    from datetime import UTC, datetime

    return datetime(2026, 11, 24, 4, tzinfo=UTC) + timedelta(minutes=minutes)


def past(ended: float | None, *, due: float = 15, kind: str = "acknowledge", tier: str = "red", step: int = 0) -> Past:
    end = None if ended is None else at_noon(ended)
    return Past(kind, tier, step, at_noon(), at_noon(due), end, Policy())


def test_clocks_end_earlier_later_or_the_same() -> None:
    clocks = [past(3), past(8), past(20), past(None)]
    quick = compare(clocks, [], replace(Policy(), acknowledge=QUICK), at_noon(30))
    assert line_of(quick, "acknowledge", "red") == Line("acknowledge", "red", 4, 0, 0, 0, newly_late=1, newly_in_time=0)
    slow = replace(Policy(), acknowledge={**QUICK, "red": {"minutes": 25}})
    assert line_of(compare(clocks, [], slow, at_noon(24)), "acknowledge", "red") == Line(
        "acknowledge", "red", 0, 4, 0, 0, newly_late=0, newly_in_time=2
    )
    same = compare(clocks, [], Policy(), at_noon(30))
    assert line_of(same, "acknowledge", "red") == Line("acknowledge", "red", 0, 0, 4, 0, 0, 0)
    assert not line_of(same, "acknowledge", "red").moved


def test_an_end_that_somebody_set_is_not_compared() -> None:
    made = compare(
        [past(3, due=14), past(3, kind="callback", due=99)], [], replace(Policy(), acknowledge=QUICK), at_noon()
    )
    assert (made.by_hand, made.lines) == (2, ())


def test_the_first_call_back_is_compared_and_a_time_that_is_gone_is_counted() -> None:
    first = past(None, kind="callback", due=1440)
    policy = replace(Policy(), callbacks=({"hours": 12},))
    assert line_of(compare([first], [], policy, at_noon()), "callback", "red").earlier == 1
    told = past(3, kind="tell_rescue", due=5)
    nobody = replace(Policy(), tell_rescue={})
    assert line_of(compare([told], [], nobody, at_noon()), "tell_rescue", "red").gone == 1


def test_lowerings_that_would_have_been_too_soon() -> None:
    stays = [Stay("red", timedelta(hours=80)), Stay("red", timedelta(hours=100)), Stay("blue", timedelta(0))]
    made = compare([], stays, replace(Policy(), stay_hours={**Policy().stay_hours, "red": 96}), at_noon())
    assert made.lowered == {"red": 2, "blue": 1}
    assert (made.too_soon["red"], made.too_soon["blue"]) == (1, 0)


def test_small_counts_are_hidden() -> None:
    assert [shown(n) for n in (0, 1, 4, 5, 120)] == ["0", "<5", "<5", "5", "120"]
    assert at_least([10, 0, 7]) == "17"
    assert at_least([10, 3, 0]) == "≥10"  # 13 would say that the hidden one is 3
    assert at_least([3, 0, 0]) == "<5"
    assert at_least([3, 2]) == "–"
    assert shown_sum([10, 3, 2]) == "15"  # 3 and 2, 2 and 3, 1 and 4, 4 and 1
    assert shown_sum([10, 3]) == "≥10"
    assert shown_sum([10, 1, 1]) == "≥10"  # 12 would say 1 and 1
    assert shown_sum([10, 4, 4]) == "≥10"
    assert shown_sum([]) == "0"


@given(st.lists(st.integers(0, 30), max_size=7))
def test_no_sum_gives_a_hidden_part_away(parts: list[int]) -> None:
    """Whoever sees the parts and the sum still has at least two values for every hidden part."""
    open_parts = [n for n in parts if n == 0 or n >= 5]
    hidden = [n for n in parts if 0 < n < 5]
    total = shown_sum(parts)
    if hidden and total.isdigit() and int(total) >= 5:
        rest = int(total) - sum(open_parts)
        k = len(hidden)
        possible = {n for n in range(1, 5) if k - 1 <= rest - n <= 4 * (k - 1)}
        assert len(possible) > 1
    if total.startswith("≥"):
        assert int(total[1:]) == sum(open_parts)


def test_the_page_shows_no_small_number() -> None:
    lines = (Line("acknowledge", "red", 3, 0, 9, 0, 2, 0), Line("acknowledge", "orange", 12, 0, 0, 0, 6, 0))
    made = counts(Preview(lines, by_hand=4, lowered={"red": 2}, too_soon={"red": 1}))
    assert made["by_hand"] == "<5"
    assert made["lowered"] == [{"tier": "red", "made": "<5", "too_soon": "<5"}]
    assert [line["total"] for line in made["lines"]] == ["≥9", "12"]
    assert made["sums"]["earlier"] == "≥12" and made["sums"]["newly_late"] == "≥6"


def test_last_month_is_read_by_a_machine(wait: Any) -> None:
    acknowledged()
    call()
    shen, policy = actor("shen"), replace(Policy(), acknowledge=QUICK)
    with identity(shen):
        assert Case.objects.count() == Deadline.objects.count() == 0
        made = preview(shen, policy)
        assert Case.objects.count() == Deadline.objects.count() == 0  # her own eyes again
    with identity(Actor.machine("verify")):
        (event,) = Event.objects.filter(stream=user_stream(shen.id), act=Tag.POLICY_LOOKED)
    looked = sum(sum(line.counts) for line in made.lines) + made.by_hand
    assert json.loads(bytes(event.body))["facts"] == {"after": 1, "changed": 1, "clocks": looked}
    line = line_of(made, "acknowledge", "red")
    assert (line.earlier, line.later, line.same) == (2, 0, 0)
    wait(days=31)
    with identity(shen):
        assert preview(shen, policy).lines == ()


def test_a_lowering_is_measured_from_where_the_tier_began(wait: Any) -> None:
    case = acknowledged()
    given: dict[str, Any] = {"words": {}, "face_to_face": True, "desk_id": actor("zhou").desks[0]}
    with identity(Actor.machine("test")):
        done = (ClockKind.TELL_GUARDIAN, ClockKind.CALLBACK)
        Deadline.objects.filter(case=case, kind__in=done).update(state="met", next_at=None)
    wait(hours=80)
    actions.assess_risk(actor=actor("zhou"), case=fresh(case), **given)
    actions.lower_tier(actor=actor("zhou"), case=fresh(case), to="orange", because="好转")
    actions.confirm_lowering(actor=actor("luo"), case=fresh(case))
    shen = actor("shen")
    with identity(shen):
        made = preview(shen, Policy())
        strict = preview(shen, replace(Policy(), stay_hours={**Policy().stay_hours, "red": 96}))
    assert (made.lowered, made.too_soon) == ({"red": 1}, {"red": 0})
    assert strict.too_soon == {"red": 1}


def test_only_who_may_change_the_policy_looks(db: None) -> None:
    for name in ("an", "zhou", "he", "lin", "mallory"):
        with identity(actor(name)), pytest.raises(Forbidden):
            preview(actor(name), Policy())


def test_the_machine_may_nothing_and_writes_nothing(db: None) -> None:
    assert MACHINES[POLICY.name] == frozenset()
    call(GREEN)
    shen = actor("shen")
    with identity(shen):
        with identity(POLICY):
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
            with pytest.raises(InternalError, match="read-only"), transaction.atomic():
                Deadline.objects.update(level=1)
        preview(shen, Policy())
        made = PolicyVersion.newest()
    call()  # the transaction around it writes again
    assert made.number == 1
