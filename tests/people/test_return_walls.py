"""Behind the doors stands the database: a school sees its own return, a county its division's, the city all."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from tests.people.scenes import FIRST, confirmed, locked, posted, submitted, teacher, term
from tests.stage import actor
from wellbeing.access.actor import Actor, identity
from wellbeing.people.findings import elsewhere
from wellbeing.people.models import (
    CentreLine,
    Division,
    Organisation,
    ReturnedTeacher,
    Role,
    StaffingPolicyVersion,
    StaffingReturn,
    StandardCentre,
    Term,
)

pytestmark = pytest.mark.django_db


def seen(who: Actor) -> tuple[set[str], set[str]]:
    with identity(who):
        codes = set(StaffingReturn.objects.values_list("school__organisation__code", flat=True))
        return codes, set(ReturnedTeacher.objects.values_list("number", flat=True))


def test_who_sees_which_returns() -> None:
    term()
    submitted("xinghe", teacher("T1"))
    submitted("bailang", teacher("T2"))
    lead = posted("lead", "xinghe", Role.SCHOOL_CRISIS_LEAD)
    assert seen(actor("chen")) == seen(lead) == ({"xinghe"}, {"T1"})
    assert seen(actor("wu")) == ({"bailang"}, {"T2"})
    codes, numbers = seen(actor("zhou"))
    assert len(codes) == 6 and "xinghe" in codes and numbers == {"T1"}
    assert len(seen(actor("shen"))[0]) == 20 and seen(actor("shen"))[1] == {"T1", "T2"}
    for name in ("lin", "he", "fang", "sun", "an", "jian", "mallory"):
        assert seen(actor(name)) == (set(), set()), name


def test_a_functional_area_is_seen_by_its_county() -> None:
    with identity(Actor.machine("test")):
        Division.objects.create(code="330999", name="功能区", name_en="Area", part_of_id="330902")
        Organisation.objects.filter(code="haimen").update(division_id="330999")
    term()
    assert "haimen" in seen(actor("zhou"))[0] and "haimen" not in seen(actor("ye"))[0]


def test_what_is_locked_says_what_it_says_and_the_city_alone_unlocks_it() -> None:
    made = term()
    one = confirmed("xinghe", teacher("T1"))
    locked(made)
    for name, changed in (("chen", 0), ("zhou", 0), ("ye", 0)):
        with identity(actor(name)):
            assert StaffingReturn.objects.filter(pk=one.pk).update(enrolment=1) == changed, name
    with identity(actor("shen")):
        with pytest.raises(ProgrammingError, match="another confirms"), transaction.atomic():
            StaffingReturn.objects.filter(pk=one.pk).update(enrolment=1)
    for name in ("chen", "shen"):
        with identity(actor(name)):
            assert ReturnedTeacher.objects.update(full_time=False) == 0, "not even its lines by the city"
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                ReturnedTeacher.objects.create(
                    staffing_return_id=one.pk, number="T9", full_time=True, qualification="none"
                )


def test_terms_and_rules_are_made_by_the_city_alone() -> None:
    for name in ("chen", "zhou", "sun"):
        with identity(actor(name)):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                Term.objects.create(
                    name="x", first_day=FIRST, last_day=FIRST.replace(month=12), opened_at="2026-09-01T00:00Z"
                )
            with pytest.raises(ProgrammingError, match=r"row-level security|signs for herself"), transaction.atomic():
                StaffingPolicyVersion.objects.create(number=9, effective_from="2026-09-01T00:00Z", body={})
    with identity(actor("shen")):
        assert StaffingPolicyVersion.objects.update(number=7) == 0, "a version is never changed"


def test_a_list_of_a_centre_is_its_countys_and_the_citys() -> None:
    with identity(Actor.machine("test")):
        organisation = Organisation.objects.get(code="dinghai-centre")
        centre = StandardCentre.objects.create(
            organisation=organisation, division_id="330902", moved_at="2026-09-01T00:00Z"
        )
        CentreLine.objects.create(centre=centre, item="area", actual=40)
    for name, count in (("zhou", 1), ("shen", 1), ("ye", 0), ("chen", 0), ("he", 0), ("lin", 0), ("mallory", 0)):
        with identity(actor(name)):
            assert (StandardCentre.objects.count(), CentreLine.objects.count()) == (count, count), name


def test_where_a_number_stands_elsewhere_is_a_count_and_only_for_those_known() -> None:
    made = term()
    one = submitted("xinghe", teacher("T1"))
    with identity(actor("wu")):
        assert elsewhere(made.pk, ["T1", "T2"])["T1"].schools == 1
        assert elsewhere(made.pk, ["T1"], but=[one.pk]) == {}
    assert elsewhere(made.pk, ["T1"]) == {}, "nobody is asking"
