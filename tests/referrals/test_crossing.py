"""Over the water: two escorts at red, a gale stops the arrival clock and never the safety contact, nothing is lowered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions as cases
from cases.lowering import LoweringFault
from cases.models import Case, Deadline
from cases.tick import tick
from cases.tiers import Tier
from referrals import actions
from referrals.access import open_referral, reveal_packets
from referrals.crossing import CROSSING, CROSSING_TEXT, Move, Port, Vessel
from referrals.models import Crossing, Purpose, Referral
from tests.referrals.triage_stage import hospital
from tests.stage import YELLOW, acknowledged, actor, clocks, fresh, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Invalid, WrongState
from wellbeing.people.models import User
from wellbeing.workdays import now

ESCORTS = ("李老师 0000", "王老师 0001")


def planned(referral: Referral, **more: Any) -> Crossing:
    at = now()
    given: dict[str, Any] = {
        "from_port": Port.DAISHAN,
        "to_port": Port.DINGHAI,
        "vessel": Vessel.FERRY,
        "departs_at": at + timedelta(hours=1),
        "arrives_at": at + timedelta(hours=3),
        "escorts": ESCORTS,
        "words": {"contact": "0002"},
    }
    made: Crossing = actions.plan_crossing(actor=actor("zhou"), referral=referral, **{**given, **more})
    return made


def move(referral: Referral, step: Move, **more: Any) -> None:
    actions.move_crossing(actor=actor("zhou"), referral=referral, step=step, **more)


def faults(referral: Referral) -> set[str]:
    with identity(actor("zhou")):
        return set(cases.lowering_standing(fresh(referral).case, Tier.ORANGE).faults)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"to_port": Port.DAISHAN}, "to_port"),
        ({"escorts": ("李老师", " ")}, "escorts"),
        ({"arrives": (1, 1)}, "arrives_at"),
        ({"arrives": (-3, -1)}, "arrives_at"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(db: None, more: dict[str, Any], field: str) -> None:
    if "arrives" in more:
        leaves, arrives = (now() + timedelta(hours=n) for n in more["arrives"])
        more = {"departs_at": leaves, "arrives_at": arrives}
    with pytest.raises(Invalid) as refused:
        planned(referred(), **more)
    assert refused.value.field == field


def test_a_gale_stops_the_arrival_and_not_the_safety_contact(wait: Any) -> None:
    referral = referred()
    planned(referral)
    case = Case(pk=referral.case_id)
    assert (clocks(case)["arrival"], clocks(case)["safety_contact"]) == ("running", "running")
    assert LoweringFault.CROSSING_OPEN in faults(referral)
    with pytest.raises(Invalid):
        planned(referral)
    move(referral, Move.SUSPEND)
    assert (clocks(case)["arrival"], clocks(case)["safety_contact"]) == ("met", "running")
    wait(hours=2, minutes=1)
    tick()
    with identity(Actor.machine("test")):
        contact = Deadline.objects.get(case=case, kind="safety_contact", state="running")
        assert contact.level == 1, "nobody asked for two hours, gale or not"
    actions.contact_crossing(actor=actor("zhou"), referral=referral, reached=False)
    assert fresh(contact).state == "running"
    actions.contact_crossing(actor=actor("zhou"), referral=referral, reached=True)
    assert fresh(contact).state == "met" and clocks(case)["safety_contact"] == "running"
    with pytest.raises(Invalid):
        move(referral, Move.RESUME)
    move(referral, Move.RESUME, arrives_at=now() + timedelta(hours=2))
    assert clocks(case)["arrival"] == "running"
    move(referral, Move.DEPART)
    move(referral, Move.ARRIVE)
    assert (clocks(case)["arrival"], clocks(case)["safety_contact"]) == ("met", "met")
    assert LoweringFault.CROSSING_OPEN not in faults(referral)
    with pytest.raises(WrongState):
        actions.contact_crossing(actor=actor("zhou"), referral=referral, reached=True)


def test_the_destination_reads_who_goes_along(db: None) -> None:
    referral = referred()
    planned(referral)
    fang = actor("fang")
    with identity(fang):
        read = {one.packet.purpose: one.words for one in reveal_packets(fang, open_referral(fang, referral.reference))}
    assert read[Purpose.CROSSING]["escorts"] == list(ESCORTS)


def test_one_person_is_enough_below_red(db: None) -> None:
    assert planned(referred(acknowledged(YELLOW)), escorts=("李老师",)).escorts == 1


def test_it_ends_with_its_referral_and_never_with_somebody_on_the_water(db: None) -> None:
    referral = referred()
    crossing, case = planned(referral), Case(pk=referral.case_id)
    move(referral, Move.DEPART)
    with pytest.raises(Invalid) as refused:
        actions.withdraw(actor=actor("zhou"), referral=fresh(referral))
    assert refused.value.field == "confirm" and fresh(referral).state == "sent"
    move(referral, Move.SUSPEND)
    actions.withdraw(actor=actor("zhou"), referral=fresh(referral))
    assert fresh(crossing).state == "cancelled"
    assert not {kind for kind, state in clocks(case).items() if state == "running"} & {"arrival", "safety_contact"}


def test_it_goes_on_with_an_emergency_that_goes_past_its_referral(db: None, wait: Any) -> None:
    """Whoever is on the water stays somebody's: escalated to the city, whose desk sends the person elsewhere."""
    referral = referred()
    planned(referral)
    move(referral, Move.DEPART)
    wait(days=2)
    tick(), tick(), tick()
    case, words = fresh(referral.case), {"summary": "紧急"}
    actions.open_channel(
        actor=actor("he"), case=case, destination=hospital("beichen"), consent="not_sought", words=words, emergency=True
    )
    with identity(Actor.machine("test")):
        made = Referral.objects.get(case=case, ended_at=None)
        crossing = Crossing.objects.get()
    assert (crossing.referral_id, crossing.state) == (made.pk, "under_way")
    assert (clocks(case)["safety_contact"], clocks(case)["arrival"]) == ("running", "running")


def test_on_its_pages_two_escorts_are_asked_for_and_a_gale_is_said(db: None) -> None:
    referral = referred()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    at = now()
    form = {
        "key": "018f0000-0000-7000-8000-000000000001",
        "from_port": "daishan",
        "to_port": "dinghai",
        "vessel": "ferry",
        "departs_at": f"{at + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "arrives_at": f"{at + timedelta(hours=3):%Y-%m-%dT%H:%M}",
        "escort_one": "李老师 0000",
    }
    plan = reverse("plan_crossing", args=[referral.reference])
    failed = client.post(plan, form)
    assert failed.status_code == 422 and "两人" in failed.content.decode() and "李老师" in failed.content.decode()
    assert client.post(plan, {**form, "escort_two": "王老师 0001"}).status_code == 302
    page = client.get(reverse("referral", args=[referral.reference])).content.decode()
    assert "12395" in page and "平安联系" in page and "岱山港" in page
    step = {"key": "018f0000-0000-7000-8000-000000000002", "step": "suspend"}
    assert client.post(reverse("move_crossing", args=[referral.reference]), step).status_code == 302
    assert "因天气停航" in client.get(reverse("referral", args=[referral.reference])).content.decode()


def test_every_state_has_words() -> None:
    assert set(CROSSING_TEXT) == set(CROSSING.states)
