"""Whoever serves at two schools, or at two counties, begins what she begins where the student is: of it the colleagues of her
other desk read nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from cases import actions
from cases.export_rows import rows_of, source
from cases.models import Case, Deadline, Entry
from cases.tick import tick
from referrals import actions as referrals
from referrals.access import open_referral, readable_packets
from referrals.models import Referral
from tests.cases.records_stage import received
from tests.cases.test_two_posts import also, at_xinghe
from tests.stage import acknowledged, actor, call, campaign, desk, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden, Invalid
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")
School = Role.SCHOOL_COUNSELLOR


def read_by(name: str, referral: Referral) -> list[str]:
    """The purposes of what somebody reads of a referral; nothing where she does not see it."""
    who = actor(name)
    with identity(who):
        try:
            return [packet.purpose for packet in readable_packets(who, open_referral(who, referral.reference))]
        except Forbidden:
            return []


def test_a_school_asks_for_a_referral_where_the_student_is() -> None:
    """Wu's first post is at the other school, where Gao serves with her."""
    case, xinghe = at_xinghe(), also("wu", "xinghe")
    also("gao", "bailang")
    sent = {"summary": "割腕，夜里独处", "measures": "母亲陪护", "question": "请评估", "key": str(uuid4())}
    answer = signed_in("wu").post(reverse("submit_referral", args=[case.reference]), sent)
    assert answer.status_code == 302
    with identity(MACHINE):
        made = Referral.objects.get(case=case)
        assert (made.from_desk_id, made.asked_by_id) == (xinghe.pk, xinghe.pk)
    assert read_by("chen", made) == ["request"] and read_by("gao", made) == []


def test_a_county_sends_from_the_desk_that_has_the_file() -> None:
    """Ye serves at both counties; the one of her first post has no part in a case of the other."""
    case = acknowledged()
    dinghai = also("ye", "dinghai-centre", Role.COUNTY_TRIAGE)
    assert actor("ye").desks[0] != dinghai.pk
    made = referrals.open_channel(
        actor=actor("ye"),
        case=case,
        destination=desk("haiyun-hospital", Role.HOSPITAL_LIAISON),
        consent="given",
        words={"summary": "请评估"},
    )
    assert fresh(made).from_desk_id == dinghai.pk
    assert read_by("zhou", made) == ["hospital"]


def test_a_roll_with_its_codes_leaves_for_nobody_who_sits_at_the_other_school_alone() -> None:
    _made, roll = campaign("9001")
    also("wu", "xinghe")
    also("gao", "bailang")
    wu = actor("wu")
    with identity(wu):
        found = source(wu, f"roll-{roll[0][0].batch_id}", P.EXPORT_ASK)
        rows = rows_of(wu, found)
    given: dict[str, Any] = {"sort": "roll", "rows": rows, "form": "csv", "why": "work", "days": 1}
    with pytest.raises(Invalid) as refused:
        actions.ask_export(actor=wu, receiver_id=actor("gao").person, **given)
    assert refused.value.field == "receiver"
    for name in ("wu", "chen"):
        made = actions.ask_export(actor=wu, receiver_id=actor(name).person, **given)
        assert made.desk_id == desk("xinghe", School).pk, "and its county confirms"
    page = signed_in("wu").get(reverse("ask_export", args=[f"roll-{roll[0][0].batch_id}"]))
    assert str(actor("gao").name) not in page.content.decode()


def test_a_concern_goes_to_the_school_of_the_student() -> None:
    also("wu", "xinghe")
    page = signed_in("wu").get(reverse("report_concern")).content.decode()
    assert 'name="school"' in page
    said = {"name": "小舟", "signs": ["mood"], "key": str(uuid4())}
    assert signed_in("wu").post(reverse("report_concern"), said).status_code == 422, "she is asked which school"
    said["school"] = str(desk("xinghe", School).organisation_id)
    assert signed_in("wu").post(reverse("report_concern"), said).status_code == 302
    with identity(MACHINE):
        case = Case.objects.order_by("-pk")[0]
    assert case.owner_desk_id == desk("xinghe", School).pk
    with identity(actor("chen")):
        assert may(actor("chen"), P.FILE_READ, case)
    assert 'name="school"' not in signed_in("ding").get(reverse("report_concern")).content.decode()


def test_what_begins_in_a_call_of_hers_waits_at_the_hotline_and_not_at_her_school(wait: Any) -> None:
    """Wu teaches, and took the call: its clock is the hotline's, and her school hears nothing of it."""
    hotline = also("wu", "hotline", Role.HOTLINE_COUNSELLOR)
    case, school = call(by="wu"), desk("bailang", School).pk
    assert case.owner_desk_id == hotline.pk and actor("wu").desks[0] == school
    said = {"outcome": "refused", "relation": "mother", "how": "phone", "who": "母亲", "reason": "不同意"}
    answer = signed_in("wu").post(reverse("record_consent", args=[case.reference]), {**said, "key": str(uuid4())})
    assert answer.status_code == 302
    with identity(MACHINE):
        assert Deadline.objects.get(case=case, kind="second_talk", state="running").desk_id == hotline.pk
    wait(days=2)
    tick()
    with identity(MACHINE):
        assert not Notice.objects.filter(desk_id=school, target=f"case:{case.reference}").exists()
        assert not Entry.objects.filter(case=case, desk_id=school).exists()


def test_a_request_comes_to_the_county_that_it_is_about() -> None:
    dinghai = also("ye", "dinghai-centre", Role.COUNTY_TRIAGE)
    row = received(by="ye", division="330902")
    assert row.received_desk_id == dinghai.pk
    assert received(by="ye", division="330903").received_desk_id == actor("ye").desks[0] != dinghai.pk
