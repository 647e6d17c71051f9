"""A school counsellor works by next step: page by page, at the same number of queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import steps
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.models import Deadline
from tests.cases.school_stage import report
from tests.stage import actor, call, managed, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.workdays import now


def test_cases_stand_by_next_step_page_by_page_at_the_same_number_of_queries(db: None, wait: Any) -> None:
    def pages(client: Client) -> dict[str, int]:
        found = {}
        for name in ("steps", "waiting_steps", "handovers", "log_group", "report_concern"):
            client.get(reverse(name))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(reverse(name)).status_code == 200
            found[name] = len(queries)
        return found

    chen = signed_in("chen")
    assert "这里没有待办" in chen.get(reverse("steps")).content.decode()
    report("小一")
    few = pages(chen)
    for number in range(30):
        report(f"小{number}")
    managed()
    assert pages(chen) == few
    by = actor("chen")
    with identity(by):
        first = steps.next_steps(by, limit=20)
        rest = steps.next_steps(by, after=steps.Mark(first[-1].due_at, first[-1].pk), limit=50)
        assert len({row.case_id for row in (*first, *rest)}) == len(first) + len(rest) == 32
        counted = steps.counts(by)
        assert sum(counted.values()) == 32 and counted["overdue"] == 0
    page = chen.get(reverse("steps")).content.decode()
    assert "显示更多" in page and page.count('class="step"') == 25
    wait(days=30)
    with identity(actor("chen")):
        assert steps.counts(actor("chen"))["overdue"] == 32
    case = report("小岸")
    with identity(Actor.machine("test")):
        _clocks.stop(case, ClockKind.FOLLOW_UP)
    assert "小岸" in chen.get(reverse("waiting_steps")).content.decode()


def test_a_red_clock_stands_before_any_number_that_are_longer_overdue(db: None) -> None:
    """A week's overdue call-backs, and the one of yesterday's red call: the list of the hotline begins with it."""
    red, paler = call(), [call() for _one in range(steps.DUE)]
    with identity(Actor.machine("test")):
        due = Deadline.objects.filter(kind=ClockKind.CALLBACK)
        due.filter(case=red).update(due_at=now() - timedelta(seconds=1))
        due.filter(case__in=paler).update(due_at=now() - timedelta(days=7), tier="yellow", tier_rank=2)
    lin = actor("lin")
    with identity(lin):
        found = steps.due_next(lin)
    assert found[0].case_id == red.pk and len(found) == steps.DUE


def test_a_counsellor_s_list_begins_with_her_red_cases(db: None, wait: Any) -> None:
    """After a screening dozens are overdue; the one that rose to red an hour ago is on no later page."""
    for number in range(steps.PAGE + 5):
        report(f"小{number}")
    wait(days=30)
    case = managed()
    page = signed_in("chen").get(reverse("steps")).content.decode()
    assert case.reference in page and page.index(case.reference) < page.index("<h2>超时")
    rest = signed_in("chen").get(reverse("steps"), {"from": "overdue"}).content.decode()
    assert case.reference not in rest
