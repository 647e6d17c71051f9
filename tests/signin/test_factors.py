"""A code of an authenticator app counts once, however often its app stands there."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest
from django.urls import reverse

from tests.signin.people import browser, code_of, confirm, give_password
from tests.stage import actor
from wellbeing.access.actor import identity
from wellbeing.ids import uuid7
from wellbeing.signin.factors import factors_of, sealed, shown_by_code
from wellbeing.signin.models import By, Factor, FactorKind
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db


def test_an_app_whose_form_was_sent_twice_is_one(wait: Any) -> None:
    lin = browser()
    give_password(lin, "lin")
    page = lin.get(reverse("set_up_totp")).content.decode()
    secret = re.search(r'key-letters">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    held = re.search(r'name="secret" value="([0-9a-f]+)"', page)[1]  # type: ignore[index]
    for _click in range(2):
        sent = lin.post(reverse("set_up_totp"), {"secret": held, "code": code_of(secret)}, follow=True)
        assert sent.status_code == 200
    with identity(actor("lin")):
        assert len(factors_of(actor("lin").person)) == 1
    wait(seconds=30)
    answers = []
    for name in ("10.0.0.1", "10.9.9.9"):  # hers, and of whoever has read it over her shoulder
        client = browser(name)
        give_password(client, "lin")
        answers.append(confirm(client, code_of(secret)).status_code)
    assert answers == [302, 422]


def test_a_code_counts_once_where_two_rows_have_its_secret() -> None:
    """As they may stand since before such a form was one."""
    lin, secret = actor("lin"), pyotp.random_base32()
    code = pyotp.TOTP(secret).at(int(now().timestamp()))
    with identity(lin):
        for _row in range(2):
            pk = uuid7()
            words = sealed(pk, lin.person, secret.encode())
            given = {"kind": FactorKind.TOTP, "name": "x", "secret": words, "made_at": now()}
            Factor.objects.create(id=pk, user_id=lin.person, **given)
        assert shown_by_code(lin.person, code) == By.TOTP
        assert shown_by_code(lin.person, code) is None
