"""The plan's staffing rule at its boundaries."""

from __future__ import annotations

from decimal import Decimal

import pytest

from wellbeing.people.staffing import (
    Pupils,
    Reason,
    StaffingPolicy,
    StageKind,
    Teacher,
    Verdict,
    assess,
    required,
    summarise,
)

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


def test_the_board_counts_the_demo_city(db: None) -> None:
    from wellbeing.reports.staffing_board import staffing_board

    board = staffing_board()
    total = board["total"]
    assert (total.required, total.met, total.missing) == (15, 9, 6)
    assert sum(len(division["schools"]) for division in board["divisions"]) == 20
