"""Handed over to 110, 120, 12395: recorded with time and number, its clock stopped, and no more given than finds her."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.display import field_rows
from cases.models import Telling
from cases.telling import Whom
from referrals import actions
from referrals.models import Packet, Purpose
from referrals.packet import TEMPLATES
from tests.referrals.triage_stage import read, submitted
from tests.stage import RED, acknowledged, actor, clocks, fresh, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.trail import trail
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.people.models import User

TO_FIND = {"where": "北码头灯塔一带", "danger": "说要跳海", "looks": "校服,红书包", "call_back": "周宁 0000"}
TAKEN = {"number": "接警 20261126-07", "taker": "张警官"}


def handed(referral: Any, by: str = "zhou", **more: Any) -> Packet:
    given: dict[str, Any] = {"whom": Whom.POLICE, "words": {**TAKEN, **TO_FIND}, **more}
    made: Packet = actions.hand_to_rescue(actor=actor(by), referral=referral, **given)
    return made


def test_the_hand_over_is_told_stops_its_clock_and_stands_in_the_timeline(db: None) -> None:
    referral = referred(acknowledged({**RED, "act_now": "yes"}))
    case = fresh(referral.case)
    assert clocks(case)["tell_rescue"] == "running"
    handed(referral, at=case.opened_at)
    assert clocks(case)["tell_rescue"] == "met" and fresh(referral).state == "sent"
    with identity(actor("zhou")):
        assert Telling.objects.filter(case=case, whom="police", told="told").count() == 1
        facts = trail(case.pk)[0].facts
    assert facts["whom"] == "police" and TAKEN["number"] not in str(facts)
    pages = {}
    for name in ("zhou", "fang"):
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(User.objects.get(username=name))
        pages[name] = client.get(reverse("referral", args=[referral.reference])).content.decode()
        assert "110" in pages[name], "sender and receiver see that the police know"
    assert TAKEN["number"] in pages["zhou"] and TAKEN["number"] not in pages["fang"]


def test_only_what_finds_and_protects_goes_and_the_guardian_only_where_it_does_not_endanger(db: None) -> None:
    referral = referred()
    handed(referral)
    assert read("zhou", referral)[Purpose.WELFARE_CHECK].keys() == {"number", "taker", "reference"}
    with pytest.raises(Invalid) as refused:
        handed(referral, check=True, words=TAKEN)
    assert refused.value.field == "where"
    with pytest.raises(Invalid) as refused:
        handed(referral, extras={"means": "身上可能有药"})
    assert refused.value.field == "check"
    handed(referral, check=True)
    words = read("zhou", referral)[Purpose.WELFARE_CHECK]
    assert set(words) <= {field.code for field in TEMPLATES[Purpose.WELFARE_CHECK]}
    assert (words["name"], words["where"]) == ("小渔", TO_FIND["where"]) and "guardian_contact" not in words
    handed(referral, check=True, guardian=True, extras={"means": "身上可能有药"})
    words = read("zhou", referral)[Purpose.WELFARE_CHECK]
    assert words["guardian_contact"] == RED["guardian_contact"] and words["means"] == "yes"
    assert "灯塔下面很安静" not in str(words) and "thoughts" not in words
    assert Purpose.WELFARE_CHECK not in read("fang", referral)


def test_who_may_hand_over(db: None) -> None:
    referral = submitted()
    handed(referral, by="chen", whom=Whom.AMBULANCE)
    assert Purpose.WELFARE_CHECK in read("zhou", referral), "the county reads what its school has handed over"
    with pytest.raises(Invalid):
        handed(referral, whom=Whom.GUARDIAN)
    for name in ("fang", "wu", "ye", "he"):
        with pytest.raises(Forbidden):
            handed(referral, by=name)
    actions.withdraw(actor=actor("chen"), referral=fresh(referral))
    with pytest.raises((WrongState, Forbidden)):
        handed(fresh(referral), by="chen")


def test_on_its_page_and_as_a_paper(db: None) -> None:
    referral = referred()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    address = reverse("hand_to_rescue", args=[referral.reference])
    form: dict[str, Any] = {"key": "018f0000-0000-7000-8000-000000000001", "whom": "sea_rescue", "check": "on", **TAKEN}
    failed = client.post(address, form)
    assert failed.status_code == 422 and TAKEN["taker"] in failed.content.decode()
    assert client.post(address, {**form, **TO_FIND}).status_code == 302
    assert client.post(address, {**form, **TO_FIND}).status_code == 302, "sent twice, done once"
    with identity(Actor.machine("test")):
        assert fresh(referral).steps.exclude(event="").count() == 1
    paper = client.get(reverse("paper", args=[referral.reference, "welfare_check"])).content.decode()
    assert TO_FIND["where"] in paper and "海云医院" not in paper and TAKEN["number"] in paper
    page = client.get(reverse("referral", args=[referral.reference])).content.decode()
    assert "12395" in page


def test_the_sender_may_look_first_and_sees_what_is_sealed_then(db: None) -> None:
    referral = referred()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    address = reverse("hand_to_rescue", args=[referral.reference])
    form = {"key": "018f0000-0000-7000-8000-000000000001", "whom": "police", "check": "on", **TAKEN, **TO_FIND}
    looked = client.post(address, {**form, "look": "1"})
    assert looked.status_code == 200
    with identity(Actor.machine("test")):
        assert not Packet.objects.filter(referral=referral, purpose=Purpose.WELFARE_CHECK).exists()
        assert not fresh(referral).steps.filter(event="police").exists(), "nothing is done by looking"
    seen = re.findall(r"<dd>(.*?)</dd>", looked.content.decode().split('id="preview"')[1])
    assert client.post(address, {**form, "where": "", "look": "1"}).status_code == 422
    assert client.post(address, form).status_code == 302
    sealed = read("zhou", referral)[Purpose.WELFARE_CHECK]
    assert [field_rows({code: sealed[code]})[0]["value"] for code in order(sealed)] == [unescape(one) for one in seen]
    assert TO_FIND["where"] in seen and len(seen) == len(sealed)


def order(words: Any) -> list[str]:
    """The codes of a welfare check in the order in which they are shown."""
    return [field.code for field in TEMPLATES[Purpose.WELFARE_CHECK] if field.code in words]
