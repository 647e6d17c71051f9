"""The drill itself: what is done, what must be found, and how long it took."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from cases import actions as cases
from cases.models import Case
from tests.restore_drill.station import Station
from tests.stage import GREEN, YELLOW, actor, call, fresh
from wellbeing.access.actor import identity
from wellbeing.access.machines import KEYS
from wellbeing.audit import witness
from wellbeing.audit.note import Signer
from wellbeing.audit.signing import signer
from wellbeing.custody.backup import sealed_file, shelf
from wellbeing.custody.backup.keypair import Pair, public_key
from wellbeing.custody.backup.sealed_file import Kind
from wellbeing.outbox import relay
from wellbeing.vault.sample import openable, try_some
from wellbeing.vault.stream import CHUNK, HEADER

ANSWER_FOR = ("--ground", "retention", "--first", "shen", "--second", "an")
FAULTS = (
    ("a row missing", "rows", "DELETE FROM cases_entry WHERE id = (SELECT min(id::text)::uuid FROM cases_entry)"),
    ("a data key missing", "rows", "DELETE FROM vault_datakey WHERE id = (SELECT min(id) FROM vault_datakey)"),
    ("words altered", "words", "UPDATE cases_case SET cover = set_byte(cover, 90, get_byte(cover, 90) # 1)"),
    (
        "keys of another root",
        "words",
        "UPDATE vault_divisionkey SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)",
    ),
    (
        "a checkpoint removed",
        "audit",
        "DELETE FROM audit_checkpoint WHERE size = (SELECT max(size) FROM audit_checkpoint)",
    ),
    (
        "an event altered",
        "audit",
        "UPDATE audit_event SET body = set_byte(body, 9, get_byte(body, 9) # 1) WHERE seq = 2",
    ),
)
FIRST_RECORD = 21 + 2 + 80 + HEADER  # where the records begin: magic, kind, id, length, the sealed secret


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    what: str
    found: str
    good: bool
    seconds: float


@dataclass
class Drill:
    """One drill: the city's database, an engine to restore on, and a folder for files. The `short` one plants a fault
    for each question into one copy; the long one every fault into a copy of its own."""

    city: Station
    scratch: Station
    folder: Path
    openings: int = 200
    short: bool = False
    lines: list[Line] = field(default_factory=list)

    def play(self) -> list[Line]:
        """Everything, in order. The city must hold the demo's cast."""
        settings.ERASURE_JOURNAL = str(self.folder / "erasures")
        shelf_before, shelf_after = self.folder / "before", self.folder / "after"
        for folder in (shelf_before, shelf_after):
            folder.mkdir(parents=True)
        self._own_key()
        with self.city.working("app"):
            first, second = _closed(), _closed()
            call(YELLOW)
        self._step("a case was erased before", self.city, "keys", "erase", first.reference, *ANSWER_FOR)
        self._witness()
        self._step("backup", self.city, "app", "backup", "--to", shelf_before, "--for", self.folder / "public")
        self._step("a case is erased after it", self.city, "keys", "erase", second.reference, *ANSWER_FOR)
        self._step(
            "backup of the next night", self.city, "app", "backup", "--to", shelf_after, "--for", self.folder / "public"
        )
        restored = self._restored(shelf_before)
        self._openable("before the journal is replayed it opens", restored, second, some=True)
        pristine = self.scratch.made("drill_pristine", restored)
        self._silent(restored)
        self._checked(restored)
        self._openable("after it, nothing of it opens", restored, second, some=False)
        self._newer_keys(shelf_before, shelf_after, second)
        self._files_refused(shelf_before, shelf_after)
        self._copies_refused(pristine)
        self._released(restored)
        for name in ("drill_pristine", "drill_restored", "drill_newer", "drill_fault", "drill_refused"):
            self.scratch.gone(name)
        return self.lines

    def _own_key(self) -> None:
        good, said = self.city.run(
            "app", "backup_key", "--public", self.folder / "public", "--private", self.folder / "private"
        )
        assert good, said

    def _step(self, what: str, station: Station, role: str, *words: object) -> str:
        begun = time.monotonic()
        good, said = station.run(role, *words)
        self._note(what, good, said.strip().splitlines()[-1] if said.strip() else "", begun)
        return said

    def _note(self, what: str, good: bool, found: str, begun: float) -> None:
        self.lines.append(Line(what, found, good, time.monotonic() - begun))

    def _witness(self) -> None:
        """A witness of its own, as on another machine: it keeps what it saw in a file."""
        _good, answer = self.city.run("app", "checkpoint", "--seal")
        (self.folder / "answer").write_text(answer, encoding="utf-8")
        begun = time.monotonic()
        code = witness.main(
            [str(self.folder / "answer"), "--log-key", str(signer().verifier), "--state", str(self.folder / "seen")]
        )
        self._note("a witness keeps a checkpoint", code == 0, "", begun)

    def _restored(self, files: Path) -> Station:
        restored = self.scratch.made("drill_restored")
        self._step("restore on an empty engine", restored, "owner", *self._restore(files))
        begun = time.monotonic()
        good, said = restored.run("owner", *self._restore(files))
        self._note(
            "a second restore over it is refused", not good and "not empty" in said, said.splitlines()[-1], begun
        )
        return restored

    def _restore(self, files: Path, **more: Path) -> tuple[object, ...]:
        options = [word for name, path in more.items() for word in (f"--{name}-file", path)]
        return ("restore", "--from", files, "--key", self.folder / "private", *options)

    def _check(self, station: Station) -> tuple[bool, str]:
        return station.run("keys", "check_restore", "--witness", self.folder / "seen", "--openings", self.openings)

    def _checked(self, restored: Station) -> None:
        good, said = self._check(restored)
        for line in said.strip().splitlines()[:4]:
            part, verdict, seconds, *_found = line.split()
            self.lines.append(Line(f"check: {part}", line[27:], verdict == "good", float(seconds)))
        begun = time.monotonic()
        again, _said = self._check(restored)
        self._note("checked again, the same", good and again, "", begun)

    def _openable(self, what: str, station: Station, case: Case, *, some: bool) -> None:
        begun = time.monotonic()
        with station.working("keys"), identity(KEYS):
            count = openable("case", case.pk) + openable("person", case.person_id)
        self._note(what, bool(count) == some, f"{count} envelopes of the erased case", begun)

    def _newer_keys(self, old: Path, new: Path, case: Case) -> None:
        """Old records with the keys of after the erasure, and with none: nothing to replay, and nothing opens."""
        other = self.scratch.made("drill_newer")
        keys = shelf.newest(new, Kind.KEYS)
        self._step("old records with newer keys", other, "owner", *self._restore(old, keys=keys))
        self._openable("it opens nothing, without any journal", other, case, some=False)
        other.ask("DELETE FROM vault_datakey")
        begun = time.monotonic()
        with other.working("keys"), identity(KEYS):
            sample = try_some(self.openings)
        found = f"{sample.opened} of {sample.keyless} envelopes"
        self._note("records without keys open nothing", not sample.opened and sample.keyless > 0, found, begun)

    def _files_refused(self, files: Path, later: Path) -> None:
        """What is cut, altered, put together or foreign is refused with one sentence, and nothing is restored."""
        empty = self.scratch.made("drill_refused")
        newer = "keys are older than the records"
        beside = ("keys older than the records", "records", shelf.newest(later, Kind.RECORDS).read_bytes(), newer)
        for what, name, spoilt, words in (*self._spoilt(files), beside):
            begun = time.monotonic()
            path = self.folder / "spoilt"
            path.unlink(missing_ok=True)
            path.write_bytes(spoilt)
            good, said = empty.run("owner", *self._restore(files, **{name: path}))
            ((tables,),) = empty.ask("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'vault')")
            caught = not good and words in said and tables == 0
            self._note(f"planted: {what}", caught, said.strip(), begun)
        begun = time.monotonic()
        empty.ask("CREATE FUNCTION public.app_system() RETURNS integer LANGUAGE sql AS 'SELECT 1'")
        good, said = empty.run("owner", *self._restore(files))
        ((tables,),) = empty.ask("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'vault')")
        half = not good and "already exists" in said and tables == 0
        self._note("what stops a restore midway leaves nothing", half, said.strip().splitlines()[-1], begun)

    def _spoilt(self, files: Path) -> Iterator[tuple[str, str, bytes, str]]:
        records, keys = (shelf.newest(files, kind).read_bytes() for kind in Kind)
        cut, size = "cut, altered, or put together", CHUNK + 16
        for what, at, words in (
            ("a byte flipped in the beginning", 30, "another key"),
            ("a byte flipped in the middle", len(records) // 2, cut),
            ("a byte flipped at the end", len(records) - 1, cut),
        ):
            yield what, "records", records[:at] + bytes([records[at] ^ 1]) + records[at + 1 :], words
        yield "the last record cut off", "records", records[:-size], cut
        yield "half a record cut off", "records", records[: -size // 2], cut
        one, two = (records[FIRST_RECORD + n * size : FIRST_RECORD + (n + 1) * size] for n in (0, 1))
        swapped = records[:FIRST_RECORD] + two + one + records[FIRST_RECORD + 2 * size :]
        yield "two records exchanged", "records", swapped, cut
        yield "keys in place of records", "records", keys, "not a backup of records"
        yield "another file", "keys", b"PGDMP" + keys, "no backup of this system"
        yield "sealed to another key", "keys", self._foreign(Pair.new().public), "another key"
        yield "a foreign system's, sealed to our key", "keys", self._foreign(None), "not signed by this system"

    def _foreign(self, public: bytes | None) -> bytes:
        """A file as somebody with the public key and a signer of the same name could make it."""
        from uuid import uuid4

        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        to = X25519PublicKey.from_public_bytes(public) if public else public_key((self.folder / "public").read_text())
        body = "zhoushan-wellbeing/backup/1\n{}\n"
        note = body + "\n" + Signer(signer().name, os.urandom(32)).line(body)
        path = self.folder / "foreign"
        path.unlink(missing_ok=True)
        with path.open("wb") as file:
            sealed_file.write(file, to, Kind.KEYS, uuid4(), [b"PGDMP"], lambda: note)
        return path.read_bytes()

    def _copies_refused(self, pristine: Station) -> None:
        """What is wrong with a copy is found by the question that is there for it."""
        journal = Path(settings.ERASURE_JOURNAL)
        whole = journal.read_text()
        copy = self.scratch.made("drill_fault", pristine)
        for number, (what, part, fault) in enumerate(FAULTS):
            if number and not self.short:
                copy = self.scratch.made("drill_fault", pristine)
            copy.ask("SET session_replication_role = replica; " + fault)  # no foreign key stops a thief of rows
            if not self.short:
                self._caught([(what, part)], copy)
        if not self.short:
            copy = self.scratch.made("drill_fault", pristine)
        journal.unlink()
        planted = [(what, part) for what, part, _fault in FAULTS] if self.short else []
        self._caught([*planted, ("the journal withheld", "erasures")], copy)
        journal.write_text(whole.splitlines(keepends=True)[0])
        self._caught([("the journal cut short", "erasures")], copy)
        journal.write_text(whole)

    def _caught(self, planted: list[tuple[str, str]], copy: Station) -> None:
        begun = time.monotonic()
        good, said = self._check(copy)
        refused, _said = copy.run("app", "release_sending", "--by", "sun", "--why", "drill")
        wrong = {line.split()[0]: line[27:] for line in said.splitlines() if " WRONG " in line}
        for what, part in planted:
            self._note(f"planted: {what}", part in wrong and not good and not refused, wrong.get(part, ""), begun)

    def _silent(self, restored: Station) -> None:
        """On hold nothing is delivered, whoever rings, and no clock moves."""
        begun = time.monotonic()
        waiting = "SELECT count(*) FROM outbox_notice WHERE done_at IS NULL"
        restored.ask("UPDATE outbox_notice SET done_at = NULL, not_before = now() - interval '1 hour'")
        before = restored.ask(waiting)
        restored.run("app", "ticker", "--once")
        with restored.working("app"):
            swept = relay.sweep()
        held = before == restored.ask(waiting) and before[0][0] > 0 and not swept
        self._note("on hold nothing is sent", held, f"{before[0][0]} notices wait", begun)

    def _released(self, restored: Station) -> None:
        self._step("released by a person", restored, "app", "release_sending", "--by", "sun", "--why", "drill")
        begun = time.monotonic()
        with restored.working("app"):
            swept = relay.sweep()
        self._note("then what waited is sent", swept > 0, f"{swept} notices", begun)


def _closed() -> Case:
    """A green call that its counsellor has closed."""
    case = call(GREEN)
    cases.close_case(actor=actor("lin"), case=case, reason="no_concern")
    made: Case = fresh(case)
    return made


def table(lines: list[Line], say: Callable[[str], Any]) -> bool:
    """Print the table; whether everything was as it must be."""
    for line in lines:
        say(f"{'ok ' if line.good else 'BAD'} {line.seconds:6.2f} s  {line.what:<42} {line.found}".rstrip())
    return all(line.good for line in lines)
