"""Times that a hospital proposes: held, chosen once, given back, and never a reason to stand still."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from referrals import actions, tick
from referrals.models import Appointment, ProposedTime, Referral
from referrals.queues import open_times
from tests.referrals.test_slots import publish, received, taken
from tests.referrals.triage_stage import read, sent, submitted
from tests.stage import actor, clocks, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import User
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def ahead(**span: float) -> datetime:
    return now() + timedelta(**span)


def proposed(referral: Referral, *, slots: tuple[UUID, ...] = (), hours: tuple[int, ...] = ()) -> list[ProposedTime]:
    times = [ahead(hours=number) for number in hours]
    actions.propose_times(actor=actor("fang"), referral=fresh(referral), times=times, slot_ids=slots)
    return times_of(referral)


def times_of(referral: Referral) -> list[ProposedTime]:
    with identity(MACHINE):
        return open_times(referral)


def choose(referral: Referral, one: ProposedTime, by: str = "zhou") -> Any:
    return actions.choose_time(actor=actor(by), referral=fresh(referral), time_id=one.pk)


def test_one_of_three_is_chosen_and_the_others_are_free_again(db: None) -> None:
    first, second, third = publish(3)
    referral = received()
    case = fresh(referral.case)
    three = proposed(referral, slots=(first, second), hours=(30,))
    referral = fresh(referral)
    assert (referral.state, referral.turn_id) == ("proposed", referral.from_desk_id) and taken() == 2
    assert clocks(case)["appointment"] == "running", "its clock goes on until one is chosen"
    held = next(one for one in three if one.slot_id == second)
    choose(referral, held)
    assert fresh(referral).state == "appointment" and taken() == 1
    assert (clocks(case)["appointment"], clocks(case)["feedback"]) == ("met", "running")
    with identity(MACHINE):
        booked = Appointment.objects.get(referral=referral)
        assert (booked.at, booked.slot_id, booked.booked_by_id) == (held.at, second, actor("zhou").id)
        assert Notice.objects.filter(kind="time_chosen").exists()
    with pytest.raises(WrongState):
        choose(referral, three[0])
    actions.withdraw(actor=actor("zhou"), referral=fresh(referral))
    assert taken() == 0 and third


def test_what_cannot_be_proposed_is_said_and_holds_nothing(db: None) -> None:
    (place,) = publish(1)
    referral = received()

    def field(times: list[datetime], *slots: UUID) -> str:
        with pytest.raises(Invalid) as refused:
            actions.propose_times(actor=actor("fang"), referral=referral, times=times, slot_ids=slots)
        return refused.value.field

    assert field([]) == "slots" and field([ahead(hours=n) for n in range(1, 5)]) == "slots"
    assert field([ahead(hours=-1)], place) == "at"
    other = received()
    proposed(other, slots=(place,))
    assert field([], place) == "slots", "held for somebody else"
    assert fresh(referral).state == "received" and times_of(referral) == []
    with pytest.raises(Invalid) as refused:
        actions.book(actor=actor("fang"), referral=referral, slot_id=place)
    assert refused.value.field == "slot"


def test_proposed_anew_replaces_what_was_proposed(db: None) -> None:
    first, second = publish(2)
    referral = received()
    old = proposed(referral, slots=(first,))
    new = proposed(referral, slots=(first, second))
    assert len(new) == 2 and taken() == 2
    with pytest.raises(Invalid) as refused:
        choose(referral, old[0])
    assert refused.value.field == "time"
    actions.book(actor=actor("fang"), referral=fresh(referral), slot_id=first)
    assert fresh(referral).state == "appointment" and taken() == 1 and times_of(referral) == []


def test_other_times_are_asked_for_with_a_word_to_the_hospital(db: None) -> None:
    (place,) = publish(1)
    referral = received()
    proposed(referral, slots=(place,))
    actions.ask_other_times(actor=actor("zhou"), referral=fresh(referral), note="下午才有船")
    assert fresh(referral).state == "received" and taken() == 0 and times_of(referral) == []
    assert read("fang", referral)["question"]["note"] == "下午才有船"
    assert clocks(fresh(referral.case))["appointment"] == "running"


def test_a_time_that_has_passed_is_not_chosen_and_when_all_have_it_is_the_hospitals_turn(db: None, wait: Any) -> None:
    referral = received()
    early, late = proposed(referral, hours=(2, 5))
    with pytest.raises(WrongState):
        actions.drop_times(actor=Actor.machine("ticker"), referral=fresh(referral))
    wait(hours=3)
    with pytest.raises(Invalid) as refused:
        choose(referral, early)
    assert refused.value.field == "time" and tick.drop_passed() == 0
    wait(hours=3)
    with pytest.raises(Invalid):
        choose(referral, late)
    assert tick.drop_passed() == 1 and tick.drop_passed() == 0
    referral = fresh(referral)
    assert (referral.state, referral.turn_id) == ("received", referral.to_desk_id)
    with identity(MACHINE):
        assert Notice.objects.filter(kind="times_passed").count() >= 2


@pytest.mark.parametrize("verb", ["redirect", "give_back", "withdraw"])
def test_what_was_held_is_given_back_with_the_referral(db: None, verb: str) -> None:
    (place,) = publish(1)
    referral = received()
    proposed(referral, slots=(place,))
    given = {"why": "full"} if verb == "give_back" else {}
    getattr(actions, verb)(actor=actor("fang" if given else "zhou"), referral=fresh(referral), **given)
    assert taken() == 0 and times_of(referral) == []


def test_a_place_given_back_and_taken_by_another_stays_the_others(db: None) -> None:
    first, second = publish(2)
    one, other, fang = received(), received(), actor("fang")
    actions.book(actor=fang, referral=one, slot_id=first)
    actions.book(actor=fang, referral=fresh(one), slot_id=second)
    actions.book(actor=fang, referral=other, slot_id=first)
    actions.withdraw(actor=actor("zhou"), referral=fresh(one))
    assert taken() == 1, "the first place belongs to the other referral by now"


def test_the_school_that_asked_sees_them_and_the_county_alone_chooses(db: None) -> None:
    referral = submitted()
    actions.accept_referral(actor=actor("zhou"), referral=referral)
    sent(fresh(referral))
    actions.receive(actor=actor("fang"), referral=fresh(referral))
    (one, *_more) = proposed(referral, hours=(30, 31))
    for name in ("chen", "fang"):
        with pytest.raises(Forbidden):
            choose(referral, one, by=name)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="chen"))
    assert "候选时间" in client.get(reverse("referral", args=[referral.reference])).content.decode()


def test_on_their_pages_times_are_proposed_chosen_and_kept_as_typed(db: None) -> None:
    (place,) = publish(1)
    referral = received()
    clients = {}
    for name in ("fang", "zhou"):
        clients[name] = Client(HTTP_HOST="127.0.0.1")
        clients[name].force_login(User.objects.get(username=name))
    key = "018f0000-0000-7000-8000-00000000000"
    page = {name: reverse(name, args=[referral.reference]) for name in ("propose_times", "choose_time", "referral")}
    wrong = clients["fang"].post(page["propose_times"], {"key": key + "1", "slots": [], "at": "2020-01-01T09:00"})
    assert wrong.status_code == 422 and "2020-01-01T09:00" in wrong.content.decode()
    right = {"key": key + "2", "slots": [str(place)], "at": f"{ahead(days=2):%Y-%m-%dT09:00}"}
    assert clients["fang"].post(page["propose_times"], right).status_code == 302
    assert "选定时间" in clients["zhou"].get(page["referral"]).content.decode()
    one, _two = times_of(referral)
    sent_form = {"key": key + "3", "time": str(one.pk)}
    assert clients["zhou"].post(page["choose_time"], sent_form).status_code == 302
    assert clients["zhou"].post(page["choose_time"], sent_form).status_code == 302, "the same form: the first answer"
    with identity(MACHINE):
        assert Appointment.objects.filter(referral=referral).count() == 1
