"""Places of a week: held once however many ask at once, and given back when nobody comes."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from referrals import actions
from referrals.models import Referral, Slot
from referrals.queues import free_slots, places_this_week
from tests.stage import actor, desk, fresh, referred
from wellbeing.access.actor import identity
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.models import Desk, Role, User
from wellbeing.workdays import now


def hospital() -> Desk:
    return desk("haiyun-hospital", Role.HOSPITAL_LIAISON)


def publish(count: int, **more: Any) -> list[UUID]:
    first = (now() + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    times = [first + timedelta(minutes=30 * number) for number in range(count)]
    actions.publish_slots(actor=actor("fang"), desk=hospital(), times=times, **more)
    with identity(actor("fang")):
        return [slot.pk for slot in free_slots(hospital().pk)]


def received() -> Referral:
    referral = referred()
    actions.receive(actor=actor("fang"), referral=referral)
    return referral


def taken() -> int:
    with identity(actor("fang")):
        return Slot.objects.filter(taken=True).count()


@pytest.mark.xdist_group("fifty connections")
def test_fifty_at_once_want_ten_places_and_exactly_ten_get_one(committed: SimpleNamespace) -> None:
    places = publish(10)
    waiting = [received() for _ in range(50)]
    fang, won, refused = actor("fang"), list[int](), list[str]()

    def book(number: int) -> None:
        try:
            actions.book(actor=fang, referral=waiting[number], slot_id=places[number % 10])
            won.append(number % 10)
        except Invalid as full:
            refused.append(full.field)
        finally:
            connection.close()

    threads = [threading.Thread(target=book, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(10)) and refused == ["slot"] * 40
    assert taken() == 10


def test_a_place_is_given_back_with_another_booking_a_missed_one_and_a_withdrawal(db: None) -> None:
    first, second = publish(2)
    referral, fang = received(), actor("fang")
    actions.book(actor=fang, referral=referral, slot_id=first)
    actions.book(actor=fang, referral=referral, slot_id=second)
    assert taken() == 1
    actions.record_feedback(actor=fang, referral=referral, attended=False, words={"seen": "no"})
    assert taken() == 0
    actions.book(actor=fang, referral=referral, slot_id=second)
    assert taken() == 1
    actions.withdraw(actor=actor("zhou"), referral=fresh(referral))
    assert taken() == 0


def test_a_place_of_another_house_or_of_yesterday_is_none(db: None, wait: Any) -> None:
    (place,) = publish(1)
    referral, fang = received(), actor("fang")
    with pytest.raises(Forbidden):
        actions.publish_slots(actor=actor("tao"), desk=hospital(), times=[now() + timedelta(days=1)])
    wait(days=3)
    with pytest.raises(Invalid) as refused:
        actions.book(actor=fang, referral=referral, slot_id=place)
    assert refused.value.field == "slot"


@pytest.mark.parametrize(
    ("times", "places", "field"), [([], 1, "days"), ([timedelta(hours=-1)], 1, "days"), ([timedelta(1)], 500, "places")]
)
def test_what_cannot_be_published_is_said(db: None, times: list[timedelta], places: int, field: str) -> None:
    moments: list[datetime] = [now() + span for span in times]
    with pytest.raises(Invalid) as refused:
        actions.publish_slots(actor=actor("fang"), desk=hospital(), times=moments, places=places)
    assert refused.value.field == field


def test_published_twice_is_there_once_and_triage_sees_what_is_left(db: None) -> None:
    publish(3)
    publish(3)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="fang"))
    tomorrow = now().date() + timedelta(days=1)
    form = {
        "key": "018f0000-0000-7000-8000-000000000001",
        "first_day": tomorrow.isoformat(),
        "weekdays": [str(day) for day in range(7)],
        "times": "9:00，14:00",
        "places": "2",
        "weeks": "1",
    }
    wrong = client.post(reverse("slots"), {**form, "times": "neun"})
    assert wrong.status_code == 422 and "neun" in wrong.content.decode()
    assert client.post(reverse("slots"), form).status_code == 302
    with identity(actor("zhou")):
        assert places_this_week()[hospital().pk][0] >= 15
    assert "号源" in client.get(reverse("slots")).content.decode()
    client.force_login(User.objects.get(username="zhou"))
    assert client.get(reverse("directory")).status_code == 200
