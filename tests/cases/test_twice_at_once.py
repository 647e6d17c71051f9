"""The same act from two pages at the same moment: one is done, the other is told that somebody was first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from cases import actions
from tests.cases.review_stage import call_of, harassed
from tests.stage import actor, call
from wellbeing.errors import WrongState


def twice(act: Callable[[], Any]) -> list[str]:
    """What becomes of an act that is done twice at once."""
    at_once = threading.Barrier(2)

    def one(_number: int) -> str:
        at_once.wait()
        try:
            act()
        except WrongState as late:
            return late.state
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, range(2)))


def test_a_review_and_a_restriction_begin_once(committed: Any) -> None:
    su, of, caller = actor("su"), call_of(call(by="gao")).pk, harassed().pk
    for _again in range(3):
        assert "begun" in twice(lambda: actions.begin_review(actor=su, call_id=of))
        assert "restricted" in twice(lambda: actions.restrict_caller(actor=su, call_id=caller, days=7))
