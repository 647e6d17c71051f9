"""The queries of a list do not follow its rows: each is asked with a few rows and with many, on one stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions as cases
from cases.drafts import DraftKind
from cases.models import PaperSheet
from cases.paper_number import PaperKind, shown
from referrals.models import Referral
from tests.cases.leave_stage import managed
from tests.cases.review_stage import begun, call_of, restriction
from tests.exchange.stage import rang, seated
from tests.stage import RED, YELLOW, actor, call, covered, referred, signed_in
from wellbeing.ids import uuid7
from wellbeing.workdays import now

# Every list of a desk, by who has it open; `person_file` is of the person with all the cases' first.
LISTS = {
    "lin": ("new_call", "case_list", "call_backs", "rings", "call_line", "callers", "shift", "board", "paper_sheets"),
    "su": ("live_desks", "reviews", "restrictions", "rings", "callers", "seats", "shift"),
    "chen": (
        "steps",
        "waiting_steps",
        "handovers",
        "case_list",
        "referral_list",
        "paper_sheets",
        "exports",
        "interviews",
    ),
    "zhou": ("board", "case_list", "referral_list", "ended_cases", "glass", "record_requests"),
    "fang": ("referral_list",),
}
FEW, MANY = 2, 7


def set_rows(count: int, first: int) -> None:
    """So many rows for every list: calls red and grave, referred, managed, handed over; rings, drafts, notes, sheets."""
    for number in range(first, first + count):
        referral: Referral = referred()
        managed()
        for kind in ("harassing", "silent"):
            for _often in range(3):
                call({"call_kind": kind, "caller_number": f"0580-{1_000_000 + number}"}, by="gao")
        restriction(f"0580-{2_000_000 + number}")
        red = call(RED | {"caller_number": f"0580-{3_000_000 + number}"})
        cases.ask_caller(actor=actor("lin"), case=red, why="danger")
        cases.write_debriefing(actor=actor("lin"), call_id=call_of(red).pk, text="难")
        cases.hand_over_shift(actor=actor("lin"), text="一例红色")
        cases.save_draft(actor=actor("lin"), draft_id=uuid7(), kind=DraftKind.CALL, words={"name": "甲"}, base=0)
        begun()
        rang(f"runs {number}", ended=False, ago=timedelta(minutes=number + 1))
        rang(f"ended {number}", ago=timedelta(minutes=30 + number))
        cases.hand_back(actor=actor("chen"), handover_id=covered().pk)
        for who, kind, entered in (("lin", PaperKind.CALL, call), ("chen", PaperKind.CONCERN, None)):
            sheet: PaperSheet = cases.print_sheets(actor=actor(who), kind=kind, count=1)
            if entered:
                words = cases.CallSheet(words=YELLOW, paper=shown(sheet.pk), started_at=now())
                cases.take_call(actor=actor(who), call=words)
        assert referral.case_id


def asked(browsers: dict[str, Client]) -> dict[tuple[str, str], list[str]]:
    """The queries of each list, once everything that a process keeps is warm."""
    found = {}
    for who, routes in LISTS.items():
        for route in routes:
            ask: Callable[[], Any] = lambda who=who, route=route: browsers[who].get(reverse(route))  # noqa: E731
            assert ask().status_code == 200, (who, route)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                ask()
            found[who, route] = [one["sql"] for one in queries.captured_queries]
    return found


def test_no_list_asks_more_often_for_more_rows(db: None) -> None:
    browsers = {who: signed_in(who) for who in LISTS}
    seated(ago=timedelta(days=1))
    set_rows(FEW, 0)
    few = asked(browsers)
    set_rows(MANY, FEW)
    many = asked(browsers)
    more = {where: len(many[where]) - len(few[where]) for where in few if len(many[where]) > len(few[where])}
    assert more == {}, {where: many[where][-3:] for where in more}
