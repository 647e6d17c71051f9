"""AN-1 to AN-4: an anonymous caller stays one, for whoever holds a dump, administers, or reads the logs.

AN-1 is linkage.py, AN-2 callers_numbers.py. AN-3: whoever administers, or works elsewhere, is shown the same rows whether
a caller is known or new, and none of them says when the call began; nothing that is kept says it finer than a minute,
but for the exchange's own row. AN-4: what the exchange says, in whatever wrong shape, leaves no number in a log, an
answer, what a command prints, or a table.
"""

from __future__ import annotations

import io
import json
import logging
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import psycopg
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from cases.actions import CallSheet, take_call
from tests.exchange.stage import KEY, product
from tests.exchange.test_records import ROW
from tests.proofs.callers_numbers import a_key_left_behind, a_yes_for_ever, read
from tests.proofs.canaries import Marks, listening
from tests.proofs.linkage import dumped, linked, one_key_for_ever
from tests.proofs.pages import text_of
from tests.proofs.proof import Found, Proof, each_caught
from tests.proofs.stolen_dump import Dump
from tests.stage import actor, call
from wellbeing.access.actor import identity
from wellbeing.action import Outcome
from wellbeing.exchange.records import BadRow
from wellbeing.exchange.signing import sign
from wellbeing.workdays import now

ELSEWHERE = ("shen", "sun", "an", "jian", "ye", "tao", "mallory")
NEAR, AGO = timedelta(minutes=15), timedelta(minutes=47)
WORDS = {"caller_kind": "self", "narrative": "示例"}
TABLES = (
    "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
    " WHERE schemaname IN ('public', 'vault') ORDER BY 1"
)
EXACT = ("public.exchange_ring",)  # the exchange's calls, by the second: its waits are counted from them
# What is new in every row: ids, references, moments, numbers of rows.
NEW = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2}-[A-Z2-9]{4}-[A-Z2-9]{4}|\b[0-9a-f]{32,}\b"
    r"|\d{4}-\d\d-\d\dT[\d:.]+(?:[+-][\d:]+|Z)?|(?<=\"id\": )\d+"
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d(?::?\d\d)?|Z)?")


def correlated(city: SimpleNamespace) -> Found:
    """Two calls that differ in who calls alone, each undone, and what everybody elsewhere is shown of either."""
    call(WORDS | {"caller_number": "13911111111"})
    with transaction.atomic():
        before = _rows(ELSEWHERE)
        transaction.set_rollback(True)
    shown, faults = {}, list[str]()
    for number in ("13911111111", "13922222222"):
        with transaction.atomic():
            began = _called(number)
            shown[number] = {name: rows - before[name] for name, rows in _rows(ELSEWHERE).items()}
            transaction.set_rollback(True)
        for name, rows in shown[number].items():
            faults += [f"{name} is shown when it began: {row[:40]}" for row in rows if _tells(row, began, NEAR)]
    known, stranger = ({name: _plain(rows) for name, rows in one.items()} for one in shown.values())
    for name in ELSEWHERE:
        differ = (known[name] - stranger[name]) + (stranger[name] - known[name])
        faults += [f"{name} is shown who called: {row[:60]}" for row in differ]
    faults += [] if sum(sum(rows.values()) for rows in known.values()) else ["nobody was shown anything: no proof"]
    return Found(2 * len(ELSEWHERE), len(faults), "; ".join(faults[:2]))


def kept_exactly(city: SimpleNamespace) -> Found:
    """A call that is logged and kept: no new row of a dump says its beginning finer than a minute."""
    before, began = _dumped(city), None
    began = _called("13933333333")
    new = _dumped(city) - before
    faults = [
        row for row in new if not row.startswith(EXACT) and _tells(row, began, timedelta(minutes=1), exactly=True)
    ]
    return Found(sum(new.values()), len(faults), "; ".join(row[:60] for row in faults[:2]))


