"""A referral follows its case within one tick: its tier with the clocks, and a consent that was taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions as cases
from cases.consent import Consent, Relation
from cases.models import Case, Deadline
from cases.telling import How
from referrals import actions
from referrals.models import Purpose, Referral, Step
from referrals.queues import queue
from referrals.tick import follow_cases
from tests.referrals.triage_stage import read
from tests.stage import RED, YELLOW, acknowledged, actor, desk, fresh, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Private, Role, User
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def running(case: Any, kind: str) -> Deadline:
    with identity(MACHINE):
        return Deadline.objects.get(case=case, kind=kind, state="running")


def order(name: str) -> list[str]:
    who = actor(name)
    with identity(who):
        return [one.reference for one in queue(who)]


def test_a_raised_case_stands_first_at_the_hospital_within_one_tick(db: None) -> None:
    orange, yellow = (
        referred(acknowledged({**YELLOW, "self_harm": "worsening"})),
        referred(acknowledged(YELLOW)),
    )
    assert order("fang") == [orange.reference, yellow.reference]
    case = fresh(yellow.case)
    before = running(case, "appointment")
    cases.raise_tier(actor=actor("zhou"), case=case, to="red")
    assert follow_cases() == 1 and follow_cases() == 0
    assert order("fang") == [yellow.reference, orange.reference]
    after, referral = running(case, "appointment"), fresh(yellow)
    assert after.due_at < before.due_at and after.tier == "red" and after.desk_id == before.desk_id
    assert (referral.tier, referral.due_at) == ("red", after.due_at)
    with identity(MACHINE):
        told = set(Notice.objects.filter(kind="referral_tier").values_list("desk_id", flat=True))
        assert told == {referral.from_desk_id, referral.to_desk_id}
        assert Step.objects.filter(referral=referral, event="raised").count() == 1


def test_no_clock_ends_later_and_the_report_is_due_from_the_visit(db: None, wait: Any) -> None:
    referral, fang = referred(acknowledged(YELLOW)), actor("fang")
    visit = now() + timedelta(days=3)
    actions.receive(actor=fang, referral=referral)
    actions.book(actor=fang, referral=fresh(referral), at=visit)
    case = fresh(referral.case)
    before = running(case, "feedback").due_at
    cases.raise_tier(actor=actor("zhou"), case=case, to="red")
    follow_cases()
    assert visit < running(case, "feedback").due_at <= before
    channel = running(case, "channel").due_at
    wait(hours=1)
    actions.record_feedback(actor=fang, referral=fresh(referral), attended=True, words={"seen": "yes"})
    assert running(case, "channel").due_at == channel


def test_a_step_before_the_tick_brings_the_clocks_as_well(db: None) -> None:
    referral = referred(acknowledged(YELLOW))
    case = fresh(referral.case)
    before = running(case, "appointment").due_at
    cases.raise_tier(actor=actor("zhou"), case=case, to="red")
    actions.receive(actor=actor("fang"), referral=referral)
    assert fresh(referral).tier == "red" and running(case, "appointment").due_at < before
    assert follow_cases() == 0


def consented(words: Any = YELLOW) -> tuple[Referral, dict[str, Any]]:
    zhou, case = actor("zhou"), acknowledged(words)
    given: dict[str, Any] = {"actor": zhou, "case": case, "relation": Relation.MOTHER, "how": How.PHONE, "words": {}}
    cases.record_consent(**given, outcome=Consent.GIVEN)
    return referred(case), given


@pytest.mark.parametrize("said", [Consent.WITHDRAWN, Consent.REFUSED])
def test_a_consent_taken_back_is_the_countys_to_decide_and_opens_again_with_a_new_one(db: None, said: Consent) -> None:
    referral, given = consented()
    cases.record_consent(**given, outcome=said)
    assert Purpose.HOSPITAL not in read("fang", referral), "at once, before any tick"
    assert follow_cases() == 1
    waits = fresh(referral)
    assert (waits.consent, waits.turn_id) == ("withdrawn", waits.to_desk_id)
    assert order("zhou") == [referral.reference] == order("fang")
    assert waits.decide_by == running(waits.case_id, "second_talk").due_at
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    page = client.get(reverse("referral", args=[referral.reference])).content.decode()
    assert "监护人撤回了同意" in page and reverse("withdraw", args=[referral.reference]) in page
    assert reverse("go_on", args=[referral.reference]) not in page, "below red it does not go on"
    with pytest.raises(Invalid):
        actions.go_on(actor=actor("zhou"), referral=waits)
    cases.record_consent(**given, outcome=Consent.GIVEN)
    assert follow_cases() == 1 and follow_cases() == 0
    again = fresh(referral)
    assert (again.consent, again.decide_by) == ("given", None) and order("zhou") == []
    assert Purpose.HOSPITAL in read("fang", referral)
    with pytest.raises(WrongState):
        actions.go_on(actor=actor("zhou"), referral=again)


def test_at_red_the_county_goes_on_and_the_hospital_never_lost_it(db: None) -> None:
    referral, given = consented(RED)
    cases.record_consent(**given, outcome=Consent.WITHDRAWN)
    follow_cases()
    assert Purpose.HOSPITAL in read("fang", referral) and order("fang") == [referral.reference] == order("zhou")
    actions.go_on(actor=actor("zhou"), referral=fresh(referral))
    gone_on = fresh(referral)
    assert (gone_on.consent, gone_on.decide_by, gone_on.state) == ("refused", None, "sent")
    assert order("zhou") == [] and follow_cases() == 0
    assert Purpose.HOSPITAL in read("fang", referral)


def test_ending_it_leaves_nothing_to_decide(db: None) -> None:
    referral, given = consented()
    cases.record_consent(**given, outcome=Consent.WITHDRAWN)
    follow_cases()
    actions.withdraw(actor=actor("zhou"), referral=fresh(referral))
    assert order("zhou") == [] and fresh(referral).decide_by is None and follow_cases() == 0


def test_the_city_centre_that_received_it_cannot_go_on_for_the_county(db: None) -> None:
    case: Case = acknowledged(RED)
    given: dict[str, Any] = {
        "actor": actor("zhou"),
        "case": case,
        "relation": Relation.MOTHER,
        "how": How.PHONE,
        "words": {},
    }
    cases.record_consent(**given, outcome=Consent.GIVEN)
    place = desk("city-centre", Role.CITY_DUTY)
    referral = actions.open_channel(
        actor=actor("zhou"), case=case, destination=place, consent="given", words={"summary": "请接案"}
    )
    cases.record_consent(**given, outcome=Consent.WITHDRAWN)
    follow_cases()
    with pytest.raises(Forbidden):
        actions.go_on(actor=actor("he"), referral=fresh(referral))


def test_at_red_what_somebody_has_to_act_on_is_told_outside_the_page(db: None, settings: Any) -> None:
    """A letter that is sent in the evening, and a person who did not come: nobody looks at the page before morning."""
    settings.SMS_GATEWAY_URL = settings.SMS_GATEWAY_KEY = "set"
    Private.objects.filter(user__username__in=("zhou", "fang")).update(mobile="13000000000")

    def told(kind: str) -> list[tuple[str, str, str]]:
        with identity(MACHINE):
            rows = Notice.objects.filter(kind=kind, channel="sms").order_by("user__username")
            return list(rows.values_list("user__username", "target", "tier"))

    below = referred(acknowledged(YELLOW))
    assert told("referral_sent") == [], "below red the page is enough"
    red = referred()
    assert told("referral_sent") == [("fang", "", "red")]
    for one in (below, red):
        actions.receive(actor=actor("fang"), referral=one)
        actions.book(actor=actor("fang"), referral=fresh(one), at=now() + timedelta(hours=2))
        actions.record_feedback(actor=actor("fang"), referral=fresh(one), attended=False, words={"seen": "未到"})
    assert told("referral_missed") == [("zhou", "", "red")]
    assert told("referral_received") == [], "what asks for nothing stays on the page"
