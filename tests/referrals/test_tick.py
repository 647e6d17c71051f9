"""What nobody looks after any more ends by itself, and only that."""

from __future__ import annotations

from typing import Any

import pytest

from referrals import actions
from referrals.access import visible_referrals
from referrals.models import Referral
from referrals.tick import _does, expire_old
from tests.referrals.triage_stage import submitted
from tests.stage import RED, YELLOW, acknowledged, actor, fresh, referred
from wellbeing.access.actor import identity
from wellbeing.access.machines import TICKER
from wellbeing.access.sound import sound
from wellbeing.ids import uuid7
from wellbeing.outbox.models import Notice
from wellbeing.web.management.commands.ticker import end_grants


def test_a_referral_that_stands_still_for_the_life_of_its_letter_and_a_day_expires(
    wait: Any, caplog: pytest.LogCaptureFixture
) -> None:
    still, moved = referred(), referred(acknowledged(YELLOW))
    wait(days=10)
    actions.receive(actor=actor("fang"), referral=moved)
    later = referred(acknowledged(YELLOW))
    wait(days=21, seconds=-1)
    assert expire_old() == 0
    wait(seconds=1)
    assert expire_old() == 1 and expire_old() == 0 and not caplog.text
    assert _does(actions.expire, still) is False, "another ticker was faster"
    assert "a referral could not be looked after" in caplog.text
    assert (fresh(still).state, fresh(moved).state, fresh(later).state) == ("expired", "received", "sent")
    wait(days=10)
    assert expire_old() == 1 and fresh(later).ended_at and fresh(moved).ended_at is None


def test_a_referral_under_way_stays_in_the_sight_of_whose_work_it_is(wait: Any) -> None:
    """A month ends what a hospital was given, half a year what the desks hold: as long as the person is there, or a
    school's request is not answered, neither is out of sight, and afterwards both end."""
    here, asked = referred(acknowledged(RED)), submitted(YELLOW)
    actions.receive(actor=actor("fang"), referral=here)
    still = referred(acknowledged(YELLOW))  # which nobody takes

    def seen() -> dict[str, set[Any]]:
        found = {}
        for name in ("zhou", "chen", "fang", "ye"):
            with identity(actor(name)):
                found[name] = {one.pk for one in sound(actor(name), visible_referrals(actor(name)))}
        return found

    for day in range(29, 400, 29):
        wait(days=29)
        end_grants()
        assert here.pk in seen()["fang"] and seen()["ye"] == set(), day
        assert {here.pk, asked.pk} <= seen()["zhou"] and seen()["chen"] == {asked.pk}, day
        assert (still.pk in seen()["fang"]) is (day == 29), "a letter that nobody has taken keeps nothing alive"
    actions.withdraw(actor=actor("zhou"), referral=fresh(here))
    wait(days=31)
    end_grants()
    assert here.pk not in seen()["zhou"] | seen()["fang"]


def test_one_that_cannot_follow_its_case_is_told_to_the_county_and_the_city(db: None) -> None:
    """Its case may have risen, and its clocks go on as before: the log alone is read by nobody."""
    referral = referred(acknowledged(YELLOW))
    nobody = Referral(pk=uuid7(), case_id=referral.case_id)
    for _again in range(2):
        assert _does(actions.follow_case, nobody) is False
    with identity(TICKER):
        told = Notice.objects.filter(kind="clock_stuck")
        assert {one.target for one in told} == {f"case:{fresh(referral).case.reference}", ""} and told.count() == 2
