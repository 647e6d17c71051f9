"""Terms and returns through their doors: the flow with its people, and everything that cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.people.scenes import (
    FIRST,
    HALF,
    LAST,
    confirmed,
    counsellor,
    filed,
    filing,
    locked,
    submitted,
    teacher,
    term,
)
from tests.stage import actor
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people import actions
from wellbeing.people.models import School, StaffingReturn, Term

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")


def refused(field: str, run: Any, **given: Any) -> str:
    with pytest.raises(Invalid) as answer:
        run(**given)
    assert answer.value.field == field
    return str(answer.value.message)


def test_a_term_gives_every_school_its_return() -> None:
    made = term()
    with identity(MACHINE):
        assert StaffingReturn.objects.filter(term=made, state="draft").count() == 20
    one = filed("yunfan")
    assert (one.enrolment, one.stage, one.division_id, one.teachers.count()) == (1236, "primary", "330902", 0)


def test_a_new_term_begins_with_what_was_reported_last() -> None:
    first = term("first", date(2026, 2, 20), date(2026, 7, 1))
    confirmed("xinghe", teacher("T1"), teacher("T2", False, fte=HALF), of=first, enrolment=901)
    locked(first)
    second = term("second")
    one = filed("xinghe", second)
    with identity(MACHINE):
        assert sorted(one.teachers.values_list("number", "fte")) == [("T1", Decimal(1)), ("T2", HALF)]
        assert School.objects.get(organisation__code="xinghe").enrolment == 901, "the register follows the lock"
    assert (one.enrolment, one.state) == (901, "draft")


def test_terms_do_not_overlap() -> None:
    term()
    shen = actor("shen")
    days: list[tuple[str, date, date]] = [
        ("first_day", LAST, date(2027, 6, 1)),
        ("first_day", date(2026, 1, 1), FIRST),
        ("first_day", date(2026, 10, 1), date(2026, 10, 2)),
        ("last_day", date(2028, 2, 1), date(2028, 2, 1)),
        ("last_day", date(2028, 1, 1), date(2029, 6, 1)),
    ]
    for field, first, last in days:
        refused(field, actions.open_term, actor=shen, name="other", first_day=first, last_day=last)
    again = {"actor": shen, "first_day": date(2028, 1, 1), "last_day": date(2028, 6, 1)}
    refused("name", actions.open_term, name="2026-2027学年第一学期", **again)
    refused("name", actions.open_term, name=" ", **again)
    with identity(MACHINE), pytest.raises(IntegrityError, match="terms_do_not_overlap"), transaction.atomic():
        Term.objects.create(name="past the door", first_day=LAST, last_day=date(2027, 5, 1), opened_at=term_at())


def term_at() -> Any:
    from wellbeing.workdays import now

    return now()


def test_the_return_goes_from_the_school_to_the_county_and_is_locked_by_the_city() -> None:
    made = term()
    chen, zhou = counsellor("xinghe"), actor("zhou")
    with pytest.raises(WrongState):
        actions.confirm_return(actor=zhou, staffing_return=filed("xinghe"))
    one = submitted("xinghe", teacher())
    with pytest.raises(WrongState):
        actions.fill_return(actor=chen, staffing_return=one, filing=filing())
    refused("because", actions.send_back_return, actor=zhou, staffing_return=one, because="  ")
    assert filed("xinghe").state == "submitted", "nothing half-done"
    actions.send_back_return(actor=zhou, staffing_return=one, because="请核对人数")
    assert (filed("xinghe").state, filed("xinghe").because) == ("returned", "请核对人数")
    with identity(MACHINE):
        assert Notice.objects.filter(kind="return_sent_back").count() == 1
    submitted("xinghe", teacher(), enrolment=843)
    actions.confirm_return(actor=zhou, staffing_return=filed("xinghe"))
    locked(made)
    assert (filed("xinghe").state, filed("yunfan").state) == ("locked", "lapsed")


def test_after_the_lock_nothing_changes_but_by_an_unlock_with_a_reason() -> None:
    made = term()
    confirmed("xinghe", teacher())
    locked(made)
    chen, zhou, shen = counsellor("xinghe"), actor("zhou"), actor("shen")
    for run, by in (
        (actions.fill_return, chen),
        (actions.submit_return, chen),
        (actions.confirm_return, zhou),
        (actions.send_back_return, zhou),
    ):
        more = {"filing": filing()} if run is actions.fill_return else {}
        more |= {"because": "x"} if run is actions.send_back_return else {}
        with pytest.raises((WrongState, Forbidden)):
            run(actor=by, staffing_return=filed("xinghe"), **more)
    refused("because", actions.unlock_return, actor=shen, staffing_return=filed("xinghe"), because="")
    with pytest.raises(Forbidden):
        actions.unlock_return(actor=zhou, staffing_return=filed("xinghe"), because="x")
    actions.unlock_return(actor=shen, staffing_return=filed("xinghe"), because="人数有误")
    assert (filed("xinghe").state, filed("xinghe").short) == ("returned", None)
    confirmed("xinghe", teacher("T9"))
    locked(made)
    assert (filed("xinghe").state, filed("xinghe").short) == ("locked", False)


def test_the_lock_says_how_many_returns_lapse() -> None:
    made = term()
    confirmed("xinghe", teacher())
    refused("unconfirmed", actions.lock_term, actor=actor("shen"), term=made, unconfirmed=0)
    assert filed("xinghe").state == "confirmed"
    actions.lock_term(actor=actor("shen"), term=made, unconfirmed=19)
    assert filed("xinghe").state == "locked"


def test_everybody_has_her_own_part() -> None:
    term()
    one = submitted("xinghe", teacher())
    for by in ("ye", "he", "wu", "lin", "shen", "mallory"):
        with pytest.raises(Forbidden):
            actions.confirm_return(actor=actor(by), staffing_return=one)
    for by in ("wu", "zhou", "shen", "sun"):
        with pytest.raises(Forbidden):
            actions.fill_return(actor=actor(by), staffing_return=filed("yunfan"), filing=filing())


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("enrolment", {"enrolment": -1}),
        ("enrolment", {"enrolment": 10**9}),
        ("enrolment", {"enrolment": 20_001}),
        ("number_2", {"teachers": (teacher("A"), teacher("A"))}),
        ("fte_1", {"teachers": (teacher("A", fte=Decimal("1.5")),)}),
        ("fte_1", {"teachers": (teacher("A", fte=Decimal(0)),)}),
        ("weekly_hours_2", {"teachers": (teacher("A"), teacher("B", weekly_hours=Decimal(61)))}),
        ("training_hours_1", {"teachers": (teacher("A", training_hours=Decimal(2000)),)}),
        ("leave_from_1", {"teachers": (teacher("A", leave_to=LAST),)}),
        ("leave_to_1", {"teachers": (teacher("A", leave_from=LAST, leave_to=FIRST),)}),
    ],
)
def test_what_cannot_be_is_named_by_its_field(field: str, given: dict[str, Any]) -> None:
    term()
    teachers = given.pop("teachers", ())
    bad = filing(*teachers, **given)
    refused(field, actions.fill_return, actor=counsellor("xinghe"), staffing_return=filed("xinghe"), filing=bad)
    assert filed("xinghe").enrolment == 842


def test_a_teacher_in_three_full_time_posts() -> None:
    """Counted over all schools of the city, also over those that the asker does not see."""
    term()
    third = Decimal("0.33")
    submitted("xinghe", teacher("T1", fte=third))
    submitted("bailang", teacher("T1", fte=third))
    run = {"actor": counsellor("penghai"), "staffing_return": filed("penghai")}
    text = refused("full_time_1", actions.fill_return, filing=filing(teacher("T1", fte=third)), **run)
    assert "3" in text
    refused("fte_1", actions.fill_return, filing=filing(teacher("T1", fte=HALF)), **run)
    actions.fill_return(filing=filing(teacher("T1", False, fte=third)), **run)


def test_two_schools_that_fill_in_the_same_teacher_meet_at_the_submit() -> None:
    term()
    for code in ("xinghe", "bailang"):
        one = filed(code)
        actions.fill_return(actor=counsellor(code), staffing_return=one, filing=filing(teacher("T1", fte=HALF)))
    actions.fill_return(
        actor=counsellor("xinghe"), staffing_return=filed("xinghe"), filing=filing(teacher("T1", fte=HALF))
    )
    actions.submit_return(actor=counsellor("xinghe"), staffing_return=filed("xinghe"))


def test_a_merged_school_reports_where_it_went() -> None:
    term()
    into = filed("yunfan").school
    by, one = counsellor("haitang"), filed("haitang")
    bad = filing(teacher(), merged_into=into, enrolment=0)
    refused("merged_into", actions.fill_return, actor=by, staffing_return=one, filing=bad)
    actions.fill_return(actor=by, staffing_return=one, filing=filing(merged_into=into, enrolment=0))
    itself = filing(merged_into=one.school, enrolment=0)
    refused("merged_into", actions.fill_return, actor=by, staffing_return=one, filing=itself)
    actions.submit_return(actor=by, staffing_return=filed("haitang"))
    actions.confirm_return(actor=actor("zhou"), staffing_return=filed("haitang"))
    locked(filed("haitang").term)
    second = term("second", date(2027, 2, 20), date(2027, 7, 1))
    with identity(MACHINE):
        codes = StaffingReturn.objects.filter(term=second).values_list("school__organisation__code", flat=True)
        assert "haitang" not in set(codes) and len(codes) == 19


def test_a_school_without_pupils_is_not_submitted() -> None:
    term()
    by = counsellor("xinghe")
    actions.fill_return(actor=by, staffing_return=filed("xinghe"), filing=filing(enrolment=0))
    refused("enrolment", actions.submit_return, actor=by, staffing_return=filed("xinghe"))
