"""From the school's request to the county's letter: asked, answered, accepted, declined, sent, taken back, expired."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions as cases
from cases.consent import Consent, NotSought, Relation
from cases.models import Case
from cases.telling import How
from referrals import actions
from referrals.models import Purpose, Referral
from tests.referrals.triage_stage import WORDS, hospital, read, sent, submitted
from tests.rota.scenes import shift
from tests.stage import RED, YELLOW, acknowledged, actor, clocks, fresh, managed
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import User


def test_the_county_decides_within_its_time_and_the_school_sees_who_holds_it(db: None) -> None:
    referral = submitted()
    case = fresh(referral.case)
    assert clocks(case)["triage"] == "running" and read("zhou", referral)[Purpose.REQUEST]["review"] == WORDS["review"]
    actions.accept_referral(actor=actor("zhou"), referral=referral)
    referral = fresh(referral)
    assert referral.held_by.username == "zhou" and referral.from_desk.role == "county_triage"
    assert (clocks(case)["triage"], clocks(case)["appointment"]) == ("met", "running")
    with pytest.raises(WrongState):
        actions.accept_referral(actor=actor("luo"), referral=referral)
    with pytest.raises(Forbidden):  # a school withdraws its request, not the county's letter
        actions.withdraw(actor=actor("chen"), referral=referral)


def test_what_is_missing_is_named_and_answered_whole(db: None) -> None:
    referral = submitted()
    with pytest.raises(Invalid) as refused:
        actions.ask_for_more(actor=actor("zhou"), referral=referral, fields=["narrative"])
    assert refused.value.field == "fields"
    actions.ask_for_more(actor=actor("zhou"), referral=referral, fields=["age", "consent"], note="请补年龄")
    case = fresh(referral.case)
    assert fresh(referral).asked_for == ["age", "consent"] and read("chen", referral)[Purpose.QUESTION]["note"]
    assert (clocks(case)["triage"], clocks(case)["answer"]) == ("met", "running")
    actions.answer_referral(actor=actor("chen"), referral=referral, words={**WORDS, "summary": "十五岁"})
    assert fresh(referral).state == "submitted" and fresh(referral).asked_for == []
    assert read("zhou", referral)[Purpose.REQUEST]["summary"] == "十五岁"
    assert (clocks(case)["triage"], clocks(case)["answer"]) == ("running", "met")


def test_the_county_can_go_on_without_the_answer(db: None) -> None:
    referral = submitted()
    actions.ask_for_more(actor=actor("zhou"), referral=referral, fields=["age"])
    actions.take_over(actor=actor("luo"), referral=referral)
    assert fresh(referral).held_by.username == "luo" and clocks(fresh(referral.case))["answer"] == "met"
    assert sent(fresh(referral)).state == "sent"


def test_red_is_never_declined_and_a_declined_request_says_why_to_the_school_alone(db: None) -> None:
    with pytest.raises(Invalid) as refused:
        actions.decline_referral(actor=actor("zhou"), referral=submitted(), why="not_needed")
    assert refused.value.field == "why"
    raised = submitted(YELLOW)
    with identity(actor("zhou")):
        case = Case.objects.get(pk=raised.case_id)
    cases.raise_tier(actor=actor("zhou"), case=case, to="red")
    with pytest.raises(Invalid) as refused:
        actions.decline_referral(actor=actor("zhou"), referral=raised, why="not_needed")
    assert refused.value.field == "why", "red by now, whatever it was when the school asked"
    actions.accept_referral(actor=actor("zhou"), referral=raised)
    assert (fresh(raised).tier, fresh(raised).tier_rank) == ("red", 0)
    referral = submitted(YELLOW)
    with pytest.raises(Invalid) as refused:
        actions.decline_referral(actor=actor("zhou"), referral=referral, why="other")
    assert refused.value.field == "note"
    actions.decline_referral(actor=actor("zhou"), referral=referral, why="other", note="先由学校辅导两周")
    assert read("chen", referral)[Purpose.QUESTION]["note"] == "先由学校辅导两周"
    with pytest.raises(Forbidden):
        actions.answer_referral(actor=actor("chen"), referral=referral, words=WORDS)
    with pytest.raises(Forbidden):
        read("zhou", referral)


def test_one_hospital_gives_it_back_and_another_gets_it_and_the_first_reads_nothing_more(db: None) -> None:
    referral = submitted()
    actions.accept_referral(actor=actor("zhou"), referral=referral)
    sent(fresh(referral))
    actions.give_back(actor=actor("fang"), referral=fresh(referral), why="full")
    assert (fresh(referral).state, fresh(referral).why) == ("redirected", "full")
    assert clocks(fresh(referral.case))["appointment"] == "running"
    with pytest.raises(Forbidden):
        read("fang", referral)
    assert sent(fresh(referral), "beichen").state == "sent" and Purpose.HOSPITAL in read("tao", referral)
    actions.redirect(actor=actor("zhou"), referral=fresh(referral))
    with pytest.raises(Forbidden):
        read("tao", referral)
    assert sent(fresh(referral)).state == "sent"


def test_who_does_not_come_is_given_another_time(db: None) -> None:
    from datetime import timedelta

    from wellbeing.workdays import now

    referral = submitted()
    actions.accept_referral(actor=actor("zhou"), referral=referral)
    sent(fresh(referral))
    fang, case = actor("fang"), fresh(referral.case)
    actions.receive(actor=fang, referral=fresh(referral))
    actions.book(actor=fang, referral=fresh(referral), at=now() + timedelta(hours=2))
    actions.record_feedback(actor=fang, referral=fresh(referral), attended=False, words={"seen": "no"})
    assert fresh(referral).state == "received"
    assert (clocks(case)["appointment"], clocks(case)["feedback"]) == ("running", "met")


def test_the_letter_waits_for_the_record_of_consent(db: None) -> None:
    zhou, case = actor("zhou"), acknowledged({**YELLOW, "age": "13"})
    given: dict[str, Any] = {"actor": zhou, "case": case, "relation": Relation.MOTHER, "how": How.PHONE, "words": {}}
    send: dict[str, Any] = {"actor": zhou, "case": case, "destination": hospital(), "words": {}}

    def field(consent: str, **more: Any) -> str:
        with pytest.raises(Invalid) as refused:
            actions.open_channel(**send, consent=consent, **more)
        return refused.value.field

    assert field("given") == "consent", "under fourteen, separately"
    assert field("not_sought") == "consent", "without a second person"
    cases.record_consent(**given, outcome=Consent.REFUSED)
    assert field("refused") == field("given") == "consent"
    cases.record_consent(**given, outcome=Consent.GIVEN, separate=True)
    assert actions.open_channel(**send, consent="given").state == "sent"


def test_consent_taken_back_shuts_the_letter_at_once_and_the_county_is_told(db: None) -> None:
    zhou = actor("zhou")
    for words, shut in ((YELLOW, True), (RED, False)):
        case = acknowledged(words)
        given: dict[str, Any] = {
            "actor": zhou,
            "case": case,
            "relation": Relation.MOTHER,
            "how": How.PHONE,
            "words": {},
        }
        cases.record_consent(**given, outcome=Consent.GIVEN)
        referral = actions.open_channel(
            actor=zhou, case=case, destination=hospital(), consent="given", words={"summary": "请评估"}
        )
        assert Purpose.HOSPITAL in read("fang", referral)
        cases.record_consent(**given, outcome=Consent.WITHDRAWN)
        assert (Purpose.HOSPITAL not in read("fang", referral)) is shut
        assert Purpose.HOSPITAL in read("zhou", referral), "the sender still knows what was sent"
        with identity(Actor.machine("test")):
            assert Notice.objects.filter(kind="refused_again", target=f"case:{case.reference}").exists()
        cases.record_consent(**given, outcome=Consent.GIVEN)
        assert Purpose.HOSPITAL in read("fang", referral)


def test_not_sought_is_decided_by_two_unless_it_is_an_emergency(db: None) -> None:
    zhou, luo = actor("zhou"), User.objects.get(username="luo")
    send: dict[str, Any] = {"actor": zhou, "destination": hospital(), "words": {}, "consent": "not_sought"}
    assert actions.open_channel(**send, case=acknowledged(), emergency=True).state == "sent"
    case = acknowledged()
    cases.record_consent(
        actor=zhou,
        case=case,
        outcome=Consent.NOT_SOUGHT,
        why_not=NotSought.ENDANGERS,
        second_id=luo.pk,
        words={},
    )
    assert actions.open_channel(**send, case=case).state == "sent"


def test_what_nobody_receives_expires_and_leaves_no_key(db: None) -> None:
    referral = submitted()
    actions.accept_referral(actor=actor("zhou"), referral=referral)
    sent(fresh(referral))
    actions.expire(actor=Actor.machine("ticker"), referral=fresh(referral))
    assert fresh(referral).state == "expired" and "appointment" not in {
        kind for kind, state in clocks(fresh(referral.case)).items() if state == "running"
    }
    with pytest.raises(Forbidden):
        read("fang", referral)


def test_on_its_pages_a_request_is_asked_about_answered_and_accepted_once(db: None) -> None:
    case = managed()
    clients = {}
    for name in ("chen", "zhou", "luo"):
        clients[name] = Client(HTTP_HOST="127.0.0.1")
        clients[name].force_login(User.objects.get(username=name))
    key = "018f0000-0000-7000-8000-00000000000"
    submit = reverse("submit_referral", args=[case.reference])
    failed = clients["chen"].post(submit, {"key": key + "1", "summary": "", "review": "研判会"})
    assert failed.status_code == 422 and "研判会" in failed.content.decode()
    assert clients["chen"].post(submit, {"key": key + "2", **WORDS}).status_code == 302
    with identity(actor("zhou")):
        referral = Referral.objects.get(case=case)
    page = reverse("referral", args=[referral.reference])
    assert "接收" in clients["zhou"].get(page).content.decode()
    ask = reverse("ask_for_more", args=[referral.reference])
    assert clients["zhou"].post(ask, {"key": key + "3", "fields_wanted": ["age"], "note": "几岁"}).status_code == 302
    shown = clients["chen"].get(page).content.decode()
    assert "年龄" in shown and "几岁" in shown
    answer = reverse("answer_referral", args=[referral.reference])
    assert WORDS["summary"] in clients["chen"].get(answer).content.decode(), "nothing has to be written twice"
    assert clients["chen"].post(answer, {"key": key + "4", **WORDS}).status_code == 302
    accept = reverse("accept_referral", args=[referral.reference])
    assert clients["zhou"].post(accept, {"key": key + "5"}).status_code == 302
    second = clients["luo"].post(accept, {"key": key + "6"})
    assert second.status_code == 409
    send = reverse("send_referral", args=[referral.reference])
    assert WORDS["summary"] in clients["zhou"].get(send).content.decode()


def test_an_emergency_goes_with_one_click_to_the_hospital_on_duty_and_its_letter_follows(db: None, wait: Any) -> None:
    shift("tao", 0, 8, by="tao", at=hospital("beichen"))
    wait(hours=2)
    case = acknowledged()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    address = reverse("emergency", args=[case.reference])
    page = client.get(address).content.decode()
    assert page.index("北辰") < page.index("海云") and "当前有人值班" in page
    chosen = str(hospital("beichen").pk)
    sent_form = {"key": "018f0000-0000-7000-8000-000000000001", "destination": chosen, "summary": ""}
    assert client.post(address, sent_form).status_code == 302
    with identity(actor("zhou")):
        referral = Referral.objects.get(case=case)
    assert referral.emergency and referral.state == "sent" and clocks(case)["letter"] == "running"
    assert "正在前往" in read("tao", referral)[Purpose.HOSPITAL]["summary"]
    actions.renew_letter(actor=actor("zhou"), referral=referral, words={"summary": "夜间来电,计划明确"})
    assert clocks(case)["letter"] == "met"
    assert read("tao", referral)[Purpose.HOSPITAL]["summary"] == "夜间来电,计划明确"
    with pytest.raises(Invalid):
        actions.renew_letter(actor=actor("zhou"), referral=referral, words={"summary": " "})
    actions.redirect(actor=actor("zhou"), referral=fresh(referral))
    with pytest.raises(WrongState):
        actions.renew_letter(actor=actor("zhou"), referral=fresh(referral), words={"summary": "x"})
