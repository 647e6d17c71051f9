"""Backups: what their files refuse, who may take one, what is kept how long, and who is told when one is late."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from tests.stage import actor
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.custody.actions import note_backup, release_sending
from wellbeing.custody.backup import shelf
from wellbeing.custody.backup.keypair import PART, PRIVATE, PUBLIC, BadKey, Pair, private_key, public_key, written
from wellbeing.custody.backup.sealed_file import BadBackup, Kind, read, write
from wellbeing.custody.reasons import WhyRelease
from wellbeing.errors import Forbidden
from wellbeing.people.models import User

PK = UUID(int=7)


def sealed(pair: Pair, *pieces: bytes, note: str = "the manifest") -> bytes:
    file = io.BytesIO()
    write(file, public_key(written(PUBLIC, pair.public)), Kind.KEYS, PK, pieces, lambda: note)
    return file.getvalue()


def opened(pair: Pair, content: bytes, kind: Kind = Kind.KEYS) -> tuple[bytes, str]:
    found: list[bytes] = []
    note = read(io.BytesIO(content), private_key(written(PRIVATE, pair.private)), kind, found.append)
    return b"".join(found), note


def test_what_is_not_as_it_was_sealed_is_refused_wherever_it_was_touched() -> None:
    pair, other = Pair.new(), Pair.new()
    pieces = (b"a" * 65_529, b"", b"b" * 3, b"c" * 200_000, b"")  # the end of a frame beside the end of a record
    content = sealed(pair, *pieces)
    assert opened(pair, content) == (b"".join(pieces), "the manifest")
    assert opened(pair, sealed(pair, note="")) == (b"", "")
    places = [*range(160), *range(160, len(content), 2_011), len(content) - 1]
    mutants = [content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :] for at in places]
    mutants += [content[:at] for at in places] + [content + b"\0", content + content, b""]
    for mutant in mutants:
        with pytest.raises(BadBackup):
            opened(pair, mutant)
    for wrong, kind in ((other, Kind.KEYS), (pair, Kind.RECORDS)):
        with pytest.raises(BadBackup, match=r"another key|not a backup of records"):
            opened(wrong, content, kind)


def test_the_private_key_goes_into_two_envelopes_and_a_slip_of_the_pen_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("backup_key", "--public", tmp_path / "public", "--parts")
    first, second = (line for line in capsys.readouterr().out.splitlines() if line.startswith(PART))
    monkeypatch.setattr("builtins.input", lambda _prompt, typed=iter([first, second, first, second[:40]]): next(typed))
    call_command("backup_key", "--join", tmp_path / "private")
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o400
    key = private_key((tmp_path / "private").read_text())
    assert key.public_key() == public_key((tmp_path / "public").read_text())
    with pytest.raises(CommandError, match="not copied right"):
        call_command("backup_key", "--join", tmp_path / "again")
    with pytest.raises(CommandError, match="File exists"):
        call_command("backup_key", "--public", tmp_path / "public", "--parts")
    with pytest.raises(BadKey, match="not a line of the kind"):  # the private half where the public one belongs
        public_key((tmp_path / "private").read_text())


def test_a_backup_by_a_role_that_walls_hide_rows_from_is_refused(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    pair = Pair.new()
    (tmp_path / "public").write_text(written(PUBLIC, pair.public))
    words = ("backup", "--to", tmp_path, "--for", tmp_path / "public")
    settings.BACKUP_DATABASE_URL = committed.app_url
    with pytest.raises(CommandError, match="wellbeing_backup, which sees every row"):
        call_command(*words)
    with pytest.raises(CommandError, match="1 to 30 days"):
        call_command(*words, "--keep-keys-days", "31")
    settings.BACKUP_DATABASE_URL, settings.PG_PROGRAMS = committed.backup_url, str(tmp_path)
    with pytest.raises(CommandError, match="pg_dump was not found"):
        call_command(*words)
    assert list(tmp_path.iterdir()) == [tmp_path / "public"]  # nothing half written is left


def test_keys_go_after_thirty_days_records_stay_and_the_newest_of_each_is_never_deleted(tmp_path: Path) -> None:
    now = datetime(2026, 11, 26, 3, tzinfo=UTC)
    for days in (0, 1, 30, 31, 200):
        for kind in Kind:
            shelf.place(tmp_path, kind, now - timedelta(days=days, seconds=0 if days else 1)).touch()
    (tmp_path / "keys-of-the-house.zxb").touch()
    assert shelf.prune(tmp_path, Kind.KEYS, 30, now) == 2
    assert [(now - at).days for at, _path in shelf.kept(tmp_path, Kind.KEYS)] == [30, 1, 0]
    assert len(shelf.kept(tmp_path, Kind.RECORDS)) == 5
    assert shelf.prune(tmp_path, Kind.KEYS, 1, now + timedelta(days=400)) == 2
    assert shelf.newest(tmp_path, Kind.KEYS).name == "keys-20261126T025959Z.zxb"
    assert (tmp_path / "keys-of-the-house.zxb").exists()


def test_a_late_backup_is_shown_to_the_system_administrator_and_no_person_can_say_that_one_was_taken(db: None) -> None:
    sun, lin = Client(), Client()
    sun.force_login(User.objects.get(username="sun"))
    lin.force_login(User.objects.get(username="lin"))
    taken = {"rows": 5, "size": 70, "pruned": 0}

    def late() -> tuple[bool, bool, Any]:
        shown = ["备份" in client.get("/", follow=True).content.decode() for client in (sun, lin)]
        return shown[0], shown[1], Client().get("/health/").json()["backup_hours"]

    assert late() == (True, False, None)
    for who in ("sun", "an", "lin"):
        with pytest.raises(Forbidden):
            note_backup(actor=actor(who), **taken)
        with pytest.raises(Forbidden):
            release_sending(actor=actor(who), by=actor(who), why=WhyRelease.DRILL, unchecked=True)
    note_backup(actor=Actor.machine("backup"), **taken)
    assert late() == (False, False, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_heartbeat SET beat_at = now() - interval '26 hours 1 minute' WHERE name = 'backup'"
        )
    assert late() == (True, False, 26)
    with identity(Actor.machine("test")):
        assert b'"rows":5' in bytes(Event.objects.get(act=P.BACKUP_NOTE).body)
