"""Two files that end in the same moment: the danger goes on in one of them, whoever is quicker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction

from cases import actions
from cases.models import Case
from cases.telling import How, Told, Whom
from tests.cases.school_stage import report
from tests.stage import acknowledged, actor, fresh
from wellbeing.errors import Invalid


def told(case: Case) -> Case:
    """Nothing is outstanding any more."""
    actions.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    return fresh(case)


def meanwhile(first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """Do the first, and the second while its transaction is still open; what came of each."""
    done, answers, over = threading.Event(), list[str](), threading.Event()

    def runs(act: Callable[[], Any]) -> None:
        try:
            act()
            answers.append("done")
        except Invalid as refused:
            answers.append(refused.field)

    def later() -> None:
        done.wait()
        try:
            runs(second)
        finally:
            connection.close()
            over.set()

    thread = threading.Thread(target=later)
    thread.start()
    try:
        with transaction.atomic():
            runs(first)
            done.set()
            over.wait(2)  # whoever waits for a lock waits until this one is over
    finally:
        done.set()
        thread.join()
    return answers


def closes(case: Case, named: Case, who: str) -> Callable[[], Any]:
    by = actor(who)
    return lambda: actions.close_case(actor=by, case=case, reason="duplicate", note=named.reference)


def signs(case: Case, who: str) -> Callable[[], Any]:
    by = actor(who)
    return lambda: actions.confirm_lowering(actor=by, case=case)


def test_two_red_files_are_not_each_closed_as_the_duplicate_of_the_other(committed: SimpleNamespace) -> None:
    one, twin = told(acknowledged()), told(acknowledged())
    for case, named in ((one, twin), (twin, one)):
        closes(case, named, "zhou")()
    assert meanwhile(signs(one, "luo"), signs(twin, "luo")) == ["done", "confirm"]
    assert (fresh(one).status, fresh(twin).status) == ("closed", "acknowledged")


def test_no_concern_is_merged_into_a_file_that_is_being_closed(committed: SimpleNamespace) -> None:
    into, other, concern, chen = report("曾小雨"), report("曾小雨"), report("曾小雨"), actor("chen")

    def closing() -> Any:
        return actions.close_case(actor=chen, case=into, reason="no_concern")

    def merging(target: Case = into) -> Any:
        return actions.merge_concern(actor=chen, case=concern, into=target.reference)

    assert meanwhile(closing, merging) == ["done", "into"]
    assert (fresh(into).status, fresh(concern).status) == ("closed", "acknowledged")
    merging(other)
    assert fresh(concern).close_reason == "duplicate"
