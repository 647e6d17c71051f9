"""Whose turn it is: each desk sees what waits for it, the highest tier and the soonest due first, and who holds it."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from referrals import actions
from referrals.flow import REFERRAL, TURN
from referrals.queues import queue
from tests.referrals.test_triage import sent, submitted
from tests.stage import RED, YELLOW, actor, fresh, referred
from wellbeing.access.actor import identity
from wellbeing.people.models import User


def waiting(name: str) -> list[str]:
    who = actor(name)
    with identity(who):
        return [one.reference for one in queue(who)]


def test_the_turn_goes_round_and_ends_with_the_referral(db: None) -> None:
    referral = submitted(YELLOW)
    mine = [referral.reference]
    assert (waiting("zhou"), waiting("chen"), waiting("fang")) == (mine, [], [])
    actions.ask_for_more(actor=actor("zhou"), referral=referral, fields=["age"])
    assert (waiting("zhou"), waiting("chen")) == ([], mine)
    actions.take_over(actor=actor("zhou"), referral=referral)
    assert (waiting("zhou"), waiting("chen")) == (mine, [])
    sent(fresh(referral))
    assert (waiting("zhou"), waiting("fang"), waiting("ye")) == ([], mine, [])
    actions.withdraw(actor=actor("zhou"), referral=fresh(referral))
    assert (waiting("zhou"), waiting("fang")) == ([], [])
    assert fresh(referral).due_at is None


def test_red_stands_before_yellow_and_says_what_is_due_and_who_holds_it(db: None) -> None:
    low, high = submitted(YELLOW), submitted(RED)
    assert waiting("luo") == [high.reference, low.reference]
    actions.accept_referral(actor=actor("zhou"), referral=low)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="luo"))
    page = client.get(reverse("referral_list")).content.decode()
    assert "轮到我处理" in page and page.index(high.reference) < page.index(low.reference)
    assert "对转介作出分诊决定" in page and "周宁" in page


def test_the_hospital_sees_until_when_without_seeing_the_case(db: None) -> None:
    referral = referred()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="fang"))
    page = client.get(reverse("referral_list")).content.decode()
    assert referral.reference in page and fresh(referral).due_kind == "appointment" and "data-due" in page


def test_every_open_state_is_somebodys_turn() -> None:
    assert set(TURN) == set(REFERRAL.states) - set(REFERRAL.final) - {REFERRAL.initial}
