"""Relapse: a closed case is invisible to everybody, and opened again with its history by the desks that had it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.access import Purpose, open_case, open_closed, reveal
from cases.models import Case, Section
from cases.telling import How, Told, Whom
from tests.cases.leave_stage import leave_of, on_leave
from tests.stage import RED, YELLOW, acknowledged, actor, call, clocks, closed_by_two, fresh, managed, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.models import Hold
from wellbeing.demo.city import CAST
from wellbeing.errors import Forbidden, Invalid

OWN = {"lin", "gao"}  # the hotline's desk that opened it
COUNTY = {"zhou", "luo"}
EVERYBODY = {member.username for member in CAST}


def closed(case: Case | None = None) -> Case:
    case = case or acknowledged(RED)
    for whom in (Whom.GUARDIAN, Whom.PRINCIPAL):
        actions.tell(actor=actor("zhou"), case=case, whom=whom, told=Told.TOLD, how=How.PHONE, words={})
    return closed_by_two(fresh(case), "handed_to_health", note="转入医院")


def reopen(case: Case, by: str, tier: str = "red", because: str = "昨夜再次出现自伤") -> Case:
    made: Case = actions.reopen_case(actor=actor(by), reference=case.reference, to=tier, because=because)
    return made


def test_a_closed_case_is_nobody_s(db: None) -> None:
    case = closed()
    for name in EVERYBODY:
        who = actor(name)
        with identity(who), pytest.raises(Forbidden):
            open_case(who, case.reference)


def test_the_page_of_what_has_ended_offers_it_where_the_desk_may_and_leads_to_what_is_open_again(db: None) -> None:
    case = managed(YELLOW)
    actions.close_case(actor=actor("zhou"), case=case, reason="handed_to_health", note="转入医院")
    address, again = reverse("ended_cases"), reverse("reopen_case", args=[case.reference])
    shown = {name: signed_in(name).get(address).content.decode() for name in ("zhou", "chen", "lin")}
    assert all(case.reference in page and "重新开案</td>" not in page for page in shown.values())
    assert again in shown["zhou"] and again in shown["lin"] and again not in shown["chen"]
    reopen(case, "zhou", "yellow")
    shown = {name: signed_in(name).get(address).content.decode() for name in ("zhou", "chen")}
    link = f'href="{reverse("case", args=[case.reference])}"'
    assert link in shown["zhou"] and "重新开案</td>" in shown["zhou"] and again not in shown["zhou"]
    assert link not in shown["chen"] and "重新开案</td>" not in shown["chen"], "the school did not get it again"


@pytest.mark.parametrize("by", sorted(OWN | COUNTY))
def test_it_reopens_with_its_history_its_grants_and_a_warning(db: None, by: str) -> None:
    case = closed()
    reopen(case, by)
    found = fresh(case)
    assert (found.status, found.tier, found.closed_at, found.close_reason) == ("opened", "red", None, "")
    assert found.reopened_at is not None
    running = clocks(case)
    assert running["acknowledge"] == running["first_meeting"] == running["callback"] == "running"
    zhou = actor("zhou")
    with identity(zhou):
        words = [dict(one.words) for one in reveal(zhou, found, Section.values, Purpose.TRIAGE).entries]
    assert any("她说灯塔下面" in str(one) for one in words) and any("昨夜再次" in str(one) for one in words)
    owner = actor(by if by in OWN else "lin")
    with identity(owner):
        assert open_case(owner, case.reference).pk == case.pk
    others = EVERYBODY - COUNTY - {owner_name(by)}
    for name in others:
        who = actor(name)
        with identity(who), pytest.raises(Forbidden):
            open_case(who, case.reference)


def owner_name(by: str) -> str:
    return by if by in OWN else "lin"


def test_nobody_else_learns_that_there_is_one(db: None) -> None:
    case, running = closed(), call(RED)
    for name in EVERYBODY - OWN - COUNTY:
        for reference in (case.reference, running.reference, "ZS-2222-2222"):
            with pytest.raises(Forbidden):
                reopen(Case(reference=reference), name)
            with pytest.raises(Forbidden):
                open_closed(actor(name), reference)
    for name in OWN | COUNTY:  # one that is open is not opened again
        with pytest.raises(Forbidden):
            reopen(running, name)
    assert fresh(case).status == "closed"


def test_forbidden_and_missing_give_the_same_page_and_the_same_search(db: None) -> None:
    case = closed()

    def body(client: Client, reference: str) -> tuple[int, str, str]:
        answer = client.get(reverse("reopen_case", args=[reference]))
        found = client.post(reverse("search"), {"words": reference})
        texts = [one.content.decode().replace(reference, "REF") for one in (answer, found)]
        secret = r'((csrfmiddlewaretoken" value|server-time" content|name="next" value|data-csrf)="[^"]*"|[0-9]{13})'
        return answer.status_code, *(re.sub(secret, "", text) for text in texts)  # type: ignore[return-value]

    for name in EVERYBODY - OWN - COUNTY:
        client = signed_in(name)
        real, missing = body(client, case.reference), body(client, "ZS-2222-2222")
        assert real == missing and real[0] == 404, name


def test_the_desks_that_had_it_find_it_and_open_it_again_by_its_page(db: None) -> None:
    case = closed()
    client = signed_in("luo")
    page = client.post(reverse("search"), {"words": case.reference.lower()}).content.decode()
    assert reverse("reopen_case", args=[case.reference]) in page and "小渔" not in page
    address = reverse("reopen_case", args=[case.reference])
    key = "018f0000-0000-7000-8000-000000000002"
    refused = client.post(address, {"key": key, "to": "orange", "because": " "})
    assert refused.status_code == 422 and "请填写重新开案的原因" in refused.content.decode()
    sent = {"key": key, "to": "orange", "because": "家长来电:又不出门"}
    refused = client.post(address, sent)  # closed at red: nobody lowers it alone by closing it
    assert refused.status_code == 422 and "结案时为红色" in refused.content.decode()
    assert "家长来电:又不出门" in refused.content.decode() and fresh(case).status == "closed"
    sent["to"] = "red"
    assert client.post(address, sent)["Location"] == reverse("case", args=[case.reference])
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert "重新开案" in page and fresh(case).tier == "red"
    assert client.get(address).status_code == 404  # it is open now


@pytest.mark.parametrize(("tier", "because", "field"), [("green", "有危险", "to"), ("red", "  ", "because")])
def test_it_takes_danger_and_a_reason(db: None, tier: str, because: str, field: str) -> None:
    case = closed()
    with pytest.raises(Invalid) as refused:
        reopen(case, "zhou", tier, because)
    assert refused.value.field == field and fresh(case).status == "closed"


def test_a_double_click_has_one_effect(db: None) -> None:
    case = closed()
    key = "018f0000-0000-7000-8000-000000000003"
    given: dict[str, Any] = {"reference": case.reference, "to": "red", "because": "再次出现危险", "key": key}
    first = actions.reopen_case(actor=actor("zhou"), **given)
    assert actions.reopen_case(actor=actor("zhou"), **given) == first
    with identity(Actor.machine("test")):
        assert case.warnings.count() == 2


def test_an_open_leave_goes_on_and_its_school_sees_it_again(db: None) -> None:
    case = on_leave(managed(YELLOW))
    actions.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    actions.close_case(actor=actor("zhou"), case=fresh(case), reason="handed_to_health")
    assert clocks(case)["leave_contact"] == "void"
    reopen(case, "zhou", "orange")
    assert leave_of(case).state == "on_leave"
    assert clocks(case)["leave_contact"] == clocks(case)["look_again"] == "running"
    chen = actor("chen")
    with identity(chen):
        assert open_case(chen, case.reference).pk == case.pk


def test_the_first_report_is_asked_for_anew_after_a_final_one(db: None, wait: Any) -> None:
    from cases.models import ReportKind

    case = acknowledged(RED)

    def report(kind: ReportKind) -> Any:
        return actions.write_report(actor=actor("zhou"), case=fresh(case), kind=kind, words={"summary": "情况稳定"})

    report(ReportKind.FIRST)
    report(ReportKind.FINAL)
    closed(case)
    wait(days=30)
    reopen(case, "zhou")
    assert clocks(case)["first_report"] == "running"
    assert report(ReportKind.FIRST).number == 3
    with pytest.raises(Invalid):
        report(ReportKind.FIRST)


def test_a_look_at_a_closed_cover_is_recorded(db: None) -> None:
    from wellbeing.audit.record import user_stream
    from wellbeing.audit.tags import Tag
    from wellbeing.audit.trail import trail

    case, zhou = closed(), actor("zhou")
    with identity(zhou):
        open_closed(zhou, case.reference)
    with identity(Actor.machine("test")):
        newest = trail(user_stream(zhou.id), 1)[0]
    assert (newest.act, newest.facts["cases"]) == (Tag.READ_COVERS, [str(case.pk)])


def test_it_can_be_worked_on_and_closed_again(db: None) -> None:
    case = closed()
    reopen(case, "zhou")
    actions.acknowledge(actor=actor("zhou"), case=fresh(case))
    assert closed(fresh(case)).status == "closed"
    with identity(Actor.machine("test")):
        from cases.models import CaseGroupObjectPermission

        assert not CaseGroupObjectPermission.objects.filter(content_object=case, permission__codename=Hold.SEE).exists()
