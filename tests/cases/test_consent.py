"""The guardian's answer: three outcomes and taking back; a refusal opens its branch and never stops a red case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.consent import Consent, NotSought, Relation
from cases.lowering import LoweringFault
from cases.models import Case, ConsentRecord
from cases.telling import How
from cases.tiers import Tier
from tests.stage import RED, YELLOW, acknowledged, actor, call, clocks, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid
from wellbeing.outbox.models import Notice
from wellbeing.people.models import User
from wellbeing.workdays import now

ANSWERED: dict[str, Any] = {"relation": Relation.MOTHER, "how": How.PHONE}


def answer(case: Case, outcome: Consent, *, by: str = "zhou", **more: Any) -> ConsentRecord:
    given = {"words": {"who": "母亲"}, **(ANSWERED if outcome != Consent.NOT_SOUGHT else {}), **more}
    made: ConsentRecord = actions.record_consent(actor=actor(by), case=case, outcome=outcome, **given)
    return made


def faults(case: Case) -> set[str]:
    with identity(actor("zhou")):
        return set(actions.lowering_standing(fresh(case), Tier.ORANGE).faults)


def notices(kind: str) -> int:
    with identity(Actor.machine("test")):
        return Notice.objects.filter(kind=kind, channel="in_app", user=None).count()


def test_a_refusal_asks_for_a_second_talk_within_a_day_and_forbids_lowering(db: None, wait: Any) -> None:
    case = acknowledged()
    answer(case, Consent.REFUSED)
    assert clocks(case)["second_talk"] == "running" and LoweringFault.CONSENT_REFUSED in faults(case)
    assert fresh(case).tier == "red" and notices("refused_again") == 0
    answer(case, Consent.GIVEN)
    assert clocks(case)["second_talk"] == "met" and LoweringFault.CONSENT_REFUSED not in faults(case)


def test_an_answer_of_before_that_is_written_down_after_a_refusal_ends_nothing_of_it(db: None, wait: Any) -> None:
    case = acknowledged()
    wait(hours=3)
    answer(case, Consent.REFUSED)
    answer(case, Consent.GIVEN, at=now() - timedelta(hours=2))
    assert clocks(case)["second_talk"] == "running" and LoweringFault.CONSENT_REFUSED in faults(case)


def test_with_the_second_refusal_the_county_joins_and_is_told(db: None) -> None:
    case = call(RED)
    answer(case, Consent.REFUSED, by="lin")
    assert notices("refused_again") == 0
    answer(case, Consent.REFUSED, by="lin")
    assert notices("refused_again") == 1
    with identity(Actor.machine("test")):
        (running,) = case.deadlines.filter(kind="second_talk", state="running")
        assert running.desk.role == "county_triage"


def test_what_was_given_can_be_taken_back_and_nothing_else(db: None) -> None:
    case = acknowledged()
    with pytest.raises(Invalid) as refused:
        answer(case, Consent.WITHDRAWN)
    assert refused.value.field == "outcome"
    answer(case, Consent.GIVEN)
    answer(case, Consent.WITHDRAWN)
    assert clocks(case)["second_talk"] == "running"


def test_of_one_minute_the_last_record_counts(db: None) -> None:
    case, minute = acknowledged(), now().replace(second=0, microsecond=0)
    answer(case, Consent.GIVEN)
    answer(case, Consent.WITHDRAWN, at=minute)
    with identity(actor("zhou")):
        newest = ConsentRecord.newest(case.pk)
    assert newest and newest.outcome == Consent.WITHDRAWN


@pytest.mark.parametrize(
    ("outcome", "more", "field"),
    [
        (Consent.GIVEN, {"relation": None}, "relation"),
        (Consent.GIVEN, {"how": None}, "how"),
        (Consent.GIVEN, {"at": "later"}, "at"),
        (Consent.NOT_SOUGHT, {"second_id": "luo"}, "why_not"),
        (Consent.NOT_SOUGHT, {"why_not": NotSought.ENDANGERS}, "second"),
        (Consent.NOT_SOUGHT, {"why_not": NotSought.ENDANGERS, "second_id": "zhou"}, "second"),
        (Consent.NOT_SOUGHT, {"why_not": NotSought.ENDANGERS, "second_id": "mallory"}, "second"),
        (Consent.NOT_SOUGHT, {"why_not": NotSought.ENDANGERS, "second_id": 999_999}, "second"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(
    db: None, outcome: Consent, more: dict[str, Any], field: str
) -> None:
    if isinstance(more.get("second_id"), str):
        more = {**more, "second_id": User.objects.get(username=more["second_id"]).pk}
    if more.get("at"):
        more = {**more, "at": now() + timedelta(minutes=5)}
    with pytest.raises(Invalid) as refused:
        answer(acknowledged(), outcome, **more)
    assert refused.value.field == field


def test_that_it_is_not_sought_is_decided_by_two(db: None) -> None:
    case, luo = acknowledged(), User.objects.get(username="luo")
    made = answer(case, Consent.NOT_SOUGHT, why_not=NotSought.ENDANGERS, second_id=luo.pk)
    assert made.second_id == luo.pk and "second_talk" not in clocks(case)
    with identity(Actor.machine("test")):
        told = Notice.objects.get(kind="named_second")
        assert (told.user_id, told.target) == (luo.pk, f"case:{case.reference}"), "nobody decides for two"


def test_where_no_danger_stands_a_home_may_watch_and_is_called_every_week(db: None) -> None:
    case = acknowledged(YELLOW)
    watch = {"actor": actor("zhou"), "words": {"watch": "母亲"}}
    with pytest.raises(Invalid):
        actions.watch_at_home(case=case, **watch)
    answer(case, Consent.REFUSED)
    actions.watch_at_home(case=case, **watch)
    assert clocks(case)["second_talk"] == "met" and clocks(case)["home_watch"] == "running"
    red = acknowledged()
    answer(red, Consent.REFUSED)
    with pytest.raises(Invalid) as refused:
        actions.watch_at_home(case=red, **watch)
    assert "危险未除" in str(refused.value.message)


def test_the_page_says_what_a_refusal_asks_for_and_keeps_what_was_typed(db: None) -> None:
    case = acknowledged()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    address = reverse("record_consent", args=[case.reference])
    key = "018f0000-0000-7000-8000-000000000001"
    form = {"key": key, "outcome": "refused", "who": "小渔妈妈", "reason": "怕别人知道", "relation": "mother"}
    page = client.post(address, form)
    assert page.status_code == 422 and "小渔妈妈" in page.content.decode() and "怕别人知道" in page.content.decode()
    assert client.post(address, {**form, "how": "phone"}).status_code == 302
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert "监护人已拒绝" in page and "第二十八条" in page and "小渔妈妈" not in page
