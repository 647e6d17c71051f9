"""Results over terms: of a student beside each other, of a school by grade, and nothing that gives one child away."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Count
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.actions import confirm_screening, record_instrument, stage_screening
from cases.models import Case, ScreeningTally
from cases.school_figures import EVERY, Tallied, change_of_mean, groups, mean_text, share_text
from cases.tick import import_waiting
from tests.cases.test_campaigns import signed_in
from tests.stage import TODAY, actor
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import Organisation

MACHINE = Actor.machine("test")
ITEMS = [f"q{n}" for n in range(1, 10)]


def term(day: str, grade: str, answers: list[tuple[str, str]]) -> None:
    """One file of Chen's school: number and answers of each student, on one day."""
    head = ("学号", "年级", "日期", *ITEMS)
    lines = [head, *((number, grade, day, *given) for number, given in answers)]
    found = stage_screening(
        actor=actor("chen"),
        lines=list(enumerate(lines, start=1)),
        digest=f"{day}{grade}",
        instruments="phq9=q1-q9",
        day=TODAY,
        school=Organisation.objects.get(code="xinghe"),
    )
    confirm_screening(actor=actor("chen"), batch_id=found.batch.pk)
    import_waiting(30)


def test_a_student_and_a_school_over_three_terms(db: None) -> None:
    many = [f"S{n}" for n in range(30)]
    term("2025-10-09", "七年级", [(number, "222222220") for number in many])
    term("2026-03-09", "七年级", [(number, "222211110") for number in many])
    term(
        "2026-10-09",
        "八年级",
        [(number, "111100000") for number in many[:24]] + [("S28", "333333331"), ("S29", ".........")],
    )
    with identity(MACHINE):
        case = Case.objects.annotate(times=Count("flags")).get(times=3)  # S28 alone was flagged in every term
        assert ScreeningTally.objects.filter(instrument="").count() == 4
    chen = signed_in("chen")
    page = chen.get(reverse("case_results", args=[case.reference])).content.decode()
    assert "2026-10-09" in page and "Jacobson" in page
    totals = re.findall(r'class="number"><b>(\d+)</b>', page)
    assert totals == ["25", "12", "16"]
    assert re.findall(r'class="number">([+−–][\d.]*)</td>', page) == ["+13", "+4.83", "−4", "−1.49", "–", "–"]
    school = Organisation.objects.get(code="xinghe").pk
    page = chen.get(reverse("school_results", args=[school])).content.decode()
    assert "八年级" in page or "8" in page
    assert "−7.2" in page and "&lt;5" in page  # (24 × 4 + 25) ÷ 25 = 4.84 against 12
    older = chen.get(reverse("school_results", args=[school]), {"term": "2025-1"}).content.decode()
    assert "100 %" in older
    for name, status in (("zhou", 200), ("he", 200), ("wu", 404), ("ye", 404)):
        assert signed_in(name).get(reverse("school_results", args=[school])).status_code == status, name
    for name in ("wu", "he", "ye", "lin"):
        assert signed_in(name).get(reverse("case_results", args=[case.reference])).status_code == 404, name


def test_recorded_instruments_stand_beside_the_screenings(db: None) -> None:
    term("2025-10-09", "七年级", [("S1", "000000001")])
    with identity(MACHINE):
        case = Case.objects.get()
    chen = signed_in("chen")
    record_instrument(actor=actor("chen"), case=case, instrument="gad7", answers=gad7(2))
    record_instrument(actor=actor("chen"), case=case, instrument="gad7", answers=gad7(0))
    record_instrument(actor=actor("chen"), case=case, instrument="k10", answers=k10())
    page = chen.get(reverse("case_results", args=[case.reference])).content.decode()
    assert page.count("<polyline") == 2  # GAD-7 alone has a line, wide and narrow
    assert page.count("<section") >= 3 and page.count("Jacobson") == 2  # K10 has no index


def gad7(each: int) -> dict[str, Any]:
    from cases.instruments import INSTRUMENTS

    return dict.fromkeys(INSTRUMENTS["gad7"].items, each)


def k10() -> dict[str, Any]:
    from cases.instruments import INSTRUMENTS

    return dict.fromkeys(INSTRUMENTS["k10"].items, 1)


def test_change_follows_the_year_group() -> None:
    rows = [
        Tallied("2025-1", 7, "phq9", "mild", 20, 160),
        Tallied("2025-2", 7, "phq9", "mild", 20, 120),
        Tallied("2026-1", 8, "phq9", "mild", 20, 100),
        Tallied("2026-1", 7, "phq9", "mild", 19, 19),
        Tallied("2026-1", 8, "phq9", "incomplete", 5, 0),
    ]
    found = groups(rows)
    assert change_of_mean(found, "phq9", "2025-2", 7) == -2
    assert change_of_mean(found, "phq9", "2026-1", 8) == -1  # 5 against 6 in the seventh grade
    assert change_of_mean(found, "phq9", "2026-1", 7) is None  # too few, and nobody before
    assert mean_text(found["phq9", "2026-1", EVERY].mean) == "3.1" and mean_text(-1.0, signed=True) == "−1.0"


@settings(max_examples=60)
@given(st.integers(0, 400), st.integers(0, 400))
def test_no_share_gives_a_small_count_away(part: int, rest: int) -> None:
    """Whoever knows the whole and reads the share can name no count from one to four."""
    whole, text = part + rest, share_text(part, part + rest)
    fitting = [n for n in range(whole + 1) if share_text(n, whole) == text]
    if 0 < part < 5 or 0 < rest < 5:
        assert len(fitting) >= min(4, whole + 1)
    assert part in fitting
