"""AZ-7: outside, a file that may not go and no file are the same to the byte, on the same day, by the same work.

Two requests at one county's counter, examined by another's: one about somebody of whom there is a file, the other about
nobody. The counter's pages and papers are asked before the day, on the day before it, after it and once handed over, and
both answers are compared, their length, and every statement that the database was asked.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions
from cases.models import Case, RecordAnswer, RecordRequest
from cases.record_sheets import reply_sheet
from tests.cases.records_stage import ASKING, SAID, decided, proposed
from tests.pdf.reading import own_words, text
from tests.proofs.city import Clock, clock
from tests.proofs.pages import NEW, text_of
from tests.proofs.proof import Found, Proof, each_caught
from tests.stage import GREEN, RED, YELLOW, acknowledged, actor, call, fresh, signed_in
from wellbeing.access.actor import identity
from wellbeing.workdays import now

PAGES = ("record_request", "record_reply", "record_reply_pdf", "hand_out_records")
AROUND = timedelta(hours=1)  # of the moment from which a reply may be printed
WAYS = {"guardian": "documents", "person": "documents", "court": "letter", "police": "officers"}
WORK = re.compile(r"'[^']*'|\b\d+\b|s\d+_x\d+")  # of a statement, what it is asked for

WITH_FILE = set[Any]()  # the requests of this process about which there is a file: what a planted fault goes by


def _closed() -> Case:
    case = call(GREEN)
    actions.close_case(actor=actor("lin"), case=case, reason="no_concern")
    return case


def _unreachable() -> Case:
    case = acknowledged({**RED, "narrative": SAID})
    actions.stop_contact(actor=actor("zhou"), case=case, because="家中有危险")
    return case


FILES: dict[str, Callable[[], Case]] = {
    "a red one": lambda: call({**RED, "narrative": SAID}),
    "one under way": lambda: acknowledged({**YELLOW, "narrative": SAID * 40}),
    "one that was closed": _closed,
    "one whose home must not be reached": _unreachable,
}


@dataclass
class Counter:
    """Ye's counter, where both requests were received."""

    chance: random.Random
    tried: int = 0
    faults: list[str] = field(default_factory=list)

    def pair(self, file: str, asker: str, time: Clock) -> None:
        """One pair from its receiving to its answer."""
        case = FILES[file]()
        given = {"asker": asker, "division": "330902", "words": ASKING | {"document": "(2026)示例1号"}}
        rows = [actions.receive_record_request(actor=actor("ye"), **given) for _twice in range(2)]
        for row, about in zip(rows, (case, None), strict=True):
            actions.check_asker(actor=actor("ye"), reference=row.reference, how=WAYS[asker])
            words = about.reference if about else "ZS-2222-2222"
            actions.take_up_record(actor=actor("zhou"), reference=row.reference, words=words)
            proposed(row, fresh(about) if about else None)
            decided(row)
        WITH_FILE.add(rows[0].pk)
        ye = signed_in("ye")
        with identity(actor("ye")):
            first, second = (RecordRequest.objects.get(pk=row.pk).due_at for row in rows)
            left = first - now()
        if first.date() != second.date():
            self.faults.append("another day")
        for moment, spans, status in (
            ("at once", timedelta(), 422),
            ("before its day", left - AROUND, 422),
            ("on its day", 2 * AROUND, 200),
        ):
            time.wait(seconds=spans.total_seconds())
            for name in PAGES:
                ye.get(reverse(name, args=[rows[0].reference]))  # whatever is read once is read
                self.compare(f"{name} {moment} about {file}", ye, rows, name, status)
        listed = text_of(ye.get(reverse("record_requests")))
        if not all(row.reference in listed for row in rows) or case.reference in listed:
            self.faults.append("the list")
        with identity(actor("ye")):
            if RecordAnswer.objects.exists():
                self.faults.append("the counter is shown an answer: it names the case")
        for row in rows:
            handed = {"how": "in_person" if WAYS[asker] == "documents" else "officer", "key": row.pk}
            if ye.post(reverse("hand_out_records", args=[row.reference]), handed).status_code != 302:
                self.faults.append("it cannot be handed out")
        self.compare(f"handed out about {file}", ye, rows, "record_request", 200)

    def compare(self, what: str, ye: Client, rows: list[RecordRequest], name: str, status: int) -> None:
        self.tried += 1
        (first, work), (second, same_work) = (asked(ye, row, name) for row in rows)
        paper = name == "record_reply_pdf" and first.status_code == 200
        wrong = {
            "status": first.status_code != second.status_code or ("reply" in name and first.status_code != status),
            "length": first.headers.get("Content-Length") != second.headers.get("Content-Length"),
            "work": work != same_work,
            "headers": _headers(first, rows[0]) != _headers(second, rows[1]),
            "words": first.content != second.content if paper else body(first, rows[0]) != body(second, rows[1]),
            "paper": paper and ("没有可以提供的记录" not in text(first.content) or "DQ-" in text(first.content) + own_words(first.content)),
        }  # fmt: skip
        self.faults += [f"{what}: {one}" for one, is_so in wrong.items() if is_so]


def body(answer: Any, row: RecordRequest) -> str:
    """A page without what differs by itself: its own reference, and tokens."""
    return NEW.sub(r"\1", text_of(answer)).replace(row.reference, "REF")


def _headers(answer: Any, row: RecordRequest) -> list[tuple[str, str]]:
    return sorted((name, value.replace(row.reference, "REF")) for name, value in answer.items())


def asked(client: Client, row: RecordRequest, name: str) -> tuple[Any, list[str]]:
    """The answer of a page, and the statements that the database was asked for it."""
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(reverse(name, args=[row.reference]))
    return answer, [WORK.sub("?", one["sql"]) for one in seen.captured_queries]


def answered(tries: int, seed: int, _city: SimpleNamespace) -> Found:
    """Pairs of every kind of file and asker in turn, until so many answers were compared."""
    chance = random.Random(seed)
    counter, deck = Counter(chance), [(file, asker) for file in FILES for asker in WAYS]
    chance.shuffle(deck)
    while counter.tried < tries:
        with clock() as time, transaction.atomic():
            counter.pair(*deck[0], time)
            transaction.set_rollback(True)
        deck.append(deck.pop(0))
    return Found(counter.tried, len(counter.faults), "; ".join(counter.faults[:2]))


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each by itself: another sentence where there is a file, a look more, a paper that is longer."""

    def of(more: Callable[[RecordRequest, Any], Any]) -> Found:
        with telling(more):
            return answered(tries, seed, city)

    def said(_row: RecordRequest, sheet: Any) -> Any:
        return replace(sheet, lead=sheet.lead[::-1])

    def looked(row: RecordRequest, sheet: Any) -> Any:
        RecordRequest.objects.filter(pk=row.pk).exists()
        return sheet

    return each_caught({"another order of words": of(said), "a look more": of(looked)})


@contextmanager
def telling(more: Callable[[RecordRequest, Any], Any]) -> Iterator[None]:
    """The reply of a request about a file is another one."""

    def reply(row: RecordRequest) -> Any:
        return more(row, reply_sheet(row)) if row.pk in WITH_FILE else reply_sheet(row)

    with mock.patch("cases.record_views.reply_sheet", reply):
        yield


PROOF = Proof("AZ-7", "requests whose answer tells of a file", answered, planted, 13, 208, 13_000, city=True)
