"""The daily file for the city's education data platform: what stands in it, and every reason to refuse it. Pure.

One row is one published figure. It holds what suppression.py has made of the counts and nothing else, so the proof
there covers the file too: no person, no case, no desk, no count under five. The check does not trust whoever made the
rows; it is the same before a file is signed and when somebody verifies one. docs/data-platform.md describes the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from wellbeing.reports import measures as m
from wellbeing.suppression import SMALL

FORMAT = 1
COLUMNS = ("day", "period", "division", "measure", "unit", "value")
RUNNING = "running"  # the period of what no month has published yet
UNITS = ("count", "number", "class")
PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])|running")
PLAIN = frozenset(measure for table in m.TABLES if table.plain for measure in table.measures)
CELLS = {table.code: table.measures for table in m.TABLES}
CITYWIDE = frozenset({m.HOURS, *(measure for again in m.AGAIN for measure in again.measures)})
CLASSES = frozenset({*m.CLASSES, m.ASA, m.YEARS_ASA})
TOTALS = frozenset(CELLS)  # of the running period: the sum of each table


class Refused(Exception):
    """The file may not leave. `code` is one of missing_day, missing_month, missing_cell, unknown_column, unknown_value,
    small_cell; `where` a day, month, measure or column, never a count."""

    def __init__(self, code: str, where: str) -> None:
        super().__init__(f"{code}: {where}")
        self.code, self.where = code, where


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as it leaves: `value` is None where too few events allow none."""

    day: str
    period: str
    division: str
    measure: str
    unit: str
    value: int | None


def unit_of(measure: str) -> str:
    """A count in fives, an exact number of acts of an office, or the class of a median or mean."""
    return "number" if measure in PLAIN else "class" if measure in CLASSES else "count"


def to_csv(rows: Iterable[Row]) -> bytes:
    """UTF-8 without a mark, lines end with LF, in the order of the columns: the same rows give the same bytes."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in sorted(rows, key=lambda row: (row.period, row.division, row.measure)))
    return out.getvalue().encode()


def from_csv(text: bytes) -> list[dict[str, str]]:
    """The rows of a file as they stand there. Refused for another head."""
    reader = csv.DictReader(io.StringIO(text.decode()))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise Refused("unknown_column", ", ".join(sorted(set(reader.fieldnames or ()) ^ set(COLUMNS))))
    return list(reader)


def check(rows: Sequence[Mapping[str, Any]], day: date, divisions: Collection[str]) -> None:
    """Every row by itself, then that none is missing. Raises Refused at the first fault."""
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        _check_row(row, day, divisions)
        seen.add((row["period"], row["division"], row["measure"]))
    if len(seen) != len(rows):
        raise Refused("unknown_value", "a figure stands twice")
    for period in sorted({period for period, _d, _m in seen} - {RUNNING}):
        for table, cells in CELLS.items():
            there = {(d, measure) for p, d, measure in seen if p == period and measure in cells}
            if there and len(there) < len(cells) * len(divisions):  # a table that was not yet counted is whole absent
                raise Refused("missing_cell", f"{period} {table}")


def _check_row(row: Mapping[str, Any], day: date, divisions: Collection[str]) -> None:
    if set(row) != set(COLUMNS):
        raise Refused("unknown_column", ", ".join(sorted({str(name) for name in row} ^ set(COLUMNS))))
    measure, period = str(row["measure"]), str(row["period"])
    known = TOTALS if period == RUNNING else {*CITYWIDE, *CLASSES, *(one for cells in CELLS.values() for one in cells)}
    if row["day"] != day.isoformat() or not PERIOD.fullmatch(period) or row["division"] not in divisions:
        raise Refused("unknown_value", period)
    if measure not in known or row["unit"] != _unit(measure, period):
        raise Refused("unknown_value", measure)
    value = str(row["value"] if row["value"] is not None else "")
    if not (value.isdecimal() or (value == "" and row["unit"] == "class")):
        raise Refused("unknown_value", measure)
    if row["unit"] == "count" and int(value) % SMALL:
        raise Refused("small_cell", f"{period} {measure}")


def _unit(measure: str, period: str) -> str:
    return unit_of(CELLS[measure][0] if period == RUNNING else measure)


def check_days(day: date, counted: Collection[date], published: Collection[date]) -> None:
    """That nothing is missing behind the figures: every day since the last published month was counted after its end,
    and the published months follow each other. Raises Refused."""
    months = sorted(published)
    for before, after in pairwise(months):
        if (expected := (before + timedelta(days=31)).replace(day=1)) != after:
            raise Refused("missing_month", f"{expected:%Y-%m}")
    first = (months[-1] + timedelta(days=31)).replace(day=1) if months else min(counted, default=day)
    for number in range((day - first).days + 1):
        if first + timedelta(days=number) not in counted:
            raise Refused("missing_day", f"{first + timedelta(days=number)}")
    if day not in counted:
        raise Refused("missing_day", f"{day}")


def schema(divisions: Collection[str]) -> dict[str, Any]:
    """The JSON schema of a row."""
    measures = sorted({*CITYWIDE, *CLASSES, *TOTALS, *(one for cells in CELLS.values() for one in cells)})
    fives = {
        "if": {"properties": {"unit": {"const": "count"}}},
        "then": {"properties": {"value": {"multipleOf": SMALL}}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Published figures of student care, one per row",
        "type": "object",
        "additionalProperties": False,
        "required": list(COLUMNS),
        "properties": {
            "day": {"type": "string", "format": "date"},
            "period": {"type": "string", "pattern": f"^({PERIOD.pattern})$"},
            "division": {"enum": sorted(divisions)},
            "measure": {"enum": measures},
            "unit": {"enum": list(UNITS)},
            "value": {"type": ["integer", "null"], "minimum": 0},
        },
        "allOf": [fives],
    }
