"""Guessing is slowed down by account, address and both; whoever was there before is not locked out by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from tests.signin.people import browser, give_password
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.models import Event
from wellbeing.audit.tags import Tag
from wellbeing.signin.lockout import LIMITS, Counter, address_of

pytestmark = pytest.mark.django_db


def slowed() -> list[bytes]:
    with identity(Actor.machine("verify")):
        return [bytes(body) for body in Event.objects.filter(act=Tag.SIGN_IN_LOCKED).values_list("body", flat=True)]


def test_an_address_that_guesses_waits_and_the_owner_elsewhere_does_not(wait: Any) -> None:
    free, _longest = LIMITS[Counter.PAIR]
    thief = browser("10.9.9.9")
    assert [give_password(thief, "lin", "wrong").status_code for _try in range(free)] == [422] * free
    assert give_password(thief, "lin").status_code == 429  # even with the right one
    assert len(slowed()) == 1 and b'"by":"pair"' in slowed()[0]
    assert give_password(browser("10.0.0.1"), "lin").status_code == 302  # another address
    assert give_password(thief, "gao").status_code == 302  # another account
    wait(seconds=16)
    assert give_password(thief, "lin", "wrong").status_code == 422
    wait(seconds=16)
    assert give_password(thief, "lin", "wrong").status_code == 429  # the wait has doubled
    wait(seconds=15)
    assert give_password(thief, "lin").status_code == 302
    assert give_password(thief, "lin", "wrong").status_code == 422  # and begins anew
    assert len(slowed()) == 1


def test_nobody_waits_for_a_day_where_the_clock_was_set_back(wait: Any) -> None:
    known, stranger = browser("10.0.0.1"), browser("10.9.9.9")
    assert give_password(known, "lin").status_code == 302
    while give_password(stranger, "lin", "wrong").status_code == 422:
        pass
    wait(days=-1)
    assert give_password(known, "zhou").status_code == 302  # nothing was wrong: nothing to wait for
    assert give_password(stranger, "lin", "wrong").status_code == 422
    assert give_password(stranger, "lin").status_code == 429  # and counts on from there


def test_many_addresses_slow_the_account_and_never_the_browser_it_is_used_in() -> None:
    owner = browser("10.0.0.1")
    assert give_password(owner, "lin").status_code == 302
    owner.post("/sign-out/")
    free, _longest = LIMITS[Counter.ACCOUNT]
    codes = [give_password(browser(f"10.1.0.{n}"), "lin", "wrong").status_code for n in range(free + 1)]
    assert codes == [422] * free + [429]
    assert give_password(browser("10.2.0.1"), "lin").status_code == 429  # a stranger's browser waits, at most a minute
    assert give_password(owner, "lin").status_code == 302  # hers does not
    owner.post("/sign-out/")
    own, _longest = LIMITS[Counter.DEVICE]
    codes = [give_password(owner, "lin", "wrong").status_code for _try in range(own + 1)]
    assert codes[-1] == 429  # nor does it guess without end
    assert {b'"by":"account"', b'"by":"device"'} <= {body.split(b'"facts":{')[1].split(b"}")[0] for body in slowed()}


def test_no_way_to_write_a_name_begins_the_count_anew() -> None:
    """The form drops blanks around a name and reads full-width letters as the others: so does the counter."""
    free, _longest = LIMITS[Counter.PAIR]
    thief = browser("10.9.9.9")
    written = (f"{blank}lin{blank}" for blank in ("", " ", "  ", "\t", "\u3000", "\u2028"))
    for name in (*written, "\uff4c\uff49\uff4e"):
        assert give_password(browser("10.3.0.1"), name).status_code == 302, "each of them is lin"
        give_password(thief, name, "wrong")
    assert free < 7 and give_password(thief, "lin").status_code == 429


def test_one_address_that_tries_every_account_waits() -> None:
    free, _longest = LIMITS[Counter.ADDRESS]
    thief = browser("10.9.9.9")
    codes = [give_password(thief, f"nobody{n}", "x").status_code for n in range(free + 1)]
    assert codes == [422] * free + [429]
    assert give_password(browser("10.0.0.1"), "lin").status_code == 302


def test_the_second_factor_cannot_be_guessed_either(settings: Any) -> None:
    from tests.signin.people import confirm, set_up_app

    lin = browser()
    give_password(lin, "lin")
    set_up_app(lin)
    thief = browser("10.9.9.9")
    assert give_password(thief, "lin").status_code == 302
    free, _longest = LIMITS[Counter.PAIR]
    assert [confirm(thief, f"{n:06}").status_code for n in range(free + 1)] == [422] * free + [429]


def test_the_address_is_the_one_a_trusted_proxy_saw(settings: Any) -> None:
    def seen(**meta: str) -> str:
        return address_of(RequestFactory().get("/", **meta))

    forged = {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 10.1.1.1", "REMOTE_ADDR": "10.0.0.9"}
    assert seen(**forged) == "10.0.0.9"
    settings.TRUSTED_PROXIES = 1
    assert seen(**forged) == "10.1.1.1"
    assert seen(REMOTE_ADDR="2001:db8::1") == seen(REMOTE_ADDR="2001:db8::2") != seen(REMOTE_ADDR="2001:db8:1::2")
    both = seen(REMOTE_ADDR="::ffff:192.0.2.1")  # a socket of both kinds
    assert both == seen(REMOTE_ADDR="192.0.2.1") != seen(REMOTE_ADDR="::ffff:192.0.2.2")
