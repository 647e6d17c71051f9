"""What makes a policy unusable: the defaults have no fault, every kind of mistake is found where it stands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import clocks, sheet
from cases.clocks import ClockKind
from cases.policy import MINUTES, TIERS, Policy
from cases.policy_change import changes, digest
from cases.policy_faults import FAULT_TEXT, Fault, PolicyFault, faults
from cases.policy_fields import (
    BELOW,
    CHOICES,
    GROUPS,
    LABELS,
    LIMITS,
    NAMES,
    RED_AT_MOST,
    RED_NEEDED,
    Shape,
    choices,
    full,
    groups,
    limits,
    shape,
)
from cases.policy_spans import days_between, longest, never_later, shortest
from cases.tiers import Tier, propose

POLICY = Policy()
TABLES = [name for name in NAMES if shape(name) == Shape.SPANS]
NUMBERS = [name for name in NAMES if shape(name) == Shape.NUMBER]
CODES = [name for name in NAMES if shape(name) in (Shape.ORDER, Shape.CHOICE)]
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
spans = st.builds(lambda unit, n: {unit: n}, st.sampled_from(sorted(MINUTES)), st.integers(1, 200))
starts = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))


def changed(name: str, value: Any) -> Policy:
    return replace(POLICY, **{name: value})


def table(name: str, **cells: Any) -> Policy:
    """The policy with some cells of one table changed; None takes a time away."""
    made = {**getattr(POLICY, name), **cells}
    return changed(name, {tier: value for tier, value in made.items() if value is not None})


def found(policy: Policy, **more: Any) -> set[tuple[Fault, str]]:
    return {(fault.code, fault.where) for fault in faults(policy, **more)}


def test_the_defaults_have_none() -> None:
    assert faults(POLICY) == ()
    assert faults(POLICY, effective_from=NOW, at=NOW) == ()
    assert faults(Policy.from_json(json.loads(json.dumps(POLICY.to_json())))) == ()


def test_every_field_has_words_limits_and_a_place_on_the_page() -> None:
    assert set(LABELS) >= set(NAMES)
    assert set(LIMITS) >= set(NUMBERS)
    assert set(CHOICES) >= set(CODES)
    placed = [name for _title, names in GROUPS for name in names]
    assert sorted(placed) == sorted(NAMES)
    assert [names for _title, names in groups()] == [names for _title, names in GROUPS]


def test_what_may_stand_in_a_ladder_is_what_the_ticker_knows() -> None:
    from cases.actions._ladder import LADDER, LAST

    assert choices("ladder") == tuple(LADDER) and choices("ladder")[-1] == LAST


def test_every_fault_has_its_text() -> None:
    assert set(FAULT_TEXT) == set(Fault)
    values = {"low": 1, "high": 2}
    assert all(PolicyFault(code, "ladder").text % values for code in Fault)


@pytest.mark.parametrize("name", [name for name in TABLES if full(name)])
@pytest.mark.parametrize("tier", TIERS)
def test_a_gap_is_found(name: str, tier: str) -> None:
    assert (Fault.GAP, f"{name}-{tier}") in found(table(name, **{tier: None}))


@pytest.mark.parametrize("name", [name for name in TABLES if not full(name)])
def test_a_table_may_end_early_but_not_begin_late(name: str) -> None:
    given = [tier for tier in TIERS if tier in getattr(POLICY, name)]
    if given[-1] != "red" or name not in RED_NEEDED:
        assert found(table(name, **{given[-1]: None})) == set()
    if len(given) > 1 and name not in RED_NEEDED:
        assert (Fault.GAP_ABOVE, f"{name}-red") in found(table(name, red=None))


@pytest.mark.parametrize("name", [name for name in TABLES if "orange" in getattr(POLICY, name)])
def test_longer_for_the_more_urgent_is_found(name: str) -> None:
    (unit, number), *_rest = getattr(POLICY, name)["orange"].items()
    assert (Fault.ORDER, f"{name}-red") in found(table(name, red={unit: number + 1}))


@pytest.mark.parametrize(("name", "high"), RED_AT_MOST.items())
def test_red_waits_for_no_longer_than_orange_by_default(name: str, high: int) -> None:
    rows = {tier: {"minutes": high} for tier in getattr(POLICY, name)}
    assert found(table(name, **rows)) == set()
    assert found(table(name, **{tier: {"minutes": high + 1} for tier in rows})) == {(Fault.RED_LATE, f"{name}-red")}


@pytest.mark.parametrize("name", RED_NEEDED)
def test_at_red_no_policy_lets_a_warning_fall_silent_or_an_act_go_unreported(name: str) -> None:
    assert found(changed(name, {})) == {(Fault.GAP, f"{name}-red")}


def test_the_sheet_s_answer_of_two_weeks_is_red_by_every_policy() -> None:
    """The sheet asks for the last two weeks and no shorter time, so fewer days would make the answer yellow."""
    low, _high = limits("recent_attempt_days")
    assert found(changed("recent_attempt_days", low - 1)) == {(Fault.RANGE, "recent_attempt_days")}
    assert propose(sheet.facts({"attempt": "two_weeks"}), changed("recent_attempt_days", low)).tier == Tier.RED


def test_longer_is_meant_over_any_holiday() -> None:
    """One working day for red against 24 hours for orange is longer from a Friday on."""
    assert (Fault.ORDER, "receipt-red") in found(table("receipt", red={"workdays": 1}))
    assert found(table("receipt", red={"hours": 24}, orange={"workdays": 1})) == set()


@given(starts, spans, spans)
def test_what_counts_as_never_later_is_never_later(start: datetime, one: dict[str, int], two: dict[str, int]) -> None:
    if never_later(one, two):
        assert clocks.after(start, one) <= clocks.after(start, two)


@given(starts, spans)
def test_a_span_lies_between_its_bounds(start: datetime, span: dict[str, int]) -> None:
    took = clocks.after(start, span) - start
    assert timedelta(minutes=shortest(span)) <= took <= timedelta(minutes=longest(span))


@pytest.mark.parametrize(
    ("span", "fault"),
    [
        ({"hours": 0}, Fault.LENGTH),
        ({"hours": -2}, Fault.LENGTH),
        ({"days": 732}, Fault.LENGTH),
        ({"minutes": 10**30}, Fault.LENGTH),
        ({}, Fault.UNIT),
        ({"weeks": 1}, Fault.UNIT),
        ({"hours": 1, "minutes": 30}, Fault.UNIT),
        ({"hours": 1.5}, Fault.UNIT),
        ({"hours": True}, Fault.UNIT),
        ({"hours": "2"}, Fault.UNIT),
        (90, Fault.UNIT),
    ],
)
@pytest.mark.parametrize("name", TABLES)
def test_a_time_that_is_none_is_found(name: str, span: Any, fault: Fault) -> None:
    assert (fault, f"{name}-red") in found(table(name, red=span))


@pytest.mark.parametrize(
    ("ladder", "fault"),
    [
        ((), (Fault.EMPTY, "ladder")),
        (("county_centre",), (Fault.LAST, "ladder-0")),
        (("bureau", "city_centre"), (Fault.LAST, "ladder-1")),
        (("city_centre", "county_centre", "city_centre", "bureau"), (Fault.LOOP, "ladder-2")),
        (("county_centre", "county_centre", "bureau"), (Fault.LOOP, "ladder-1")),
        (("village", "bureau"), (Fault.UNKNOWN, "ladder-0")),
        ("bureau", (Fault.UNREADABLE, "ladder")),
    ],
)
def test_a_ladder_that_leads_nowhere_is_found(ladder: Any, fault: tuple[Fault, str]) -> None:
    assert fault in found(changed("ladder", ladder))


def test_a_shorter_ladder_is_none() -> None:
    assert found(changed("ladder", ("bureau",))) == set()


def test_red_keeps_its_two_people() -> None:
    assert found(changed("second_person", ("orange",))) == {(Fault.RED_MISSING, "second_person")}
    assert found(changed("face_to_face", ())) == {(Fault.RED_MISSING, "face_to_face")}


def test_an_acknowledgement_never_pauses() -> None:
    assert found(changed("pausable", ("acknowledge",))) == {(Fault.NEVER_PAUSED, "pausable")}
    assert found(changed("pausable", ("reassess", "tell_rescue"))) == {(Fault.NEVER_PAUSED, "pausable")}
    assert found(changed("pausable", ())) == set()


@pytest.mark.parametrize("name", CODES)
def test_unknown_and_repeated_codes_are_found(name: str) -> None:
    first = getattr(POLICY, name)[0]
    assert {code for code, _where in found(changed(name, (*getattr(POLICY, name), "nothing")))} >= {Fault.UNKNOWN}
    again = {code for code, _where in found(changed(name, (first, *getattr(POLICY, name))))}
    assert again & {Fault.REPEATED, Fault.LOOP}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_out_of_range_are_found(name: str) -> None:
    low, high = limits(name)
    for value in (low - 1, high + 1, None, "7", 1.5, True):
        assert (Fault.RANGE, name) in found(changed(name, value)), value


@pytest.mark.parametrize(("low", "high"), BELOW)
def test_cut_offs_in_the_wrong_order_are_found(low: str, high: str) -> None:
    assert (Fault.CUT_OFFS, low) in found(changed(low, getattr(POLICY, high)))


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"blue": 673}, (Fault.STAY_ORDER, "stay_hours-blue")),
        ({"yellow": 700}, (Fault.STAY_ORDER, "stay_hours-yellow")),
        ({"red": 0}, (Fault.RANGE, "stay_hours-red")),
        ({"orange": -1}, (Fault.RANGE, "stay_hours-orange")),
        ({"orange": None}, (Fault.RANGE, "stay_hours-orange")),
    ],
)
def test_stays_are_checked(cells: dict[str, Any], fault: tuple[Fault, str]) -> None:
    assert fault in found(table("stay_hours", **cells))


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ((), (Fault.EMPTY, "callbacks")),
        (({"days": 7}, {"days": 1}), (Fault.NOT_RISING, "callbacks-1")),
        (({"days": 7}, {"days": 7}), (Fault.NOT_RISING, "callbacks-1")),
        (({"days": 30}, {"months": 1}), (Fault.NOT_RISING, "callbacks-1")),
        (({"days": 1}, {"months": 0}), (Fault.LENGTH, "callbacks-1")),
        (tuple({"days": n} for n in range(1, 11)), (Fault.TOO_MANY, "callbacks")),
    ],
)
def test_call_backs_rise(rows: Any, fault: tuple[Fault, str]) -> None:
    assert fault in found(changed("callbacks", rows))


def period(first: Any, last: Any, name: Any = "期末") -> dict[str, Any]:
    return {"name": name, "name_en": "", "first": first, "last": last}


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([period("01-10", "01-20"), period("01-20", "01-25")], (Fault.PERIOD_OVERLAP, "key_periods-1-first")),
        ([period("12-20", "01-05"), period("01-01", "01-02")], (Fault.PERIOD_OVERLAP, "key_periods-1-first")),
        ([period("03-15", "02-15")], (Fault.PERIOD_INVERTED, "key_periods-0-last")),
        ([period("02-30", "03-15")], (Fault.PERIOD_DAY, "key_periods-0-first")),
        ([period("2-1", "03-15")], (Fault.PERIOD_DAY, "key_periods-0-first")),
        ([period("02-01", None)], (Fault.PERIOD_DAY, "key_periods-0-last")),
        ([period("02-01", "02-02", " ")], (Fault.PERIOD_NAME, "key_periods-0-name")),
        ([period("02-01", "02-02", None)], (Fault.PERIOD_NAME, "key_periods-0-name")),
        (["soon"], (Fault.UNREADABLE, "key_periods")),
    ],
)
def test_key_periods_are_checked(rows: list[Any], fault: tuple[Fault, str]) -> None:
    assert fault in found(changed("key_periods", tuple(rows)))


def test_a_period_may_run_over_the_turn_of_the_year() -> None:
    policy = changed("key_periods", (period("12-20", "01-05"),))
    assert found(policy) == set()
    assert clocks.key_period(datetime(2026, 1, 1, tzinfo=UTC), policy)
    assert len(days_between(354, 4)) == 17


def test_a_beginning_in_the_past_or_far_ahead_is_found() -> None:
    assert found(POLICY, effective_from=NOW - timedelta(minutes=1), at=NOW) == {(Fault.PAST, "effective_from")}
    assert found(POLICY, effective_from=NOW + timedelta(days=800), at=NOW) == {(Fault.FAR, "effective_from")}


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*TIERS, "hours", "days", "first", "last", "name"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.sampled_from(NAMES), anything)
def test_nonsense_is_a_fault_and_never_an_error(name: str, value: Any) -> None:
    policy = changed(name, value)
    if not faults(policy):
        every_clock(policy, NOW)


@given(st.data(), starts)
def test_a_policy_without_faults_starts_every_clock(data: st.DataObject, start: datetime) -> None:
    names = data.draw(st.sets(st.sampled_from(TABLES), max_size=4))
    policy = replace(POLICY, **{name: {tier: data.draw(spans) for tier in TIERS} for name in names})
    policy = replace(policy, callbacks=tuple(data.draw(st.lists(spans, min_size=1, max_size=4))))
    if not faults(policy):
        every_clock(policy, start)


def every_clock(policy: Policy, start: datetime) -> None:
    for tier in (Tier.RED, Tier.ORANGE, Tier.YELLOW, Tier.BLUE):
        for kind in ClockKind:
            end = clocks.due(kind, tier, start, policy)
            if end is not None:
                assert end > start
                assert start < clocks.reminder(start, end, policy) <= end
        assert clocks.escalation_step(tier, start, policy) > start
        assert clocks.ring(tier, start, policy) != start
    dates = clocks.callbacks(start, policy)
    assert dates == sorted(set(dates))
    urgent = [clocks.due(ClockKind.ACKNOWLEDGE, tier, start, policy) for tier in (Tier.RED, Tier.ORANGE, Tier.YELLOW)]
    assert urgent == sorted(urgent, key=lambda end: end or start)


def test_what_differs_is_told_cell_by_cell() -> None:
    new = replace(table("acknowledge", red={"minutes": 10}), ladder=("city_centre", "bureau"))
    assert [(c.name, c.tier) for c in changes(POLICY, new)] == [("acknowledge", "red"), ("ladder", "")]
    assert changes(POLICY, Policy.from_json(json.loads(json.dumps(POLICY.to_json())))) == ()


def test_a_digest_names_values_beginning_and_base() -> None:
    same = Policy.from_json(json.loads(json.dumps(POLICY.to_json())))
    first = digest(POLICY, NOW, 1)
    assert digest(same, NOW, 1) == first
    others = {digest(POLICY, None, 1), digest(POLICY, NOW, 2), digest(changed("phq_blue", 9), NOW, 1)}
    assert first not in others and len(others) == 3
