"""Whoever serves at two schools, or at two counties, begins what she begins where the student is: of it the colleagues of her
other desk read nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from referrals import actions as referrals
from referrals.access import open_referral, readable_packets
from referrals.models import Referral
from tests.cases.test_two_posts import also, at_xinghe
from tests.stage import acknowledged, actor, desk, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden
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
