"""The list of columns of envelopes: each once, and found by the kind of its keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wellbeing.vault import columns as module
from wellbeing.vault.columns import Column, columns, name_columns

ENTRY = Column("case", "cases_entry", "sealed", "cases.entry", "t.case_id", "''")


def test_a_column_is_named_once_and_found_by_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_columns", [])
    note = replace(ENTRY, kind="note", table="cases_note")
    name_columns(ENTRY, note)
    name_columns(note)
    assert columns() == [ENTRY, note]
    assert (columns("case"), columns("note"), columns("person")) == ([ENTRY], [note], [])
    assert (ENTRY.field, ENTRY.case) == ("sealed", "")
