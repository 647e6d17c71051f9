"""The journal of erasures: a line is there before its keys go, and what was cut from it since a backup shows."""

from __future__ import annotations

import json
import os
import resource
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured

from wellbeing.vault import journal
from wellbeing.vault.secret_file import read_secret

AT = datetime(2026, 11, 24, tzinfo=UTC)
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of nothing


def test_what_was_written_is_read_in_order_and_what_is_withheld_shows(tmp_path: Path, settings: Any) -> None:
    for nowhere in ("", str(tmp_path / "none")):
        settings.ERASURE_JOURNAL = nowhere
        assert journal.measure() == {"lines": 0, "digest": EMPTY} and journal.goes_on(journal.measure()) is False
    settings.ERASURE_JOURNAL = ""
    with pytest.raises(ImproperlyConfigured):
        journal.note([("case", UUID(int=1))], "retention", AT)
    path = tmp_path / "journal"
    settings.ERASURE_JOURNAL = str(path)
    old = os.umask(0)
    try:
        journal.note([("case", UUID(int=1)), ("person", UUID(int=2))], "retention", AT)
    finally:
        os.umask(old)
    measured = journal.measure()
    assert measured["lines"] == 2 and path.stat().st_mode & 0o777 == 0o600
    journal.note([("case", UUID(int=3))], "court", AT)
    assert list(journal.read()) == [("case", UUID(int=1)), ("person", UUID(int=2)), ("case", UUID(int=3))]
    whole = path.read_text()
    assert json.loads(whole.splitlines()[2]) == {
        **{"at": AT.isoformat(), "kind": "case", "owner": str(UUID(int=3)), "ground": "court"}
    }
    assert (
        journal.goes_on(measured) and journal.goes_on({"lines": 0, "digest": EMPTY}) and journal.measure() != measured
    )
    lines = whole.splitlines(keepends=True)
    for withheld in ("", lines[0], lines[1] + lines[0], lines[1] + lines[2], whole.replace("retention", "retentiom")):
        path.write_text(withheld)
        assert not journal.goes_on(measured)
    for wrong in ("x", "[]", "{}", '{"kind":"case","owner":"x"}', json.dumps({"owner": str(UUID(int=1))}), "7"):
        path.write_text(lines[0] + wrong + "\n")
        with pytest.raises(ValueError, match="line 2 of"):
            list(journal.read())


def test_a_full_disk_keeps_nothing_of_an_erasure_and_a_cut_line_swallows_no_other(
    tmp_path: Path, settings: Any
) -> None:
    path = tmp_path / "journal"
    settings.ERASURE_JOURNAL = str(path)
    journal.note([("case", UUID(int=1))], "retention", AT)
    before, measured = path.read_bytes(), journal.measure()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 40, hard))  # the next line has room for a part of it
    try:
        with pytest.raises(OSError, match="takes no more"):
            journal.note([("case", UUID(int=2))], "retention", AT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
    path.write_bytes(before + b'{"at": "2026')  # the machine stopped in the middle of it
    assert journal.measure() == measured
    journal.note([("case", UUID(int=3))], "retention", AT)
    with pytest.raises(ValueError, match="line 2 of"):
        list(journal.read())
    path.write_bytes(b"".join(line for line in path.read_bytes().splitlines(keepends=True) if b"2026\n" not in line))
    assert list(journal.read()) == [("case", UUID(int=1)), ("case", UUID(int=3))]


def test_a_secret_is_read_from_a_file_of_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b" s\xffcret \n" + b"x" * 5000)
    for mode in (0o400, 0o600, 0o700):
        path.chmod(mode)
        assert read_secret(str(path), "X") == ("s\ufffdcret \n" + "x" * 5000)[: 4096 - 1]
    for mode in (0o440, 0o404, 0o410, 0o401, 0o420):
        path.chmod(mode)
        with pytest.raises(ImproperlyConfigured, match="owner alone"):
            read_secret(str(path), "X")
    for nowhere in ("", str(tmp_path / "none"), str(tmp_path)):
        with pytest.raises(ImproperlyConfigured, match="no readable"):
            read_secret(nowhere, "X")
