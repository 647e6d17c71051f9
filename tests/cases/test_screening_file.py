"""Screening files: every encoding people send, and every bad cell by line and column."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cases.instruments import INSTRUMENTS
from cases.screening_columns import BadFile, Fault, find_columns, table_lines
from cases.screening_file import Row, read_rows
from tests.wellbeing.workbook import table, xlsx

SAMPLE = Path(__file__).resolve().parents[2] / "wellbeing" / "demo" / "data" / "phq9-nhanes-2017-2018.csv"
HEADER = "学号,姓名," + ",".join(f"q{n}" for n in range(1, 10))
GOOD = "007,小禾,1,0,0,0,0,0,0,0,2"
MAP = "phq9=q1-q9"


def read(data: bytes, mapping: str) -> list[Row]:
    """Every row, or BadFile with every fault."""
    lines = iter(table_lines(data))
    found = list(read_rows(lines, find_columns(lines, mapping)))
    bad = [one for one in found if isinstance(one, Fault)]
    if bad:
        raise BadFile(bad)
    return [one for one in found if isinstance(one, Row)]


def faults(text: str | bytes, mapping: str = MAP) -> list[str]:
    with pytest.raises(BadFile) as bad:
        read(text if isinstance(text, bytes) else text.encode(), mapping)
    return [str(fault) for fault in bad.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    (row,) = read(f"{HEADER}\n{GOOD}\n".replace(",", delimiter).encode(encoding), MAP)
    assert row.number == "007"
    assert row.answers["phq9"]["better_off_dead"] == 2


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("4", "out of range (0 to 3)"),
        ("-1", "not a number"),
        ("two", "not a number"),
        ("1.5", "not a number"),
        ("+1", "a formula"),
        ("@SUM(A1)", "a formula"),
        ("-A1", "a formula"),
    ],
)
def test_a_bad_cell_is_named(cell: str, fault: str) -> None:
    (said,) = faults(f"{HEADER}\n{GOOD}\n008,小满,1,0,{cell},0,0,0,0,0,0\n")
    assert said.startswith("line 3, column q3: ")
    assert fault in said


def test_a_workbook_reads_like_its_csv() -> None:
    workbook = xlsx(table([HEADER.split(","), ["007", "小禾", 1, *[0] * 7, 2]]))
    assert read(workbook, MAP) == read(f"{HEADER}\n{GOOD}\n".encode(), MAP)


def test_a_missing_answer_is_missing_and_never_zero() -> None:
    (row,) = read(f"{HEADER}\n007,小禾,,NA,.,0,0,0,0,0,1\n".encode(), MAP)
    assert [row.answers["phq9"][item] for item in ("interest", "down", "sleep")] == [None, None, None]
    result = INSTRUMENTS["phq9"].score(row.answers["phq9"])
    assert (result.total, result.band, dict(result.critical)) == (None, "incomplete", {"better_off_dead": 1})


def test_what_is_wrong_with_a_file_is_said() -> None:
    assert faults(f"{HEADER}\n{GOOD},9\n") == ["line 2: 12 columns, 11 expected"]
    assert faults(f"{HEADER}\n{GOOD}\n{GOOD}\n") == ["line 3: the same student number as in line 2"]
    assert faults(f"{HEADER}\n{GOOD[:-1]}=1+1\n") == ["line 2, column K: A formula: paste its value instead."]
    assert faults(f"{HEADER},q1\n{GOOD},1\n") == ["line 1: two columns have the name q1"]
    assert faults(HEADER.encode("gb18030") + b"\n\xff\xff") == ["The text is neither UTF-8 nor GB18030."]
    assert faults("") == ["The file is empty."]
    assert faults(HEADER, "phq9=q1-q8") == ["phq9 has 9 items, the mapping names 8 columns"]
    assert faults(HEADER, "phq9=D1-D9")[0].startswith("line 1: no column D1")
    assert "not of the form" in faults(HEADER, "mood=q1-q9")[0]


def test_the_sample_comes_out_as_its_source_says() -> None:
    rows = read(SAMPLE.read_bytes(), MAP)
    results = [INSTRUMENTS["phq9"].score(row.answers["phq9"]) for row in rows]
    bands = Counter(result.band for result in results)
    names = ("minimal", "mild", "moderate", "moderately_severe", "severe", "incomplete")
    assert [bands[name] for name in names] == [3772, 837, 292, 124, 43, 25]
    nine = Counter(row.answers["phq9"]["better_off_dead"] for row in rows)
    assert [nine[value] for value in (0, 1, 2, 3)] == [4893, 136, 32, 24]
    quiet = [r for r in results if r.critical and r.total is not None and r.total < 10]
    assert len(quiet) == 64  # their total says nothing: the item alone must speak
