"""The city centre takes a referral like a hospital: at its own desk, by its own letter, and without a conclusion."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases import actions as cases
from cases.tick import tick
from referrals import actions
from referrals.access import disclosures, visible_referrals
from referrals.flow import REFERRAL, through
from referrals.models import Purpose, Referral, Step
from tests.referrals.triage_stage import WORDS, hospital, read, submitted
from tests.stage import RED, YELLOW, acknowledged, actor, clocks, desk, fresh, ready, referred, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role
from wellbeing.workdays import now

LETTER: dict[str, Any] = {"consent": "given", "words": {"summary": "请评估"}}


def city() -> Any:
    return desk("city-centre", Role.CITY_DUTY)


def at_city(words: Any = YELLOW) -> Referral:
    made: Referral = actions.open_channel(actor=actor("zhou"), case=acknowledged(words), destination=city(), **LETTER)
    return made


def test_it_receives_books_reports_without_a_conclusion_and_never_sees_the_case(db: None) -> None:
    referral, he = at_city(), actor("he")
    assert set(read("he", referral)) == {Purpose.CITY_CENTRE}
    actions.receive(actor=he, referral=referral)
    actions.book(actor=he, referral=fresh(referral), at=now() + timedelta(hours=2))
    with pytest.raises(Invalid) as refused:
        actions.record_feedback(
            actor=he, referral=fresh(referral), attended=True, words={"seen": "yes", "conclusion": "抑郁"}
        )
    assert refused.value.field == "conclusion"
    page = signed_in("he").get(reverse("record_feedback", args=[referral.reference])).content.decode()
    assert 'name="risk"' in page and 'name="conclusion"' not in page
    actions.record_feedback(
        actor=he, referral=fresh(referral), attended=True, words={"seen": "yes", "advice": "每周面谈"}
    )
    assert read("zhou", referral)[Purpose.CITY_REPORT]["advice"] == "每周面谈"
    assert signed_in("he").get(reverse("case", args=[fresh(referral.case).reference])).status_code == 404
    paper = signed_in("zhou").get(reverse("paper", args=[referral.reference, "city_report"])).content.decode()
    assert "每周面谈" in paper


def test_its_page_opens_for_whoever_does_not_see_the_case(db: None) -> None:
    """The centre that receives it, and whoever sent one that has ended, after its case is closed."""
    referral = at_city()
    page, case = reverse("referral", args=[referral.reference]), reverse("case", args=[referral.case.reference])
    received = signed_in("he").get(page)
    assert received.status_code == 200 and "请评估" in received.content.decode()
    assert case not in received.content.decode() and case in signed_in("zhou").get(page).content.decode()
    actions.withdraw(actor=actor("zhou"), referral=fresh(referral))
    cases.close_case(actor=actor("zhou"), case=ready(fresh(referral.case), by="zhou"), reason="improved")
    assert fresh(referral.case).status == "closed"
    ended = signed_in("zhou").get(page)
    assert ended.status_code == 200 and "已撤回" in ended.content.decode() and case not in ended.content.decode()


def test_what_it_receives_it_does_not_send_on_withdraw_or_close(db: None) -> None:
    """The role sends and receives; the desk decides which of the two it is here."""
    referral, he = at_city(), actor("he")
    for verb in (actions.withdraw, actions.redirect):
        with pytest.raises(Forbidden):
            verb(actor=he, referral=referral)
    with pytest.raises(Forbidden):
        actions.receive(actor=actor("zhou"), referral=referral)
    actions.give_back(actor=he, referral=referral, why="full")
    assert fresh(referral).state == "redirected"
    with identity(he):
        assert not visible_referrals(he).exists()


def test_from_the_city_centre_it_goes_on_to_a_hospital_and_the_clocks_run(db: None) -> None:
    referral, he, zhou = at_city(), actor("he"), actor("zhou")
    actions.receive(actor=he, referral=referral)
    actions.book(actor=he, referral=fresh(referral), at=now() + timedelta(hours=2))
    actions.record_feedback(actor=he, referral=fresh(referral), attended=True, words={"seen": "yes"})
    actions.redirect(actor=zhou, referral=fresh(referral))
    assert clocks(fresh(referral.case))["appointment"] == "running"
    actions.send_referral(actor=zhou, referral=fresh(referral), destination=hospital(), **LETTER)
    assert read("fang", referral).keys() == {Purpose.HOSPITAL}
    with pytest.raises(Forbidden):
        read("he", referral)


def test_a_red_request_is_accepted_or_the_city_centre_is_asked_and_never_declined(db: None) -> None:
    referral, zhou = submitted(RED), signed_in("zhou")
    page = zhou.get(reverse("referral", args=[referral.reference])).content.decode()
    ask = f"{reverse('send_referral', args=[referral.reference])}?to=city-centre"
    assert ask in page and reverse("decline_referral", args=[referral.reference]) not in page
    assert f'value="{city().pk}" selected' in zhou.get(ask).content.decode()
    form = {
        "key": "018f0000-0000-7000-8000-000000000001",
        "destination": str(city().pk),
        "consent": "given",
        "summary": WORDS["summary"],
    }
    assert zhou.post(ask, {**form, "look": "1"}).status_code == 200
    assert zhou.post(ask, {**form, "send": "1"}).status_code == 302
    with identity(Actor.machine("test")):
        states = list(Step.objects.filter(referral=referral).order_by("at", "id").values_list("state", flat=True))
    assert states == ["submitted", "accepted", "sent"] and fresh(referral).held_by.username == "zhou"
    assert read("he", referral)[Purpose.CITY_CENTRE]["summary"] == WORDS["summary"]
    assert signed_in("he").get(reverse("slots")).status_code == 200
    yellow = signed_in("zhou").get(reverse("referral", args=[submitted(YELLOW).reference])).content.decode()
    assert "/decline/" in yellow and "?to=city-centre" in yellow


def test_a_school_asks_once_and_one_referral_of_a_case_is_open_at_a_time(db: None) -> None:
    referral = referred()
    for place in (hospital("beichen"), city(), hospital()):
        with pytest.raises(Invalid) as refused:
            actions.open_channel(actor=actor("zhou"), case=fresh(referral.case), destination=place, **LETTER)
        assert refused.value.field == "destination"
    actions.redirect(actor=actor("zhou"), referral=referral)
    sent = actions.send_referral(
        actor=actor("zhou"), referral=fresh(referral), destination=hospital("beichen"), **LETTER
    )
    assert sent.state == "sent" and clocks(fresh(referral.case))["appointment"] == "running"


@pytest.mark.parametrize("words", [RED, YELLOW])
def test_an_emergency_waits_for_nothing(db: None, words: Any) -> None:
    """From wherever the referral is, one click sends it to the hospital."""
    referral, fang, zhou = referred(acknowledged(words)), actor("fang"), signed_in("zhou")
    actions.receive(actor=fang, referral=referral)
    actions.book(actor=fang, referral=fresh(referral), at=now() + timedelta(days=2))
    form = {"key": "018f0000-0000-7000-8000-000000000001", "destination": str(hospital("beichen").pk)}
    assert zhou.post(reverse("emergency", args=[fresh(referral.case).reference]), form).status_code == 302
    again = fresh(referral)
    assert (again.state, again.emergency, again.to_desk_id) == ("sent", True, hospital("beichen").pk)
    assert clocks(fresh(referral.case))["letter"] == "running"
    with pytest.raises(Forbidden):
        read("fang", referral)
    asked = submitted(words)
    case = fresh(asked.case).reference
    assert zhou.post(reverse("emergency", args=[case]), {**form, "key": form["key"][:-1] + "2"}).status_code == 302
    assert fresh(asked).state == "sent" and Purpose.HOSPITAL in read("tao", asked)


@pytest.mark.parametrize("state", ["submitted", "returned_for_more", "sent", "appointment", "reported"])
def test_an_emergency_goes_past_a_referral_that_its_desk_does_not_see(db: None, wait: Any, state: str) -> None:
    """Escalated to the city: its duty desk holds the case and not the county's referral, and nothing blocks it."""
    referral = brought(state)
    wait(days=2)
    tick(), tick(), tick()
    he, case = signed_in("he"), fresh(referral.case)
    with identity(actor("he")):
        assert not visible_referrals(actor("he")).exists()
    form = {"key": "018f0000-0000-7000-8000-000000000003", "destination": str(hospital("beichen").pk)}
    assert he.post(reverse("emergency", args=[case.reference]), form).status_code == 302
    with identity(Actor.machine("test")):
        made = Referral.objects.get(case=case, ended_at=None)
        events = list(Step.objects.filter(referral=referral).values_list("event", flat=True))
        told = set(Notice.objects.filter(kind="gave_way").values_list("desk_id", flat=True))
    assert (made.state, made.emergency, made.from_desk_id) == ("sent", True, city().pk)
    assert fresh(referral).state == "withdrawn" and "gave_way" in events
    other = desk("xinghe", Role.SCHOOL_COUNSELLOR) if state in ("submitted", "returned_for_more") else hospital()
    assert told == {desk("dinghai-centre", Role.COUNTY_TRIAGE).pk, other.pk}
    assert clocks(case)["appointment"] == "running" and read("tao", made)
    with identity(actor("he")):
        assert list(visible_referrals(actor("he"))) == [made]
    for name in ("fang", "chen"):
        with pytest.raises(Forbidden):
            read(name, referral)
    assert Purpose.HOSPITAL not in read("zhou", referral), "its key is destroyed: nobody opens it any more"
    with identity(actor("zhou")):
        letters = [one for one in disclosures(actor("zhou"), referral) if one.packet.purpose == Purpose.HOSPITAL]
    assert [one.open for one in letters] == ([] if state in ("submitted", "returned_for_more") else [False])
    page = signed_in("zhou").get(reverse("referral", args=[referral.reference])).content.decode()
    assert "北辰" not in page and "紧急" in page


def brought(state: str) -> Referral:
    """A red referral of Dinghai's, in one of its states."""
    if state in ("submitted", "returned_for_more"):
        asked: Referral = submitted(RED)
        if state == "returned_for_more":
            actions.ask_for_more(actor=actor("zhou"), referral=asked, fields=["age"])
        return asked
    referral, fang = referred(), actor("fang")
    if state != "sent":
        actions.receive(actor=fang, referral=referral)
        actions.book(actor=fang, referral=fresh(referral), at=now() + timedelta(hours=1))
    if state == "reported":
        actions.record_feedback(actor=fang, referral=fresh(referral), attended=True, words={"seen": "yes"})
    return referral


def test_every_step_of_a_person_goes_through_a_desk_that_the_referral_names() -> None:
    named = {through(step.state, step.action) for step in REFERRAL.steps if step.who != ("system",)}
    assert named == {"asked_by", "from_desk", "to_desk"}
