"""docs/proofs.md is what `make prove` gave: each proof has its row, and a run changes the rows of those that ran."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.proofs import table
from tests.proofs.proof import Found, Line
from tests.proofs.table import KEPT, written
from tests.proofs.test_proofs import PROOFS


def test_every_proof_has_its_row_and_no_other() -> None:
    text = KEPT.read_text()
    assert written(PROOFS, [], text, "") == text


def test_a_run_changes_its_own_row_alone() -> None:
    text = KEPT.read_text()
    ran = Line(PROOFS[3], Found(1_234, 1), Found(9, 0), 5_432.1)
    after = written(PROOFS, [ran], text, "today")
    changed = [one for one, before in zip(after.splitlines(), text.splitlines(), strict=True) if one != before]
    assert changed == [f"| {PROOFS[3].id} | {PROOFS[3].what} | `nonces.py` | 1,234 | 1 | MISSED | 5,432 | today |"]


def test_a_version_has_a_plus_once_something_else_than_the_page_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, other = tmp_path / "docs" / "proofs.md", tmp_path / "code.py"
    kept.parent.mkdir()
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for name in (kept, other):
        name.write_text("1")
    for asked in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "1"]):
        subprocess.run(["git", *asked], cwd=tmp_path, check=True)
    monkeypatch.setattr(table, "KEPT", kept)
    before = table._version()
    kept.write_text("2")
    assert table._version() == before and len(before) == 8
    other.write_text("2")
    assert table._version() == f"{before}+"
