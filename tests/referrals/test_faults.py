"""What goes wrong at the green channel's pages: each a sentence, nothing lost, no second effect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from referrals import actions
from referrals.models import Appointment, Packet, Purpose, Referral, Step
from tests.referrals.test_slots import publish, received, taken
from tests.referrals.triage_stage import hospital, sent, submitted
from tests.stage import actor, fresh, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import User
from wellbeing.workdays import now

KEY = "018f0000-0000-7000-8000-0000000000"
MACHINE = Actor.machine("test")


def send(name: str, page: str, referral: Referral, key: int, **given: Any) -> Any:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=name))
    return client.post(reverse(page, args=[referral.reference]), {"key": f"{KEY}{key:02d}", **given})


def steps(referral: Referral) -> list[str]:
    with identity(MACHINE):
        return list(Step.objects.filter(referral=referral).order_by("at", "id").values_list("state", flat=True))


def reports(referral: Referral) -> int:
    with identity(actor("zhou")):
        return Packet.objects.filter(referral=referral, purpose=Purpose.FEEDBACK).count()


REPORT = {"attended": "yes", "risk": "中", "conclusion": "门诊随访", "advice": "减半作业"}


def test_two_people_on_one_referral_the_second_sees_who_holds_it_and_loses_nothing(db: None) -> None:
    referral = submitted()
    assert send("zhou", "accept_referral", referral, 1).status_code == 302
    second = send("luo", "accept_referral", referral, 2)
    text = second.content.decode()
    assert second.status_code == 409 and str(User.objects.get(username="zhou")) in text
    assert "县区中心已受理" in text and reverse("referral", args=[referral.reference]) in text
    asked = send("luo", "ask_for_more", referral, 3, fields_wanted=["age"], note="请补充年龄与年级")
    assert asked.status_code == 409 and "请补充年龄与年级" in asked.content.decode()
    assert steps(referral) == ["submitted", "accepted"]


def test_accepting_what_was_withdrawn_finds_nothing(db: None) -> None:
    referral = submitted()
    actions.withdraw(actor=actor("chen"), referral=referral)
    assert send("zhou", "accept_referral", referral, 1).status_code == 404
    assert steps(referral) == ["submitted", "withdrawn"]


def test_a_report_on_anothers_referral_or_too_early_or_twice(db: None) -> None:
    referral = referred()
    assert send("tao", "record_feedback", referral, 1, **REPORT).status_code == 404
    early = send("fang", "record_feedback", referral, 2, **REPORT)
    text = early.content.decode()
    assert early.status_code == 409 and "减半作业" in text and "门诊随访" in text and "结论" in text
    assert reports(referral) == 0
    actions.receive(actor=actor("fang"), referral=referral)
    actions.book(actor=actor("fang"), referral=fresh(referral), at=now() + timedelta(hours=2))
    first = send("fang", "record_feedback", referral, 3, **REPORT)
    again = send("fang", "record_feedback", referral, 3, **REPORT)
    assert (first.status_code, again.status_code) == (302, 302) and first["Location"] == again["Location"]
    other = send("fang", "record_feedback", referral, 3, **{**REPORT, "advice": "停课两周"})
    assert (
        other.status_code == 409 and "停课两周" in other.content.decode() and "此前已提交过" in other.content.decode()
    )
    late = send("fang", "record_feedback", referral, 4, **REPORT)
    assert late.status_code == 409 and "已反馈" in late.content.decode()
    assert reports(referral) == 1


def test_a_booking_in_the_past_and_on_a_taken_place(db: None) -> None:
    (place,) = publish(1)
    referral, other = received(), received()
    past = send("fang", "book", referral, 1, at="2020-01-01T09:00")
    assert past.status_code == 422 and "2020-01-01T09:00" in past.content.decode()
    assert send("fang", "book", other, 2, slot=str(place)).status_code == 302
    full = send("fang", "book", referral, 3, slot=str(place), at="")
    assert full.status_code == 422 and "这个号源刚被占用，请另选一个。" in full.content.decode()
    back = send("fang", "book", other, 2, slot=str(place))
    assert back.status_code == 302, "the browser went back and sent again: the first answer"
    assert taken() == 1 and fresh(referral).state == "received"
    with identity(MACHINE):
        assert Appointment.objects.count() == 1


def test_what_ends_ones_own_sight_can_be_sent_again(db: None) -> None:
    referral = referred()
    given = {"why": "full", "note": ""}
    first = send("fang", "give_back", referral, 1, **given)
    again = send("fang", "give_back", referral, 1, **given)
    assert (first.status_code, again.status_code) == (302, 302) and first["Location"] == again["Location"]
    assert send("fang", "give_back", referral, 2, **given).status_code == 404
    assert steps(referral).count("redirected") == 1


def test_a_letter_sent_twice_or_changed_after_it_was_sent(db: None) -> None:
    referral = submitted()
    actions.accept_referral(actor=actor("zhou"), referral=referral)
    letter = {"destination": str(hospital().pk), "consent": "given", "summary": "夜间来电,请评估", "send": "1"}
    first = send("zhou", "send_referral", referral, 1, **letter)
    again = send("zhou", "send_referral", referral, 1, **letter)
    assert (first.status_code, again.status_code) == (302, 302)
    late = send("luo", "send_referral", referral, 2, **letter)
    assert late.status_code in (409, 422) and "夜间来电" in late.content.decode()
    with identity(MACHINE):
        assert Referral.objects.filter(case=referral.case_id).count() == 1
    assert steps(referral).count("sent") == 1


@pytest.mark.parametrize("verb", ["receive", "book"])
def test_after_a_redirect_the_first_hospital_does_nothing_more(db: None, verb: str) -> None:
    referral = submitted()
    actions.accept_referral(actor=actor("zhou"), referral=referral)
    sent(fresh(referral))
    actions.redirect(actor=actor("zhou"), referral=fresh(referral))
    sent(fresh(referral), "beichen")
    assert send("fang", verb, referral, 1, at="2030-01-01T09:00").status_code == 404
    assert fresh(referral).state == "sent"
