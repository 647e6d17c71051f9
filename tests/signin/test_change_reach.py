"""Where notices reach somebody is hers to change: with a fresh proof, to a number that an SMS reaches, and said nowhere."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.signin.people import browser, give_password
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.models import Event
from wellbeing.audit.record import user_stream
from wellbeing.people.models import Private, User

TEST = Actor.machine("test")


def _kept(name: str) -> tuple[str, str]:
    with identity(TEST):
        return Private.objects.values_list("mobile", "email").get(user__username=name)


def test_whoever_has_a_new_mobile_is_rung_on_that_one_and_the_audit_holds_no_number(db: None) -> None:
    chen = browser()
    give_password(chen, "chen")
    given = {"mobile": "+86 139-0000 0001", "email": "chen@example.org"}
    assert chen.post(reverse("change_reach"), given)["Location"] == reverse("account")
    assert _kept("chen") == ("+8613900000001", "chen@example.org")
    shown = chen.get(reverse("account")).content.decode()
    assert "+8613900000001" in shown and "chen@example.org" in shown
    assert "+8613900000001" in chen.get(reverse("change_reach")).content.decode()
    with identity(TEST):
        bodies = Event.objects.filter(stream=user_stream(User.objects.get(username="chen").pk)).values_list(
            "body", flat=True
        )
        said = b"".join(map(bytes, bodies))
    assert b'"mobile":true' in said.replace(b" ", b"") and b"139" not in said and b"example.org" not in said


def test_a_number_that_no_sms_reaches_is_refused_beside_it_and_stays_in_the_form(db: None) -> None:
    chen, before = browser(), _kept("chen")
    give_password(chen, "chen")
    for field, typed in (("mobile", "0580-2912345"), ("email", "nobody")):
        answer = chen.post(reverse("change_reach"), {"mobile": "", "email": "", field: typed})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field] and typed in answer.content.decode()
    assert _kept("chen") == before


def test_a_session_whose_proof_is_old_shows_it_again_first(db: None, settings: Any) -> None:
    chen, before = browser(), _kept("chen")
    give_password(chen, "chen")
    assert chen.get(reverse("change_reach")).status_code == 200
    session = chen.session
    session["proved_at"] -= settings.FRESH_SECONDS + 1
    session.save()
    answer = chen.post(reverse("change_reach"), {"mobile": "13900000001", "email": ""})
    assert reverse("confirm") in answer.get("Location", "") + answer.content.decode()
    assert _kept("chen") == before
