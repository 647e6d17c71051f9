"""Whether a restored copy is what was backed up: rows, words, audit, erasures. Numbers come out, never a word.

Erasures are replayed here, between the counting and the last question, which is whether anything erased still opens.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection

from wellbeing.access.actor import identity
from wellbeing.access.machines import KEYS
from wellbeing.audit.verify import verify
from wellbeing.custody.actions import note_restore_check, replay_erasures
from wellbeing.custody.backup import postgres
from wellbeing.custody.backup.manifest import Manifest
from wellbeing.outbox.models import Hold
from wellbeing.vault import journal
from wellbeing.vault.models import DataKeyRow
from wellbeing.vault.sample import openable, try_some

OPENINGS = 200
# What this very check writes, and what a ticker on hold does; everything else is as it was in the backup.
GROWS = ("public.audit_", "public.outbox_hold", "public.outbox_heartbeat", "vault.vault_namedkey")
NOTHING_YET = {"lines": 0, "digest": hashlib.sha256().hexdigest()}  # of a journal in which nothing stood
SHRINKS = ("public.audit_waiting",)  # its rows get their place in the tree


class Part(StrEnum):
    """The four questions."""

    ROWS = "rows"
    WORDS = "words"
    AUDIT = "audit"
    ERASURES = "erasures"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question: whether it is as it should be, in one sentence, and the seconds it took."""

    part: Part
    good: bool
    said: str
    seconds: float
    count: int


class NotRestored(Exception):
    """This database is on no hold: it was not restored, or released already."""


def check(witnessed: Sequence[str], openings: int = OPENINGS) -> list[Finding]:
    """Ask all four; what was found is on the record and on the hold. Raises NotRestored.

    Runs on the role wellbeing_keys; rows are counted by the one of BACKUP_DATABASE_URL.
    """
    with identity(KEYS):
        hold = Hold.objects.first()
    if hold is None:
        raise NotRestored
    manifests = {kind: Manifest.said(said) for kind, said in hold.manifests.items()}
    newest = manifests["records"].checkpoint if manifests else ""
    asked: dict[Part, Callable[[], tuple[bool, str, int]]] = {
        Part.ROWS: lambda: _rows(manifests, hold.ended),
        Part.WORDS: lambda: _words(openings),
        Part.AUDIT: lambda: _audit(newest, witnessed),
        Part.ERASURES: lambda: _erasures([one.journal for one in manifests.values()] or [NOTHING_YET]),
    }
    found = []
    for part, ask in asked.items():
        begun = time.monotonic()
        good, said, count = ask()
        found.append(Finding(part, good, said, time.monotonic() - begun, count))
    counts = {str(one.part): one.count for one in found}
    note_restore_check(actor=KEYS, good=all(one.good for one in found), counts=counts)
    return found


def unlike(wanted: Mapping[str, int], there: Mapping[str, int], ended: int) -> dict[str, int]:
    """The tables whose rows are not as many as in the backup, and by how many. Pure."""
    found = {}
    for table in sorted({*wanted, *there}):
        more = there.get(table, 0) - wanted.get(table, 0) + (ended if table == "vault.vault_datakey" else 0)
        if (more > 0 and not table.startswith(GROWS)) or (more < 0 and table not in SHRINKS):
            found[table] = more
    return found


def _rows(manifests: Mapping[str, Manifest], ended: int) -> tuple[bool, str, int]:
    if not manifests:
        return False, "this copy came without a manifest: its rows cannot be held against one", 0
    wanted = {table: count for one in manifests.values() for table, count in one.tables.items()}
    with postgres.snapshot(settings.BACKUP_DATABASE_URL) as (one, _name):
        there = postgres.rows(one)
        row = one.execute("SELECT current_database()").fetchone()
    assert row
    if row[0] != connection.settings_dict["NAME"]:
        return False, f"BACKUP_DATABASE_URL counts another database ({row[0]})", 0
    if wrong := unlike(wanted, there, ended):
        return False, ", ".join(f"{table} {more:+}" for table, more in wrong.items()), sum(there.values())
    return True, f"{sum(wanted.values())} rows of {len(wanted)} tables", sum(there.values())


def _words(openings: int) -> tuple[bool, str, int]:
    with identity(KEYS):
        _patience()
        sample = try_some(openings)
    said = f"{sample.opened} of {sample.tried} opened; {sample.keyless} have no key (erased, withdrawn or ended)"
    return 0 < sample.opened == sample.tried, said, sample.opened


def _audit(newest: str, witnessed: Sequence[str]) -> tuple[bool, str, int]:
    with identity(KEYS):
        _patience()
        report = verify(witnessed=[*([newest] if newest else []), *witnessed])
    if report.faults:
        said = "; ".join(str(fault) for fault in report.faults[:3])
        return False, f"{len(report.faults)} faults: {said}", report.events
    if not witnessed:
        return False, "no note of a witness was given (--witness FILE)", report.events
    said = f"{report.events} events, {report.size} leaves, what the witness saw is their beginning"
    return True, said, report.events


def _erasures(measured: Sequence[Mapping[str, Any]]) -> tuple[bool, str, int]:
    if not all(journal.goes_on(one) for one in measured):
        lines = max(one["lines"] for one in measured)
        return False, f"the journal of erasures is not there, or lacks some of the {lines} lines it had", 0
    try:
        done = replay_erasures(actor=KEYS)
    except ValueError as unreadable:
        return False, str(unreadable), 0
    with identity(KEYS):
        _patience()
        left = sum(
            openable(kind, pk) + DataKeyRow.objects.filter(owner_kind=kind, owner_id=pk).count()
            for kind, pk in set(journal.read())
        )
    said = (
        f"{done.owners} erasures replayed, {done.ended} keys destroyed again, {left} of what was erased can be opened"
    )
    held = f"; {done.held} are kept by legal holds of this copy" if done.held else ""
    return not left, said + held, done.owners


def _patience() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
