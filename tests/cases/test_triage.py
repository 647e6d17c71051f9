"""One decision for many flagged students: shown first, all or nothing, and never "no concern" in danger."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from cases import interview_views
from cases.actions import decide_flagged, plan_interviews, raise_tier
from cases.models import Case, Entry, ScreeningFlag
from cases.policy import Policy
from cases.tiers import Tier
from cases.triage import Decision, Effect, Refusal, Standing, digest, effects, refusals
from cases.waiting_access import flags_of, reveal_waiting
from tests.cases.test_campaigns import flagged, list_of, signed_in
from tests.stage import actor, clocks, fresh, policy
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.workdays import now

MACHINE = Actor.machine("test")
CALM, ITEM9, HIGH = "222220000", "000000001", "333330000"  # blue; yellow by its critical item; yellow by its total


def foreseen(cases: list[Case], decision: str, by: str = "chen", **more: Any) -> str:
    """The digest of what the page would show."""
    who = actor(by)
    with identity(who):
        standings = [one.standing for one in reveal_waiting(who, flags_of(who, [case.pk for case in cases]))]
    return digest(Decision(decision), effects(Decision(decision), standings, Policy(), more.get("days", ())))


def decide(cases: list[Case], decision: str, previewed: str = "", by: str = "chen", **more: Any) -> int:
    given = {"because": "看过答卷与上学期记录"} | more
    number: int = decide_flagged(
        actor=actor(by),
        cases=[case.pk for case in cases],
        decision=decision,
        previewed=previewed or foreseen(cases, decision, by),
        **given,
    )
    return number


def test_no_group_says_no_concern_of_anybody_in_danger() -> None:
    """Every standing there is: what may be reviewed is blue or yellow, opened, and answered no critical item."""
    tiers = [tier for tier in Tier if tier != Tier.GREEN]
    for tier, critical, asked in product(tiers, (True, False, None), (*Tier, None)):
        one = Standing(uuid4(), tier, "", critical, asked)
        found = refusals(Decision.REVIEWED, one, Policy())
        calm = tier in ("yellow", "blue") and asked in ("yellow", "blue", "green") and critical is False
        assert (found == ()) == calm, one
        assert (Refusal.RED in found) == ("red" in (tier, asked))
        assert (Refusal.CRITICAL in found) == (critical is True)
        assert refusals(Decision.PLAN, one, Policy()) == ()
    low, high = Standing(uuid4(), Tier.BLUE, "1", False, Tier.ORANGE), Standing(uuid4(), Tier.RED, "2", True, Tier.BLUE)
    assert effects(Decision.TIER, [low, high], Policy()) == [Effect(high), Effect(low, to=Tier.ORANGE)]


def test_a_review_of_many_is_all_or_nothing_and_lowers_nothing(db: None) -> None:
    calm, item9, high = flagged(f"S1,{CALM}", f"S2,{ITEM9}", f"S3,{HIGH}")
    with pytest.raises(Invalid) as refused:
        decide([calm, item9, high], "reviewed")
    assert refused.value.field == "decision" and len(list_of("chen")) == 3
    with pytest.raises(Invalid) as refused:
        decide([calm], "reviewed", because=" ", previewed="x")
    assert refused.value.field == "because"
    assert decide([calm, high], "reviewed") == 2
    assert [flag.case_id for flag in list_of("chen")] == [item9.pk]
    assert clocks(calm)["first_meeting"] == "void" and (fresh(calm).tier, fresh(high).tier) == ("blue", "yellow")
    with identity(MACHINE):
        assert set(ScreeningFlag.objects.exclude(outcome="").values_list("outcome", "done_by__username")) == {
            ("reviewed", "chen")
        }
        assert Case.objects.filter(closed_at=None).count() == 3
    with identity(actor("chen")):
        assert Entry.objects.filter(case=calm, kind="session").count() == 1
    with pytest.raises(Forbidden):  # they wait no more
        decide_flagged(actor=actor("chen"), cases=[calm.pk], decision="reviewed", because="x", previewed="x")


def test_what_has_changed_since_the_page_is_not_done(db: None) -> None:
    calm, high = flagged(f"S1,{CALM}", f"S3,{HIGH}")
    seen = foreseen([calm, high], "reviewed")
    raise_tier(actor=actor("zhou"), case=high, to="red")
    with pytest.raises(WrongState):
        decide([calm, high], "reviewed", previewed=seen)
    with pytest.raises(Invalid):
        decide([calm, high], "reviewed")
    assert len(list_of("chen")) == 2
    for by in ("wu", "he", "ye"):
        with pytest.raises(Forbidden):
            decide([calm], "reviewed", previewed=seen, by=by)


def test_a_policy_that_became_stricter_raises_many_at_once(db: None) -> None:
    calm, item9 = flagged(f"S1,{CALM}", f"S2,{ITEM9}")
    policy(phq_yellow=10, phq_blue=8)
    page = signed_in("chen").post(
        reverse("decide_flagged"),
        {"case": [calm.pk, item9.pk], "decision": "tier", "because": "新标准", "key": uuid4()},
    )
    previewed = re.search(r'name="previewed" value="(\w+)"', page.content.decode())
    assert previewed is not None
    assert decide([calm, item9], "tier", previewed=previewed[1]) == 2
    assert (fresh(calm).tier, fresh(item9).tier) == ("yellow", "yellow")
    assert len(list_of("chen")) == 2  # raised is not talked with


def pages(name: str, size: int = 100, **asked: str) -> list[str]:
    """The cases of the list of interviews in its order, page after page."""
    found, client = list[str](), signed_in(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interview_views, "PAGE", size)
        page = client.get(reverse("interviews"), asked)
        while page is not None:
            shown = re.findall(r'name="case" value="([\w-]+)"', page.content.decode())
            assert len(shown) <= size
            found += shown
            more = str(page.context["more"])
            page = client.get(reverse("interviews"), asked | {"after": more}) if more else None
    return found


def test_the_page_shows_what_would_happen_before_anything_does(db: None) -> None:
    calm, item9, high = flagged(f"S1,{CALM}", f"S2,{ITEM9}", f"S3,{HIGH}")
    chen = signed_in("chen")
    only = chen.get(reverse("interviews"), {"band": "phq9:moderately_severe", "all": "1"}).content.decode()
    assert f'value="{high.pk}" id="c1" checked' in only and str(calm.pk) not in only
    assert str(item9.pk) not in chen.get(reverse("interviews"), {"only": "calm"}).content.decode()
    whole = pages("chen")
    assert whole == pages("chen", size=1) == pages("chen", size=2)
    assert set(whole[:2]) == {str(item9.pk), str(high.pk)} and whole[2:] == [str(calm.pk)]  # by tier
    assert pages("chen", size=1, only="calm") == [str(high.pk), str(calm.pk)]
    plan_interviews(actor=actor("chen"), first=now().date() + timedelta(days=30), per_day=1)
    assert pages("chen", size=1) == pages("chen") and len(pages("chen")) == 3  # by day now
    assert chen.get(reverse("interviews"), {"after": "nonsense"}).status_code == 200
    given = {"case": [calm.pk, item9.pk, high.pk], "decision": "reviewed", "because": "", "key": uuid4()}
    address = reverse("decide_flagged")
    refused = chen.post(address, given)
    assert refused.status_code == 422 and refused.content.decode().count(" checked") == 4  # the three, and the decision
    page = chen.post(address, given | {"because": "看过答卷"}).content.decode()
    assert "previewed" not in page  # one of them stands in the way
    rest = re.findall(r'name="case" value="([\w-]+)"', page)
    assert {UUID(pk) for pk in rest} == {calm.pk, high.pk}
    page = chen.post(address, given | {"because": "看过答卷", "case": rest}).content.decode()
    sent = {name: value for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page) if name != "case"}
    assert len(list_of("chen")) == 3
    for _twice in range(2):
        assert chen.post(address, sent | {"case": rest}).status_code in (302, 404)
    assert [flag.case_id for flag in list_of("chen")] == [item9.pk]
    planned = {"case": [item9.pk], "decision": "plan", "first": now().date().isoformat(), "per_day": 2, "key": uuid4()}
    page = chen.post(address, planned).content.decode()
    sent = {name: value for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page) if name != "case"}
    chen.post(address, sent | {"case": [item9.pk]})
    assert list_of("chen")[0].planned_on is not None
    assert chen.post(address, {"key": uuid4()}).status_code == 302  # nobody was chosen