def told(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """So many sayings of the exchange, sound and unsound, by its webhook, its script and its records."""
    chance, marks, log, said = random.Random(seed), Marks(), io.StringIO(), list[tuple[str, bytes]]()
    with listening(log), override_settings(EXCHANGE_KEY=KEY):
        for nth in range(tries):
            said.append(_by_webhook(marks, nth, chance))
        said += _by_records(marks)
    said += _by_script(marks)
    said.append(("log", log.getvalue().encode()))
    dump = Dump.of(city.superuser_url)
    said += [(where, text.encode()) for where, text in dump.texts()] + list(dump.bytes())
    faults = [where for where, content in said if marks.inside(content)]
    return Found(tries, len(faults), "; ".join(dict.fromkeys(faults)))


def _by_webhook(marks: Marks, nth: int, chance: random.Random) -> tuple[str, bytes]:
    number, at = marks.number(), now().isoformat()
    sound = {"call": f"c{chance.randrange(30)}", "event": "ringing", "at": at, "line": "2912345", "number": number}
    shapes: tuple[Any, ...] = (
        sound,
        sound | {"event": "answered", "seat": "8001"},
        sound | {"number": f"tel:{number}"},
        sound | {"number": [number]},
        sound | {"line": f"{number}?"},
        sound | {"seat": f"{number} 8001"},
        sound | {"event": number},
        sound | {"at": number},
        [number],
        number,
        sound | {"call": f"c\n{number}"},
        sound | {"more": number * 500},
    )
    whole = nth < len(shapes)
    body = json.dumps(shapes[nth % len(shapes)]).encode()[: None if whole else chance.choice((None, None, -2))]
    stamp = str(int(now().timestamp()))
    signature = sign(KEY if whole or chance.random() < 0.7 else "another", stamp, body)
    client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
    answer = client.post(
        reverse("exchange_events"), body, "application/json", HTTP_X_TIMESTAMP=stamp, HTTP_X_SIGNATURE=signature
    )
    return f"answer {answer.status_code}", repr(answer.items()).encode() + text_of(answer).encode()


def _by_records(marks: Marks) -> Iterator[tuple[str, bytes]]:
    """The command, with a sound file and ones that it refuses."""
    row = ROW.format(answer="", disposition="NO ANSWER", call=7)
    named = "call,offered,ended,number,line\n"
    for text in (
        row.replace("13800000000", marks.number()),
        row.replace("13800000000", f"x{marks.number()}"),
        row.replace("2026-11-01 22:18:00", marks.number()),
        f"{marks.number()},1\n",
        f"{named}k1,2026-11-01 22:00:00,2026-11-01 22:10:00,{marks.number()},{marks.number()}?\n",
        f"{named}k2,{marks.number()},2026-11-01 22:10:00,,2912345\n",
    ):
        out, err = io.StringIO(), io.StringIO()
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            Path(file.name).write_text(text)
            try:
                call_command("import_calls", file.name, stdout=out, stderr=err)
            except CommandError as refused:
                err.write(str(refused))
        yield "what import_calls prints", (out.getvalue() + err.getvalue()).encode()


def _by_script(marks: Marks) -> Iterator[tuple[str, bytes]]:
    """The exchange's script, when it is heard and when it is not."""
    script = Path(settings.BASE_DIR) / "deploy/exchange.py"
    with tempfile.TemporaryDirectory() as folder, product(Path(folder)) as (wire, env):
        for deaf in (False, True):
            wire.deaf = deaf
            command = [sys.executable, str(script), "ringing", "s1", "2912345", marks.number(), "8001"]
            done = subprocess.run(command, env=env, capture_output=True, check=False)
            yield "what the script prints", done.stdout + done.stderr


def _called(number: str) -> datetime:
    """A call that began a while ago, at a second that is no full minute."""
    began = (now() - AGO).replace(second=41, microsecond=77)
    sheet = CallSheet(words=WORDS | {"caller_number": number}, division="330902", started_at=began, length_min=40)
    take_call(actor=actor("lin"), call=sheet)
    return began


def _rows(people: tuple[str, ...]) -> dict[str, Counter[str]]:
    """Every row of every table that each is shown, as text."""
    found = {}
    for name in people:
        with identity(actor(name)), connection.cursor() as cursor:
            cursor.execute(TABLES)
            found[name] = _texts(cursor, [table for (table,) in cursor.fetchall()])
    return found


def _dumped(city: SimpleNamespace) -> Counter[str]:
    with psycopg.connect(city.superuser_url) as thief, thief.cursor() as cursor:
        cursor.execute(TABLES)
        return _texts(cursor, [table for (table,) in cursor.fetchall()])


def _texts(cursor: Any, tables: list[str]) -> Counter[str]:
    found = Counter[str]()
    for table in tables:
        cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
        if cursor.fetchone()[0]:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            found.update(f"{table} {_readable(row)}" for (row,) in cursor.fetchall())
    return found


def _readable(row: str) -> str:
    """Bytes that are words, as words: the body of an event."""

    def words(held: re.Match[str]) -> str:
        try:
            return bytes.fromhex(held[1]).decode()
        except ValueError:
            return f"{len(held[1]) // 2} bytes"

    return re.sub(r"\\\\x([0-9a-f]*)", words, row)


def _plain(rows: Counter[str]) -> Counter[str]:
    found = Counter[str]()
    for row, count in rows.items():
        found[NEW.sub("…", row)] += count
    return found


def _tells(row: str, began: datetime, near: timedelta, *, exactly: bool = False) -> bool:
    """Whether a row says a moment that is so near to another; `exactly`: one that is no full minute."""
    for text in MOMENT.findall(row):
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            continue
        at = at if at.tzinfo else at.replace(tzinfo=began.tzinfo)
        if abs(at - began) < near and not (exactly and at.second == at.microsecond == 0):
            return True
    return False


def anonymous(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """All four: so many questions by the indexes, a tenth of it steps with numbers, a fiftieth calls and sayings."""
    chance, few = random.Random(seed), max(12, min(300, tries // 50))
    parts = (
        linked(tries, chance),
        dumped(few, seed, city),
        read(tries // 8, seed, city),
        correlated(city),
        kept_exactly(city),
        told(few, seed, city),
    )
    first = "; ".join(one.first for one in parts if one.broken)
    return Found(sum(one.tried for one in parts), sum(one.broken for one in parts), first)


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each part by itself with a fault of its own."""
    plants = {}
    with one_key_for_ever():
        plants["linked by the index"] = linked(tries, random.Random(seed))
        plants["linked by the dump"] = dumped(12, seed, city)
    with a_key_left_behind():
        plants["a number's key left behind"] = read(0, seed, city)
    with a_yes_for_ever(city):
        plants["a yes for ever"] = read(60, seed, city)
    with chatty(mark=lambda call: int.from_bytes(bytes(call.caller_index), "big")):
        plants["who called, told to the audit"] = correlated(city)
    with chatty(began=lambda call: call.started_at):
        plants["when it began, told to the audit"] = correlated(city)
    with chatty(began=lambda call: call.started_at + timedelta(seconds=41)):
        plants["when it began, kept exactly"] = kept_exactly(city)
    with talking():
        plants["a number in the log"] = told(8, seed, city)
    with repeating():
        plants["a number printed"] = told(1, seed, city)
    return each_caught(plants)


@contextmanager
def chatty(**facts: Any) -> Iterator[None]:
    """The event of a call says more than its tier."""

    def outcome(case: Any, **more: Any) -> Outcome[Any]:
        (made,) = case.calls.all()
        return Outcome(case, **more | {"facts": more["facts"] | {name: fact(made) for name, fact in facts.items()}})

    with mock.patch("cases.actions.take_call.Outcome", outcome):
        yield


@contextmanager
def talking() -> Iterator[None]:
    """Whoever seals a number writes it down."""
    from wellbeing.exchange.access import seal_number as seal

    def talkative(ring: Any, number: str) -> None:
        logging.getLogger("wellbeing.exchange").info(number)
        seal(ring, number)

    with mock.patch("wellbeing.exchange.actions.hear.seal_number", talkative):
        yield


@contextmanager
def repeating() -> Iterator[None]:
    """A row that cannot be read is repeated where it should be named."""

    def calls(rows: Any, **_more: Any) -> Iterator[BadRow]:
        yield from (BadRow(line, ",".join(cells)) for line, cells in rows)

    with mock.patch("wellbeing.exchange.management.commands.import_calls.calls", calls):
        yield


PROOF = Proof("AN-1-4", "ways to an anonymous caller", anonymous, planted, 500, 4_000, 200_000, 400, city=True)
