"""Papers: no more than their packet, a code that holds the reference alone, and nothing for whoever may not read."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from referrals import actions
from referrals.models import Purpose
from referrals.papers import PAPERS, PaperCode
from tests.stage import actor, desk, referred
from wellbeing.people.models import Role, User


def client(name: str) -> Client:
    made = Client(HTTP_HOST="127.0.0.1")
    made.force_login(User.objects.get(username=name))
    return made


def test_each_paper_prints_with_its_reference_its_code_and_its_signers(db: None) -> None:
    referral, zhou = referred(), client("zhou")
    listed = zhou.get(reverse("papers", args=[referral.reference])).content.decode()
    for code, paper in PAPERS.items():
        answer = zhou.get(reverse("paper", args=[referral.reference, code]))
        if paper.purpose in ("", Purpose.HOSPITAL):
            page = answer.content.decode()
            assert referral.reference in page and "<svg" in page and "海云医院" in page, code
            assert f"/papers/{code}/" in listed
        else:
            assert answer.status_code == 404 and f"/papers/{code}/" not in listed, code


def test_a_slip_carries_the_letter_and_a_form_to_fill_in_carries_nothing(db: None) -> None:
    referral, zhou = referred(), client("zhou")
    slip = zhou.get(reverse("paper", args=[referral.reference, "slip"])).content.decode()
    assert "小渔" in slip and "灯塔下面很安静" not in slip
    for code in (PaperCode.CONSENT_REFERRAL, PaperCode.NOTICE_GUARDIAN, PaperCode.REFUSAL_RECORD):
        page = zhou.get(reverse("paper", args=[referral.reference, code])).content.decode()
        assert "小渔" not in page
    assert "抑郁" not in slip


@pytest.mark.parametrize("name", ["tao", "wu", "ye", "shen", "mallory"])
def test_nobody_else_finds_a_paper(db: None, name: str) -> None:
    referral = referred()
    for code in ("slip", "consent", "nothing"):
        assert client(name).get(reverse("paper", args=[referral.reference, code])).status_code == 404


def test_the_school_prints_the_plan_and_never_the_report(db: None) -> None:
    from datetime import timedelta

    from wellbeing.workdays import now

    referral, fang = referred(), actor("fang")
    actions.receive(actor=fang, referral=referral)
    actions.book(actor=fang, referral=referral, at=now() + timedelta(hours=1))
    actions.record_feedback(
        actor=fang, referral=referral, attended=True, words={"seen": "yes", "conclusion": "门诊随访"}
    )
    actions.return_to_school(
        actor=actor("zhou"),
        referral=referral,
        desk=desk("xinghe", Role.SCHOOL_COUNSELLOR),
        manager=User.objects.get(username="chen"),
        words={"advice": "减半作业"},
    )
    chen = client("chen")
    assert "减半作业" in chen.get(reverse("paper", args=[referral.reference, "return"])).content.decode()
    assert chen.get(reverse("paper", args=[referral.reference, "feedback"])).status_code == 404
