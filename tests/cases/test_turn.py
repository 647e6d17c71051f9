"""Two acts at the same moment: the same one is done once, and none goes on beside another that shuts the file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection

from cases import actions
from cases.models import SealedAsk
from tests.cases.glass_stage import opened
from tests.cases.review_stage import call_of, harassed
from tests.stage import actor, at_once, call, fresh
from wellbeing.access.actor import identity
from wellbeing.workdays import now


def twice(act: Callable[[], Any]) -> list[str]:
    """What becomes of an act that is done twice at once."""
    return at_once(lambda _nth: act(), range(2))


def test_a_review_and_a_restriction_begin_once(committed: Any) -> None:
    su, of, caller = actor("su"), call_of(call(by="gao")).pk, harassed().pk
    for _again in range(3):
        assert "begun" in twice(lambda: actions.begin_review(actor=su, call_id=of))
        assert "restricted" in twice(lambda: actions.restrict_caller(actor=su, call_id=caller, days=7))


def meanwhile(work: Callable[[], Any], *acts: Callable[[], Any]) -> list[str]:
    """What becomes of acts beside a case while somebody works on it and has not committed yet; each waits for her."""
    answers = list[str]()

    def one(act: Callable[[], Any]) -> None:
        try:
            act()
            answers.append("done")
        except Exception as refused:  # what a thread raises nobody would see
            answers.append(type(refused).__name__)
        finally:
            connection.close()

    others = [threading.Thread(target=one, args=[act]) for act in acts]
    with identity(actor("gao")):
        work()
        for other in others:
            other.start()
        for other in others:
            other.join(1)
        assert not answers
    for other in others:
        other.join()
    return answers


def test_whoever_writes_beside_a_case_waits_for_whoever_works_on_it(committed: Any) -> None:
    case, gao, until = call(by="gao"), actor("gao"), now() + timedelta(days=30)
    taken, glass = call_of(case).pk, opened(case)

    def works(act: Callable[..., Any]) -> Callable[[], Any]:
        return lambda: act(actor=gao, case=fresh(case), because="家里不能去电话")

    acts = (
        lambda: actions.begin_review(actor=actor("su"), call_id=taken),
        lambda: actions.set_hold(actor=actor("zhou"), reference=case.reference, why="lawsuit", until=until),
        lambda: actions.write_debriefing(actor=gao, call_id=taken, text="很难的一通电话"),
        lambda: actions.ask_sealed(actor=actor("lin"), glass_id=glass.pk, why="rescue"),
    )
    assert meanwhile(works(actions.stop_contact), *acts) == ["done"] * 4
    with identity(actor("lin")):
        ask = SealedAsk.objects.get()
    assert meanwhile(works(actions.ask_contact), lambda: actions.confirm_sealed(actor=actor("he"), ask_id=ask.pk)) == [
        "done"
    ]


def test_no_glass_is_broken_beside_the_closing_of_its_file(committed: Any) -> None:
    case = call({"caller_kind": "self", "name": "小满", "narrative": "想找人说说话"}, by="gao")

    def work() -> None:
        actions.close_case(actor=actor("gao"), case=case, reason="no_concern")

    assert meanwhile(work, lambda: opened(case)) == ["Forbidden"]
