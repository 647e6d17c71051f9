"""Restricted callers: named by no number, blocking nobody, ended by one answered risk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from cases import actions
from cases.models import Call, Restriction
from cases.repeats import quarter
from cases.restriction_access import silent
from tests.cases.review_stage import harassed
from tests.exchange.stage import rang
from tests.stage import YELLOW, actor, call, policy, signed_in
from wellbeing.access.actor import identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.exchange.actions import settle_ring
from wellbeing.workdays import now

NUMBER = "13900001234"


def hint() -> str:
    return signed_in("lin", "en").post(reverse("caller_seen"), {"caller_number": NUMBER}).content.decode()


def test_a_supervisor_restricts_a_number_and_a_risk_lifts_it(wait: Any) -> None:
    su, page = signed_in("su", "en"), reverse("restrictions")
    once = harassed(NUMBER, times=1)
    assert "No number is restricted" in su.get(page).content.decode()
    with pytest.raises(Invalid, match="days"):
        actions.restrict_caller(actor=actor("su"), call_id=once.pk, days=7)
    last = harassed(NUMBER, times=1)
    form = reverse("restrict_caller", args=[last.pk])
    assert form in su.get(page).content.decode()
    assert su.post(form, {"days": 31, "key": uuid4()}).status_code == 422  # more than policy allows
    assert su.post(form, {"days": 7, "key": uuid4()}).status_code == 302
    assert su.post(form, {"days": 7, "key": uuid4()}).status_code == 409
    with identity(actor("su")):
        one = Restriction.objects.get()
        assert (one.harassing, one.calls, one.by.username) == (2, 0, "su") and not Call.objects.exists()
    text = su.get(page).content.decode()
    assert one.code in text and NUMBER not in text and form not in text

    assert "has restricted this number" in hint()
    harassed(NUMBER, times=1)  # logged as ever: nothing is blocked
    danger = call({**YELLOW, "caller_number": NUMBER}, by="gao")
    with identity(actor("su")):
        one.refresh_from_db()
        assert (one.calls, one.ended, one.ended_by, one.last_at is not None) == (2, "danger", None, True)
    assert "has restricted" not in hint() and danger.reference not in hint()
    text = su.get(page).content.decode()
    assert "A risk was answered: never restricted" in text and "A risk was answered <" in text
    with pytest.raises(Invalid, match="days"):
        actions.restrict_caller(actor=actor("su"), call_id=last.pk, days=7)


def test_it_ends_by_its_day_or_by_hand_and_is_the_supervisors_alone(wait: Any) -> None:
    policy(harassing_calls=3, restrict_days=2)
    last = harassed(NUMBER)
    with pytest.raises(Invalid):
        actions.restrict_caller(actor=actor("su"), call_id=last.pk, days=1)
    last = harassed(NUMBER, times=1)
    one = actions.restrict_caller(actor=actor("su"), call_id=last.pk, days=1)
    for name, sees in (("su", True), ("lin", True), ("zhou", False), ("chen", False), ("an", False)):
        with identity(actor(name)):
            assert Restriction.objects.exists() == sees, name
    for name in ("lin", "zhou"):
        with pytest.raises(Forbidden):
            actions.lift_restriction(actor=actor(name), restriction_id=one.pk)
    with identity(actor("lin")):  # nor past the application
        assert Restriction.objects.update(ended="lifted", ended_at=now()) == 0
    with identity(actor("su")), pytest.raises(DatabaseError), transaction.atomic():
        Restriction.objects.update(until=now())
    actions.lift_restriction(actor=actor("su"), restriction_id=one.pk)
    with pytest.raises(WrongState):
        actions.lift_restriction(actor=actor("su"), restriction_id=one.pk)
    again = actions.restrict_caller(actor=actor("su"), call_id=last.pk, days=2)
    wait(days=3)
    assert "has restricted" not in hint()
    assert "Its day was over" in signed_in("su", "en").get(reverse("restrictions")).content.decode()
    anew = actions.restrict_caller(actor=actor("su"), call_id=last.pk, days=2)
    with identity(actor("su")):
        again.refresh_from_db()
        assert again.ended == "renewed" and anew.until > now()


def test_silent_calls_have_their_place_by_number_and_by_line(wait: Any) -> None:
    while quarter(now()) != quarter(now() + timedelta(days=9)):
        wait(days=1)  # from the next quarter on a number is another one
    su, page, said = signed_in("su", "en"), reverse("restrictions"), {"call_kind": "silent", "caller_number": NUMBER}
    assert "Every silent call is counted here" in su.get(page).content.decode()
    for _time in range(2):
        call(said, by="gao")
    wait(days=2)
    call(said)
    call({"call_kind": "silent"})  # a number that nobody saw
    ring = rang("silent")
    settle_ring(actor=actor("gao"), ring_id=ring.pk, why_not="silent")
    with identity(actor("su")):
        (number,), (line,) = silent(actor("su"))
    assert (number.day, number.days) == (1, 3) and (line.of, line.day, line.days) == ("2912345", 3, 5)
    text = su.get(page).content.decode()
    assert number.of in text and "perhaps one caller" in text and NUMBER not in text
    wait(days=6)
    with identity(actor("su")):
        numbers, (line,) = silent(actor("su"))
    assert numbers == [] and line.days == 3, "what is older than the policy's days is gone"
    with pytest.raises(Forbidden):
        silent(actor("lin"))
