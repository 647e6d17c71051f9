"""The plan's staffing rule at its boundaries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.people.returned import Line, faults
from wellbeing.people.staffing import (
    Pupils,
    Reason,
    StageKind,
    Teacher,
    Verdict,
    assess,
    on_leave,
    required,
    short_since,
    summarise,
)
from wellbeing.people.staffing_policy import StaffingPolicy

FULL, PART = Teacher("A", True), Teacher("B", False, Decimal("0.5"))


@pytest.mark.parametrize(
    ("stage", "pupils", "count"),
    [
        (StageKind.PRIMARY, 999, 0),
        (StageKind.PRIMARY, 1000, 1),
        (StageKind.PRIMARY, 1001, 1),
        (StageKind.JUNIOR, 120, 1),
        (StageKind.SENIOR, 1, 1),
        (StageKind.NINE_YEAR, 97, 1),
        (StageKind.COMPLETE_SECONDARY, 690, 1),
        (StageKind.TWELVE_YEAR, 300, 1),
        (StageKind.VOCATIONAL, 1974, 1),
        (StageKind.SPECIAL, 86, 0),
    ],
)
def test_who_must_have_one(stage: StageKind, pupils: int, count: int) -> None:
    assert required(Pupils(stage, pupils))[0] == count


def test_the_switches_of_policy() -> None:
    switched = StaffingPolicy(vocational=False, special=True)
    assert required(Pupils(StageKind.VOCATIONAL, 1974), switched) == (0, Reason.SWITCHED_OFF)
    assert required(Pupils(StageKind.SPECIAL, 86), switched) == (1, Reason.SPECIAL)


def test_nobody_is_never_a_ratio() -> None:
    for pupils in (Pupils(StageKind.JUNIOR, 233), Pupils(StageKind.PRIMARY, 412)):
        finding = assess(pupils, [])
        assert (finding.verdict, finding.pupils_per_fte) == (Verdict.NOBODY, None)
    assert assess(Pupils(StageKind.JUNIOR, 800), [FULL, PART]).pupils_per_fte == 533


def test_a_part_time_teacher_is_no_full_time_one() -> None:
    finding = assess(Pupils(StageKind.PRIMARY, 1000), [PART])
    assert (finding.verdict, finding.missing, finding.part_time) == (Verdict.MISSING, 1, 1)
    assert assess(Pupils(StageKind.PRIMARY, 998), [PART]).verdict == Verdict.NOT_REQUIRED
    assert assess(Pupils(StageKind.PRIMARY, 1000), [FULL]).verdict == Verdict.MET


def test_on_leave_or_shared_between_schools_is_not_there() -> None:
    leave, shared = Teacher("A", True, on_leave=True), Teacher("A", True, Decimal("0.5"), schools=2)
    school = Pupils(StageKind.JUNIOR, 400)
    assert assess(school, [leave]).verdict == Verdict.ON_LEAVE
    assert assess(school, [shared]).verdict == Verdict.SHARED
    assert assess(school, [shared, FULL]).verdict == Verdict.MET


def test_the_share_is_rounded_down_and_missing_without_a_denominator() -> None:
    met, missing = assess(Pupils(StageKind.JUNIOR, 1), [FULL]), assess(Pupils(StageKind.JUNIOR, 1), [])
    assert (summarise([met, met, missing]).share, summarise([met] * 199 + [missing]).share) == (66, 99)
    assert summarise([assess(Pupils(StageKind.PRIMARY, 10), [])]).share is None


def test_somebody_without_a_qualification_is_no_full_time_teacher_unless_policy_says_so() -> None:
    school, bare = Pupils(StageKind.JUNIOR, 400), Teacher("A", True, qualified=False)
    assert assess(school, [bare]).verdict == Verdict.UNQUALIFIED
    assert assess(school, [bare], StaffingPolicy(qualified=False)).verdict == Verdict.MET
    assert assess(school, [bare, FULL]).verdict == Verdict.MET


def test_one_more_for_each_further_so_many_pupils() -> None:
    policy = StaffingPolicy(pupils_per_extra=500)
    sizes = (120, 1000, 1499, 1500, 2000)
    assert [required(Pupils(StageKind.SENIOR, n), policy)[0] for n in sizes] == [1, 1, 1, 2, 3]
    assert [required(Pupils(StageKind.PRIMARY, n), policy)[0] for n in (999, *sizes[1:])] == [0, 1, 1, 2, 3]
    assert required(Pupils(StageKind.SENIOR, 5000))[0] == 1, "off by default"
    assert assess(Pupils(StageKind.SENIOR, 2000), [FULL], policy).missing == 2


def test_a_merged_school_counts_where_it_went() -> None:
    merged = assess(Pupils(StageKind.JUNIOR, 300, merged=True), [])
    assert (merged.required, merged.verdict, merged.missing) == (0, Verdict.MERGED, 0)
    assert summarise([merged, assess(Pupils(StageKind.JUNIOR, 700), [FULL])]).required == 1


def test_a_school_that_has_not_reported_is_neither_met_nor_known() -> None:
    silent = assess(Pupils(StageKind.JUNIOR, 300), None)
    assert (silent.verdict, silent.pupils_per_fte) == (Verdict.NOT_REPORTED, None)
    total = summarise([silent, assess(Pupils(StageKind.JUNIOR, 1), [FULL])])
    assert (total.required, total.met, total.missing, total.unreported, total.share) == (2, 1, 1, 1, 50)


def test_three_quarters_pass_and_two_do_not() -> None:
    """The four counting divisions: 75 % is three of them, by the same rounding."""
    met, missing = assess(Pupils(StageKind.JUNIOR, 1), [FULL]), assess(Pupils(StageKind.JUNIOR, 1), [])
    assert [summarise([met] * n + [missing] * (4 - n)).share for n in (2, 3)] == [50, 75]


def test_a_leave_covers_its_days() -> None:
    first, last = date(2026, 9, 1), date(2026, 9, 30)
    days = [date(2026, 8, 31), first, last, date(2026, 10, 1)]
    assert [on_leave(day, first, last) for day in days] == [False, True, True, False]
    assert [on_leave(day, first, None) for day in days] == [False, True, True, True]
    assert not on_leave(first, None, None)


def test_since_when_is_the_unbroken_run() -> None:
    assert short_since([("c", True), ("b", True), ("a", False), ("0", True)]) == "b"
    assert short_since([("c", False), ("b", True)]) is None
    assert short_since([]) is None


def test_who_may_move() -> None:
    """A school keeps as many as it must, and somebody of its own."""
    other = Teacher("C", True)
    secondary, small = Pupils(StageKind.JUNIOR, 400), Pupils(StageKind.PRIMARY, 200)
    assert [assess(secondary, staff).movable for staff in ([FULL], [FULL, other])] == [0, 1]
    assert [assess(small, staff).movable for staff in ([FULL], [FULL, PART], [FULL, other])] == [0, 1, 1]
    assert assess(small, [FULL, Teacher("D", False, schools=2)]).movable == 0, "a shared one may be called away"


@given(
    st.sampled_from(list(StageKind)),
    st.integers(0, 3000),
    st.lists(
        st.builds(
            Teacher,
            number=st.uuids().map(str),
            full_time=st.booleans(),
            on_leave=st.booleans(),
            schools=st.integers(1, 3),
            qualified=st.booleans(),
        ),
        max_size=5,
    ),
)
def test_what_always_holds(stage: StageKind, pupils: int, staff: list[Teacher]) -> None:
    finding = assess(Pupils(stage, pupils), staff)
    assert (finding.verdict == Verdict.MET) == (finding.required > 0 and finding.missing == 0)
    assert finding.full_time + finding.part_time == sum(not t.on_leave for t in staff)
    assert finding.missing + finding.full_time >= finding.required
    assert finding.movable <= max(0, finding.full_time - finding.required)
    assert (finding.pupils_per_fte is None) == (finding.full_time + finding.part_time == 0)
    more = assess(Pupils(stage, pupils), [*staff, Teacher("new", True)])
    assert more.missing == max(0, finding.missing - 1), "one more never makes it worse"


def test_the_limits_of_hours_are_policy() -> None:
    line = Line("A", True, weekly_hours=Decimal(41), supervision_hours=Decimal(101))

    def fields(policy: StaffingPolicy) -> list[str]:
        return [fault.field for fault in faults(10, False, [line], {}, policy)]

    assert fields(StaffingPolicy()) == []
    assert fields(StaffingPolicy(week_hours_most=40, term_hours_most=100)) == ["weekly_hours", "supervision_hours"]
