"""A screening file: map columns to items, and report every bad cell by line and column. Pure.

A missing answer stays missing. A file with one bad row is refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cases.instruments import INSTRUMENTS
from wellbeing import sheets

MISSING = frozenset({"", "NA", "N/A", "NULL", "."})
ID_COLUMNS = ("student_no", "student_number", "学号", "seqn", "id")


class BadFile(Exception):
    """The file cannot be imported: `faults` says why, by line and column."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Row:
    """One student: the number, and the answers per instrument by item code."""

    line: int
    number: str
    answers: Mapping[str, Mapping[str, int | None]]


def read(data: bytes, mapping: str, limit: int | None = None) -> list[Row]:
    """Parse a CSV or XLSX file by a mapping such as `phq9=q1-q9,gad7=A1-A7`. Raises BadFile."""
    header, body = _table(data)
    columns = _columns(mapping, header)
    numbers = next((header.index(name) for name in ID_COLUMNS if name in header), None)
    faults: list[str] = []
    rows = []
    for line, cells in ((row.line, row.cells) for row in body[:limit]):
        answers = {
            code: {item: _answer(cells[at], line, header[at], code, faults) for item, at in items.items()}
            for code, items in columns.items()
        }
        rows.append(Row(line, cells[numbers] if numbers is not None else f"row-{line - 1}", answers))
    known: dict[str, int] = {}
    for row in rows:
        if known.setdefault(row.number, row.line) != row.line:
            faults.append(f"line {row.line}: the same student number as in line {known[row.number]}")
    if faults:
        raise BadFile(faults)
    return rows


def _table(data: bytes) -> tuple[list[str], tuple[sheets.Row, ...]]:
    """The header and the rows below it, of a CSV or XLSX file."""
    try:
        sheet = sheets.read(data)
        return list(sheet.rows[0].cells), sheet.below(0)
    except sheets.BadSheet as bad:
        raise BadFile(
            [f"{fault.place}: {fault.text % fault.values}".removeprefix(": ") for fault in bad.faults]
        ) from None


def _columns(mapping: str, header: list[str]) -> dict[str, dict[str, int]]:
    """Per instrument, the column of each item. `q1-q9` are the columns named q1 to q9."""
    found: dict[str, dict[str, int]] = {}
    for part in mapping.split(","):
        match = re.fullmatch(r"(\w+)=(\D*)(\d+)-\2(\d+)", part.strip())
        if not match or match[1] not in INSTRUMENTS:
            raise BadFile([f"the mapping {part.strip()!r} is not of the form phq9=q1-q9"])
        code, prefix, low, high = match[1], match[2], int(match[3]), int(match[4])
        names = [f"{prefix}{number}" for number in range(low, high + 1)]
        items = INSTRUMENTS[code].items
        if len(names) != len(items):
            raise BadFile([f"{code} has {len(items)} items, the mapping names {len(names)} columns"])
        lost = [name for name in names if name not in header]
        if lost:
            raise BadFile([f"line 1: no column {', '.join(lost)}"])
        found[code] = {item: header.index(name) for item, name in zip(items, names, strict=True)}
    return found


def _answer(cell: str, line: int, column: str, code: str, faults: list[str]) -> int | None:
    if cell.upper() in MISSING:
        return None
    if sheets.is_formula(cell):
        faults.append(f"line {line}, column {column}: a formula, not an answer")
    elif not re.fullmatch(r"\d+(\.0+)?", cell):
        faults.append(f"line {line}, column {column}: not a number")
    elif int(float(cell)) > INSTRUMENTS[code].most:
        faults.append(f"line {line}, column {column}: out of range (0 to {INSTRUMENTS[code].most})")
    else:
        return int(float(cell))
    return None
