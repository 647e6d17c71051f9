"""Campaigns: planned for one's own schools, a roll with codes, opt-outs left out, interviews worked off and not
forgotten."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.access import reveal_covers
from cases.actions import (
    assess_risk,
    confirm_screening,
    interview_flagged,
    plan_campaign,
    plan_interviews,
    record_opt_out,
)
from cases.interviews import days
from cases.models import Assessment, Case, Escalation, ScreeningFlag
from cases.school_access import progress
from cases.tick import end_campaigns, import_waiting, tick
from cases.waiting_access import waiting_flags, waiting_page
from tests.stage import actor, campaign, clocks, fresh, signed_in, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Organisation
from wellbeing.workdays import now

MACHINE = Actor.machine("test")
ASKED = ("wish_dead", "better_off", "thoughts_week", "ever_tried")
NEGATIVE = dict.fromkeys(ASKED, "no")


def flagged(*answers: str, **more: Any) -> list[Case]:
    """The cases of a file that is imported to its end."""
    found = staged(*answers, **more)
    confirm_screening(actor=actor("chen"), batch_id=found.batch.pk)
    import_waiting(30)
    with identity(MACHINE):
        cases = list(Case.objects.all())
    with identity(actor("chen")):
        names = reveal_covers(actor("chen"), cases)
    return sorted(cases, key=lambda case: (names.get(case.pk, ""), case.pk))


def test_interviews_fill_the_working_days() -> None:
    friday = date(2026, 11, 27)
    found = [day for day, _n in zip(days(friday, 2), range(5), strict=False)]
    assert found == [friday, friday, date(2026, 11, 30), date(2026, 11, 30), date(2026, 12, 1)]
    with pytest.raises(ValueError, match="capacity"):
        next(days(friday, 0))


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("last", {"last": date(2020, 1, 1)}),
        ("title", {"title": " "}),
        ("codes", {"codes": ["asq"]}),
        ("codes", {"codes": []}),
        ("schools", {"schools": []}),
    ],
)
def test_a_campaign_that_cannot_be_is_refused_at_its_field(db: None, field: str, given: dict[str, Any]) -> None:
    school = Organisation.objects.get(code="xinghe").pk
    today = now().date()
    plain = {"title": "普测", "codes": ["phq9"], "schools": [school], "first": today, "last": today}
    with pytest.raises(Invalid) as refused:
        plan_campaign(actor=actor("chen"), **plain | given)
    assert refused.value.field == field


def test_nobody_plans_for_another_school(db: None) -> None:
    other = actor("wu").posts[0].organisation_id
    with pytest.raises(Forbidden):
        plan_campaign(
            actor=actor("chen"), title="普测", codes=["phq9"], schools=[other], first=now().date(), last=now().date()
        )


def test_the_roll_grows_by_whoever_is_new_and_of_a_grade_that_takes_part(db: None) -> None:
    made, roll = campaign("S1", "S2", grades="八年级，九年级")
    assert len({words["code"] for _one, words in roll}) == 2
    chen = signed_in("chen")
    address = reverse("roll", args=[roll[0][0].batch_id])
    lines = "学号,姓名,年级,班级\nS2,示例S2,八年级,1班\nS3,示例S3,九年级,1班\nS4,示例S4,七年级,1班\n"
    answer = chen.post(
        address,
        {"file": SimpleUploadedFile("名册.csv", lines.encode()), "key": "0192f0aa-0000-7000-8000-000000000001"},
    )
    assert answer.status_code == 302
    page = chen.get(address).content.decode()
    assert "示例S3" in page and "示例S4" not in page and roll[0][1]["code"] in page
    assert "有 1 行未收入名册" in page, "whoever brings it learns that a row was left out"
    bad = chen.post(
        address,
        {"file": SimpleUploadedFile("名册.csv", b"a,b\n1,2\n"), "key": "0192f0aa-0000-7000-8000-000000000002"},
    )
    assert bad.status_code == 422
    assert made.grades == "八年级,九年级"


def test_whoever_opted_out_is_not_imported_either(db: None) -> None:
    made, roll = campaign("S1", "S2")
    record_opt_out(actor=actor("chen"), student_id=roll[0][0].pk, takes_part=False)
    found = flagged("S1,000000003", "S2,000000003", campaign=made)
    assert len(found) == 1
    with identity(MACHINE):
        assert ScreeningFlag.objects.get().case_id == found[0].pk


def test_an_interview_ends_the_waiting_and_meets_the_first_meeting(db: None) -> None:
    chen = actor("chen")
    first, second = flagged("S1,000000001", "S2,000000002")
    assert clocks(first)["first_meeting"] == "running"
    interview_flagged(actor=chen, case=first, outcome="no_concern", because="误选，交谈平稳", answers=NEGATIVE)
    assert clocks(first)["first_meeting"] == "met"
    assert fresh(first).tier == "yellow"  # nothing is lowered by it
    with identity(MACHINE):
        assert Assessment.objects.get(case=first).face_to_face
    acute = {**NEGATIVE, "thoughts_week": "yes", "right_now": "yes"}
    interview_flagged(actor=chen, case=second, outcome="concern", answers=acute)
    assert fresh(second).tier == "red" and clocks(second)["first_meeting"] == "running", "red asks for its own talk"
    with pytest.raises(WrongState):
        interview_flagged(actor=chen, case=first, outcome="concern", answers=NEGATIVE)


def test_no_concern_needs_a_reason_and_a_negative_screen_and_not_met_goes_on_waiting(db: None) -> None:
    chen = actor("chen")
    (case,) = flagged("S1,000000001")
    for field, given in (
        ("because", {"outcome": "no_concern", "answers": NEGATIVE}),
        (
            "outcome",
            {
                "outcome": "no_concern",
                "because": "平稳",
                "answers": {**NEGATIVE, "wish_dead": "yes", "right_now": "no"},
            },
        ),
        ("wish_dead", {"outcome": "concern", "answers": {}}),
    ):
        with pytest.raises(Invalid) as refused:
            interview_flagged(actor=chen, case=case, **given)
        assert refused.value.field == field
    interview_flagged(actor=chen, case=case, outcome="not_met", because="请假")
    with identity(MACHINE):
        assert ScreeningFlag.objects.get().outcome == ""
        assert Assessment.objects.count() == 0
    assert clocks(case)["first_meeting"] == "running"


def test_the_list_is_spread_over_days_the_most_urgent_first(db: None) -> None:
    chen = actor("chen")
    flagged("S1,222220000", "S2,000000001", "S3,000000003")
    monday = now().date() + timedelta(days=14 - now().weekday())
    assert plan_interviews(actor=chen, first=monday, per_day=2) == 3
    with identity(MACHINE):
        planned = {flag.tier: flag.planned_on for flag in ScreeningFlag.objects.all()}
    assert planned["orange"] == planned["yellow"] <= planned["blue"]
    page = signed_in("chen").get(reverse("interviews")).content.decode()
    assert page.index(">S3<") < page.index(">S2<") < page.index(">S1<")
    only = signed_in("chen").get(reverse("interviews"), {"only": "critical"}).content.decode()
    assert ">S1<" not in only and ">S2<" in only
    assert ">S2<" not in signed_in("wu").get(reverse("interviews")).content.decode()


def test_danger_without_a_day_stands_before_what_is_planned(db: None) -> None:
    chen = actor("chen")
    flagged("S1,222220000", "S2,000000001")
    plan_interviews(actor=chen, first=now().date(), per_day=2)
    flagged("S3,000000003", "S4,000000001")
    with identity(chen):
        rows, after = waiting_page(chen, lambda _row: True, limit=1)
        more, _end = waiting_page(chen, lambda _row: True, after, limit=9)
        names = reveal_covers(chen, [row.case for row in (*rows, *more)])
    assert [names[row.case.pk] for row in rows] == ["S3"], "orange, and nobody has a day for her"
    assert [names[row.case.pk] for row in more] == ["S2", "S1", "S4"]


def test_the_page_of_an_interview_keeps_what_was_typed(db: None) -> None:
    (case,) = flagged("S1,000000001")
    chen = signed_in("chen")
    address = reverse("interview", args=[case.reference])
    given = {**NEGATIVE, "outcome": "no_concern", "because": "", "key": "0192f0aa-0000-7000-8000-000000000001"}
    refused = chen.post(address, given)
    assert refused.status_code == 422 and 'id="id_because_error"' in refused.content.decode()
    assert chen.post(address, {**given, "because": "交谈平稳"}).status_code == 302


def test_nobody_is_forgotten_at_the_end_of_a_campaign(db: None, wait: Any) -> None:
    made, _roll = campaign("S9")
    first, second = flagged("S1,000000001", "S2,000000002", campaign=made)
    interview_flagged(actor=actor("chen"), case=first, outcome="concern", answers=NEGATIVE)
    chen = actor("chen")
    with identity(chen):
        (school,) = progress(chen, made).values()
    assert (school.done, school.waiting, school.overdue, school.waits) == (1, 1, 0, [0])
    wait(hours=24)
    assert end_campaigns() == 1
    with identity(MACHINE):
        told = set(Notice.objects.filter(kind="interviews_left").values_list("desk_id", flat=True))
    assert told == {actor("chen").desks[0], actor("zhou").desks[0]}
    assert end_campaigns() == 0
    assert [row.case_id for row in list_of("chen")] == [second.pk]
    wait(hours=24 * 30)  # yellow: three working days
    tick()
    with identity(MACHINE):
        assert Escalation.objects.filter(deadline__case=second, deadline__kind="first_meeting").exists()


def test_a_talk_that_came_before_its_flag_gives_the_flag_no_rest(db: None, wait: Any) -> None:
    made, _roll = campaign("S9")
    (case,) = flagged("S1,000000001", campaign=made)
    assess_risk(actor=actor("chen"), case=case, words={"thoughts": "none"}, face_to_face=True)
    assert clocks(case)["first_meeting"] == "met"
    wait(hours=24)
    end_campaigns()
    assert clocks(case)["first_meeting"] == "running"


def test_how_far_a_campaign_is_in_a_school(db: None, wait: Any) -> None:
    chen = actor("chen")
    made, roll = campaign(*(f"S{n}" for n in range(1, 9)), consent="signed")
    for student, _words in roll[:6]:
        record_opt_out(actor=chen, student_id=student.pk, takes_part=True)
    record_opt_out(actor=chen, student_id=roll[6][0].pk, takes_part=False)
    cases = flagged(*(f"S{n},000000001" for n in range(1, 9)), campaign=made)  # the last two have no consent
    assert len(cases) == 6
    plan_interviews(actor=chen, first=now().date(), per_day=40)
    wait(hours=48)
    for case in cases[:5]:
        interview_flagged(actor=chen, case=case, outcome="concern", answers=NEGATIVE)
    with identity(chen):
        (school,) = progress(chen, made).values()
    assert (school.listed, school.asked, school.answered, school.done, school.waiting) == (8, 6, 6, 5, 1)
    assert school.median_days == 2 and school.enrolled
    page = signed_in("chen").get(reverse("campaign", args=[made.pk])).content.decode()
    assert "100 %" in page and "&lt;5" in page and 'number">5<' in page
    with identity(actor("wu")):
        assert progress(actor("wu"), made) == {}


def list_of(name: str) -> list[ScreeningFlag]:
    who = actor(name)
    with identity(who):
        return waiting_flags(who)


def test_pages_of_a_campaign(db: None) -> None:
    made, _roll = campaign("S1")
    for name in ("chen", "zhou", "he"):
        client = signed_in(name)
        assert made.title in client.get(reverse("campaigns")).content.decode(), name
        assert client.get(reverse("campaign", args=[made.pk])).status_code == 200, name
    chen = signed_in("chen")
    school = Organisation.objects.get(code="xinghe").pk
    today = now().date().isoformat()
    given = {"title": "春季普测", "codes": ["phqa"], "schools": [str(school)], "grades": "", "first": today,
             "last": today, "consent": "told", "key": "0192f0aa-0000-7000-8000-000000000009"}  # fmt: skip
    assert chen.post(reverse("plan_campaign"), given).status_code == 302
    assert "春季普测" in chen.get(reverse("campaigns")).content.decode()
