"""Do not contact: set by one, lifted by two, and no letter, paper, call or clock reaches the home meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from cases import actions
from cases.access import writer
from cases.consent import Consent, NotSought, Relation
from cases.contact_access import stop_of, stopped
from cases.models import CallBackOutcome, ContactStop, EntryKind, Section
from cases.record_requests import Pick, Redaction
from cases.session import Meeting
from cases.telling import How, Told, Whom
from referrals.models import Purpose
from referrals.packet import copied_fields
from tests.cases.records_stage import SAID, checked, decided, entry_of, proposed
from tests.stage import RED, actor, call, clocks, fresh, scene, signed_in
from wellbeing.access.actor import identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
WHY = "父亲动手,手机由他保管"
GUARDIAN = {**RED, "guardian_name": "示例父亲", "guardian_contact": "00000000002", "contact": "00000000003"}


def refused(does: Any, **given: Any) -> None:
    with pytest.raises(Invalid) as caught:
        does(**given)
    assert WHY in str(caught.value.message) and "周宁" in str(caught.value.message), caught.value.field


def test_nothing_reaches_the_home_and_each_refusal_says_who_and_why(wait: Any) -> None:
    stage = scene()
    case, zhou, chen, lin = stage.case, actor("zhou"), actor("chen"), actor("lin")
    with identity(zhou):
        actions.plan_safety(actor=zhou, case=case, words={"signs": "夜里睡不着"}, desk_id=zhou.desks[0])
    assert clocks(case)["tell_guardian"] == "running"
    with pytest.raises(Invalid):
        actions.stop_contact(actor=zhou, case=case, because=" ")
    with pytest.raises(Forbidden):
        actions.stop_contact(actor=actor("gao"), case=case, because=WHY)
    actions.stop_contact(actor=zhou, case=case, because=WHY)
    with pytest.raises(WrongState):
        actions.stop_contact(actor=chen, case=case, because=WHY)
    assert clocks(case)["tell_guardian"] == "void"
    told = {"case": case, "whom": Whom.GUARDIAN, "how": How.PHONE, "words": {}}
    refused(actions.tell, actor=zhou, told=Told.TOLD, **told)
    refused(actions.tell, actor=chen, told=Told.UNREACHED, **told)
    actions.tell(actor=zhou, **{**told, "how": None, "told": Told.ENDANGERS, "words": {"note": "会更危险"}})
    asked = {"case": case, "relation": Relation.FATHER, "how": How.PHONE, "words": {}}
    refused(actions.record_consent, actor=zhou, outcome=Consent.GIVEN, **asked)
    refused(actions.record_consent, actor=zhou, outcome=Consent.REFUSED, **asked)
    not_sought = {"outcome": Consent.NOT_SOUGHT, "why_not": NotSought.ENDANGERS, "second_id": actor("luo").id}
    actions.record_consent(actor=zhou, case=case, words={}, **not_sought)
    for kind in (Meeting.GUARDIAN, Meeting.HOME_VISIT):
        refused(actions.log_session, actor=chen, case=case, kind=kind, words={"free": "x"})
    actions.log_session(actor=chen, case=fresh(case), kind=Meeting.SESSION, words={"free": "在校面谈"})
    refused(actions.call_back, actor=lin, case=case, outcome=CallBackOutcome.REACHED, words={})
    assert clocks(case)["callback"] == "running", "the clock goes on, and up to the supervisor"
    with identity(zhou):
        sent = copied_fields(zhou, case, Purpose.HOSPITAL)
        assert "name" in sent and not {"contact", "guardian_name", "guardian_contact"} & sent.keys()
    for name, route, args in (
        ("zhou", "paper", [stage.referral.reference, "notice"]),
        ("zhou", "paper_pdf", [stage.referral.reference, "consent"]),
        ("fang", "paper_pdf", [stage.referral.reference, "refusal"]),  # who sees no case, and no reason
        ("zhou", "safety_plan_print", [case.reference]),
        ("zhou", "safety_plan_pdf", [case.reference]),
    ):
        page = signed_in(name).get(reverse(route, args=args))
        assert page.status_code == 422 and "勿联系" in page.content.decode(), route
        assert (WHY in page.content.decode()) == (name != "fang"), route
    assert signed_in("zhou").get(reverse("paper", args=[stage.referral.reference, "slip"])).status_code == 200
    shown = signed_in("chen").get(reverse("case", args=[case.reference])).content.decode()
    assert WHY in shown and "周宁" in shown


def test_a_request_of_the_home_is_refused_and_an_order_is_not(wait: Any) -> None:
    case = call(GUARDIAN)
    pick = Pick(entry_of(case, "narrative"), "narrative", Redaction.WHOLE)
    early, late = checked(), checked("court", document="(2026)示例1号")
    proposed(early, case, pick)
    actions.stop_contact(actor=actor("zhou"), case=case, because=WHY)
    with pytest.raises(Invalid, match="agree"):  # set in between: the second person cannot agree any more
        decided(early)
    decided(early, agree=False, note="勿联系")
    with pytest.raises(Invalid, match="about"):
        proposed(early, case, pick)
    proposed(early, case)
    proposed(late, case, pick)
    assert decided(late).gives and not decided(early).gives


def test_what_was_agreed_to_before_is_neither_printed_nor_handed_over(wait: Any) -> None:
    """The flag is set after the second person agreed, and once more after the paper went out."""
    case, zhou, luo = call({**GUARDIAN, "narrative": SAID}), actor("zhou"), actor("luo")
    pick = Pick(entry_of(case, "narrative"), "narrative", Redaction.WHOLE)
    parent, court = checked(), checked("court", document="(2026)示例1号")
    for row in (parent, court):
        proposed(row, case, pick)
        decided(row)
    zhous, papers = signed_in("zhou"), ("record_reply", "record_reply_pdf")

    def shown(row: Any) -> set[tuple[int, bool]]:
        """Of both papers: the status, and whether the refusal says why and gives nothing of what was agreed to."""
        pages = [zhous.get(reverse(route, args=[row.reference])) for route in papers]
        return {
            (page.status_code, WHY in (said := page.content.decode(errors="ignore")) and SAID not in said)
            for page in pages
        }

    def lifted() -> None:
        actions.ask_contact(actor=zhou, case=case, because="已由民政接走,现住奶奶家")
        actions.allow_contact(actor=luo, case=case, allow=True)

    hands_out = {"actor": zhou, "reference": parent.reference, "how": "in_person"}
    assert shown(parent) == {(200, False)}
    actions.stop_contact(actor=zhou, case=case, because=WHY)
    assert shown(parent) == {(422, True)} and shown(court) == {(200, False)}
    refused(actions.hand_out_records, **hands_out)
    lifted()
    assert shown(parent) == {(200, False)}
    actions.hand_out_records(**hands_out)
    actions.stop_contact(actor=zhou, case=case, because=WHY)
    assert shown(parent) == {(422, True)}


def test_two_lift_it_and_the_clock_begins_again(wait: Any) -> None:
    case, zhou, luo = call(GUARDIAN), actor("zhou"), actor("luo")
    actions.stop_contact(actor=zhou, case=case, because=WHY)
    other = call({**GUARDIAN, "name": "小汐"})
    with pytest.raises(WrongState):
        actions.allow_contact(actor=luo, case=case, allow=True)
    actions.ask_contact(actor=zhou, case=case, because="已由民政接走,现住奶奶家")
    with pytest.raises(Forbidden):
        actions.allow_contact(actor=zhou, case=case, allow=True)
    with identity(zhou), pytest.raises(DatabaseError), transaction.atomic():  # nor in SQL
        ContactStop.objects.filter(case=case).update(lifted_by_id=zhou.id, lifted_at=now())
    actions.allow_contact(actor=luo, case=case, allow=False)
    with identity(zhou):
        assert stopped(zhou, case)
    assert clocks(other)["tell_guardian"] == "running" and clocks(case)["tell_guardian"] == "void"
    actions.ask_contact(actor=zhou, case=case, because="已由民政接走,现住奶奶家")
    actions.allow_contact(actor=luo, case=case, allow=True)
    assert stop_of(case.person_id) is None and clocks(case)["tell_guardian"] == "running"
    with identity(zhou):
        entry = writer(case).entry(Section.GUARDIAN, EntryKind.CONTACT, {"because": "x"}, actor=zhou, at=now())
        assert stopped(zhou, case) is None and entry.pk


def test_who_would_ring_reads_it_before_and_who_asked_is_told_that_another_decides() -> None:
    case, zhou, luo = scene().case, signed_in("zhou"), signed_in("luo")
    at = {name: reverse(name, args=[case.reference]) for name in ("stop_contact", "ask_contact", "allow_contact")}

    def said(page: Any, address: str, **form: str) -> str:
        key = page.get(address).context["form"]["key"].value()
        answer = page.post(address, {"key": key, **form}, follow=True)
        assert answer.status_code == 200
        return str(answer.content.decode())

    homes = [reverse(name, args=[case.reference]) for name in ("tell", "record_consent", "watch_at_home")]
    homes += [reverse(name, args=[case.reference]) for name in ("follow_leave", "follow_up")]
    homes += [reverse("log_session", args=[case.reference]) + f"?kind={kind}" for kind in ("session", "guardian_talk")]
    assert all("勿联系" not in zhou.get(address).content.decode() for address in homes)
    assert "没有人请求" in zhou.get(at["allow_contact"]).content.decode()
    assert "已设定" in said(zhou, at["stop_contact"], because=WHY)
    for address in homes:
        page = zhou.get(address).content.decode()
        assert "勿联系本人或家庭" in page and WHY in page, address
    assert "已提出" in said(zhou, at["ask_contact"], because="父亲已搬走")
    own = zhou.get(at["allow_contact"]).content.decode()
    assert "由他人决定" in own and 'name="allow"' not in own
    assert "决定已记录" in said(luo, at["allow_contact"], allow="yes")
    assert all("勿联系" not in zhou.get(address).content.decode() for address in homes)
