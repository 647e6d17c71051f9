"""What nobody looks after any more ends by itself, and only that."""

from __future__ import annotations

from typing import Any

import pytest

from referrals import actions
from referrals.tick import _does, expire_old
from tests.stage import YELLOW, acknowledged, actor, fresh, referred


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
