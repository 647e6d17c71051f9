"""What travels: the template's fields and those that were added with a reason, and nothing else of the case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import actions as cases
from cases.models import Case
from cases.telling import How, Told, Whom
from referrals import actions
from referrals.access import disclosures, open_referral
from referrals.models import Packet, Purpose, Referral
from referrals.packet import EXTRAS, LETTERS, TEMPLATES, Extra, copied_fields, open_packets, seal_packet
from tests.referrals.triage_stage import hospital, read
from tests.stage import acknowledged, actor, fresh, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.trail import trail
from wellbeing.demo.red_case import PLAN
from wellbeing.errors import Invalid
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

REASON = "急诊医生评估今晚的风险要用"
WRITTEN = {"summary": "请评估", "measures": "母亲陪护", "question": "是否住院"}


@pytest.fixture
def planned(db: None) -> Case:
    case = acknowledged()
    cases.plan_safety(actor=actor("zhou"), case=case, words=PLAN)
    made: Case = fresh(case)
    return made


def opened(case: Case, **extras: str) -> Referral:
    made: Referral = actions.open_channel(
        actor=actor("zhou"), case=case, destination=hospital(), consent="given", words=WRITTEN, extras=extras
    )
    return made


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(purpose=st.sampled_from(sorted(EXTRAS)), chosen=st.sets(st.sampled_from(list(Extra))))
def test_a_packet_carries_its_template_and_the_chosen_extras(planned: Case, purpose: str, chosen: set[Extra]) -> None:
    """For any set of extras: exactly those, each with its reason, or nothing is sealed at all."""
    zhou = actor("zhou")
    with identity(zhou):
        referral = Referral.objects.filter(case=planned).first() or opened(planned)
    to = {"referral": referral, "author_id": zhou.person, "from_desk": zhou.desks[0], "to_desk": referral.to_desk_id}
    with identity(zhou):
        words = copied_fields(zhou, planned, Purpose(purpose), chosen)
        whole: dict[str, Any] = {
            **to,
            "purpose": Purpose(purpose),
            "words": words,
            "at": now(),
            "expires_at": now() + timedelta(days=1),
        }
        reasons = dict.fromkeys(chosen, REASON)
        if not chosen <= set(EXTRAS[purpose]):
            with pytest.raises(KeyError):
                seal_packet(**whole, extras=reasons)
            return
        packet = seal_packet(**whole, extras=reasons)
        packet.save(force_insert=True)  # its key opens for who sees the packet
        found, because = open_packets([packet], referral.division_id)[packet.pk]
    template = {field.code for field in TEMPLATES[purpose]}
    assert set(found) <= template | chosen and set(because) == chosen
    assert set(packet.fields) == set(found)
    assert "灯塔下面很安静" not in str(found), "what was said stays in the case"
    with identity(zhou), pytest.raises(KeyError):
        seal_packet(**{**whole, "words": {**words, "narrative": "x"}}, extras=reasons)
    if chosen:
        with identity(zhou), pytest.raises(ValueError, match="reason"):
            seal_packet(**whole, extras=dict.fromkeys(chosen, " "))


def test_an_added_field_comes_from_the_file_with_its_reason_and_is_recorded_by_its_code(planned: Case) -> None:
    referral = opened(planned, plan=REASON, means=REASON, helpers=REASON)
    words = read("fang", referral)[Purpose.HOSPITAL]
    assert (words["plan"], words["means"], words["helpers"]) == ("yes", "yes", PLAN["helpers"])
    with identity(actor("zhou")):
        (event,) = [one for one in trail(planned.pk) if "to_desk" in one.facts]
        (packet,) = Packet.objects.filter(referral=referral)
    assert event.facts["extras"] == ["plan", "means", "helpers"] and "helpers" in packet.fields
    for extras, field in (({"signs": " "}, "extra_signs"), ({"contact": REASON}, "extra_contact")):
        with pytest.raises(Invalid) as refused:
            actions.renew_letter(actor=actor("zhou"), referral=referral, words=WRITTEN, extras=extras)
        assert refused.value.field == field
    with pytest.raises(Invalid) as refused:  # the file says nothing of it
        actions.renew_letter(actor=actor("zhou"), referral=referral, words=WRITTEN, extras={"attempt": REASON})
    assert refused.value.field == "extra_attempt"


def test_the_name_in_the_letter_is_the_persons_and_not_of_whoever_was_told(planned: Case) -> None:
    cases.tell(
        actor=actor("zhou"), case=planned, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={"name": "渔妈妈"}
    )
    assert read("fang", opened(planned))[Purpose.HOSPITAL]["name"] == "小渔"


def test_the_sender_previews_exactly_what_is_read(planned: Case) -> None:
    zhou = Client(HTTP_HOST="127.0.0.1")
    zhou.force_login(User.objects.get(username="zhou"))
    address = reverse("open_channel", args=[planned.reference])
    form = {
        "key": "018f0000-0000-7000-8000-000000000001",
        "destination": str(hospital().pk),
        "consent": "given",
        **WRITTEN,
        "extra_helpers": REASON,
    }
    empty = zhou.post(address, {**form, "extra_attempt": "要知道既往史"})
    assert empty.status_code == 422 and "要知道既往史" in empty.content.decode(), "nothing typed is lost"
    shown = zhou.post(address, {**form, "look": "1"}).content.decode()
    preview = shown[shown.index('id="preview"') :]
    assert PLAN["helpers"] in preview and REASON in preview and PLAN["signs"] not in shown
    assert zhou.post(address, {**form, "send": "1"}).status_code == 302
    with identity(actor("zhou")):
        referral = Referral.objects.get(case=planned)
    fang = Client(HTTP_HOST="127.0.0.1")
    fang.force_login(User.objects.get(username="fang"))
    page = fang.get(reverse("referral", args=[referral.reference])).content.decode()
    for value in read("fang", referral)[Purpose.HOSPITAL].values():
        assert str(value) in preview or value in ("female", "junior", "red", "yes")
    assert PLAN["helpers"] in page and REASON in page
    renew = zhou.get(reverse("renew_letter", args=[referral.reference])).content.decode()
    assert REASON in renew, "a reason is not written twice"


def test_what_was_given_to_whom_stays_listed_when_the_key_is_destroyed(db: None) -> None:
    referral = referred()
    actions.redirect(actor=actor("zhou"), referral=referral)
    zhou = actor("zhou")
    with identity(zhou):
        (line,) = disclosures(zhou, open_referral(zhou, referral.reference))
    assert (line.open, line.packet.to_desk.role) == (False, Role.HOSPITAL_LIAISON)
    assert {"name", "summary"} <= set(line.packet.fields)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    page = client.get(reverse("referral", args=[referral.reference]))
    assert page.status_code == 200 and "海云医院" in page.content.decode()


def test_two_places_may_answer_the_same_county(db: None) -> None:
    """Each numbers its own packets; it does not see the other's."""
    referral, zhou = referred(), actor("zhou")
    actions.give_back(actor=actor("fang"), referral=referral, why="other", note="床位已满")
    actions.send_referral(
        actor=zhou, referral=fresh(referral), destination=hospital("beichen"), consent="given", words=WRITTEN
    )
    actions.give_back(actor=actor("tao"), referral=fresh(referral), why="other", note="不收此龄")
    with identity(Actor.machine("test")):
        assert fresh(referral).state == "redirected"
    with identity(zhou):
        assert Packet.objects.filter(referral=referral, purpose=Purpose.QUESTION).count() == 2


def test_every_letter_and_report_of_a_destination_has_a_template_and_no_conclusion_but_the_hospitals() -> None:
    carrying = {purpose for purpose, fields in TEMPLATES.items() if "conclusion" in {one.code for one in fields}}
    assert carrying == {Purpose.FEEDBACK} and set(LETTERS.values()) <= set(TEMPLATES)
