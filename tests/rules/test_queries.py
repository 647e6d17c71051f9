"""The queries of a list do not follow its rows: each is asked with a few rows and with many, on one stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions as cases
from cases.drafts import DraftKind
from cases.models import Case, PaperSheet
from cases.paper_number import PaperKind, shown
from cases.session import Meeting
from tests.cases.review_stage import begun, call_of, restriction, strangers
from tests.exchange.stage import rang, seated
from tests.stage import RED, YELLOW, actor, call, covered, fresh, managed, referred, signed_in
from wellbeing.ids import uuid7
from wellbeing.workdays import now

# Every list of a desk, by who has it open; those OF_CASE are of one case that is worked on all the while.
OF_CASE = ("case", "case_file", "person_file")
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
        *OF_CASE,
    ),
    "zhou": ("board", "case_list", "referral_list", "ended_cases", "glass", "record_requests"),
    "fang": ("referral_list",),
}
FEW, MORE = 2, 2  # rows of each list, and those that come to them
ALWAYS = ("app.session", "signin_session", "SAVEPOINT")  # a session that is renewed now and then


def set_rows(count: int, first: int, kept: Case, numbers: Iterator[str]) -> None:
    """So many rows for every list: calls red and grave, referred, managed, handed over; rings, drafts, notes, sheets."""
    for number in range(first, first + count):
        referred()
        managed(YELLOW)
        often = next(numbers)
        for kind in ("harassing", "silent"):
            for _time in range(3):
                call({"call_kind": kind, "caller_number": often}, by="gao")
        restriction(next(numbers))
        red = call(RED | {"caller_number": next(numbers)})
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
        cases.log_session(actor=actor("chen"), case=fresh(kept), kind=Meeting.SESSION, words={"free": "谈"})


def asked(browsers: dict[str, Client], kept: Case) -> dict[tuple[str, str], list[str]]:
    """The queries of each list, once everything that a process keeps is warm."""
    found = {}
    for who, routes in LISTS.items():
        for route in routes:
            address = reverse(route, args=[kept.reference] if route in OF_CASE else [])
            assert browsers[who].get(address).status_code == 200, (who, route)
            with CaptureQueriesContext(connection) as queries:
                browsers[who].get(address)
            found[who, route] = [
                one["sql"] for one in queries.captured_queries if not any(map(one["sql"].count, ALWAYS))
            ]
    return found


def test_no_list_asks_more_often_for_more_rows(db: None) -> None:
    browsers = {who: signed_in(who) for who in LISTS}
    seated(ago=timedelta(days=1))
    kept, numbers = managed(YELLOW), strangers()
    set_rows(FEW, 0, kept, numbers)
    few = asked(browsers, kept)
    set_rows(MORE, FEW, kept, numbers)
    many = asked(browsers, kept)
    more = {where: len(many[where]) - len(few[where]) for where in few if len(many[where]) > len(few[where])}
    assert more == {}, {where: many[where][-3:] for where in more}
