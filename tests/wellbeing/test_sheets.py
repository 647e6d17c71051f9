"""Tables as people send them: read the same from CSV and XLSX, and refused whole, by cell, when they are no plain table."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wellbeing.workbook import MAIN, table, xlsx
from wellbeing.sheets import BadSheet, Limits, Trouble, column_name, is_formula, read

ROWS = [["学校", "人数", "编号"], ["星河", "842", "007"], ["白浪", "733", "0208"]]
CSV = "\n".join(",".join(row) for row in ROWS)


def cells(content: bytes, **more: Any) -> list[list[str]]:
    return [list(row.cells) for row in read(content, **more).rows]


def trouble(content: bytes, name: str = "", **limits: int) -> list[tuple[str, str]]:
    with pytest.raises(BadSheet) as bad:
        read(content, name, limits=Limits(**limits))
    for fault in bad.value.faults:
        assert fault.text % fault.values
    return [(fault.trouble, fault.place) for fault in bad.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_csv_in_every_encoding(encoding: str, delimiter: str, end: str) -> None:
    assert cells(CSV.replace(",", delimiter).replace("\n", end).encode(encoding)) == ROWS


def test_a_workbook_reads_like_the_csv() -> None:
    numbers = [[842 if cell == "842" else cell for cell in row] for row in ROWS]
    assert cells(xlsx(table(numbers))) == ROWS


def test_rows_keep_the_number_the_spreadsheet_shows() -> None:
    text = '"two\nlines",b\n\n , \nc,d\n'
    assert [(row.line, row.cells) for row in read(text.encode()).rows] == [(1, ("two\nlines", "b")), (4, ("c", "d"))]
    book = read(xlsx(table([["x"], [], ["y"]], first=3)))
    assert [row.line for row in book.rows] == [3, 5]
    assert read(xlsx('<sheetData><row r="2"><c r="C2"><v>1</v></c></row></sheetData>')).rows[0].cells == ("", "", "1")


def test_dates_numbers_and_zeros() -> None:
    row = [(1, 46000), (2, 46000.5), (3, 0.5), "0012", 12, 1.25, " x "]
    assert cells(xlsx(table([row]))) == [["2025-12-09", "2025-12-09 12:00", "12:00", "0012", "12", "1.25", "x"]]
    assert cells(xlsx(table([[(2, 46000.5 + 3 / 86400)]]))) == [["2025-12-09 12:00:03"]]  # what a wait is made of


@pytest.mark.parametrize("code", ["0000000", "0000000;@", "0000000;-0000000"])
def test_leading_zeros_that_only_the_format_of_a_cell_shows_are_read(code: str) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, wide, money = book.add_worksheet(), book.add_format({"num_format": code}), book.add_format({"num_format": 4})
    sheet.write_row(4, 1, ["学号", "分数", "备注"])
    for line, number in enumerate((12345, 0, 123456789), 5):
        sheet.write_number(line, 1, number, wide)
        sheet.write_number(line, 2, 7, money)
        sheet.write_string(line, 3, "0012", wide)
    sheet.write_number(8, 1, 1.5, wide)  # no whole number: nothing to restore
    book.close()
    assert [row[1:] for row in cells(out.getvalue())[1:]] == [
        ["0012345", "7", "0012"],
        ["0000000", "7", "0012"],
        ["123456789", "7", "0012"],
        ["1.5", "", ""],
    ]


def test_a_merged_header_stands_in_each_of_its_cells() -> None:
    sheet = table([["名单", "", ""], ["学校", "人数", ""], ["星河", "1", "2"]])
    merged = sheet + '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="B2:C2"/></mergeCells>'
    assert cells(xlsx(merged)) == [["名单"] * 3, ["学校", "人数", "人数"], ["星河", "1", "2"]]


def test_rows_below_a_header_are_as_wide_as_it() -> None:
    sheet = read(b"title\na,b\n1,2,,\n3,4\n")
    assert [row.cells for row in sheet.below(1)] == [("1", "2"), ("3", "4")]
    with pytest.raises(BadSheet) as bad:
        read(b"a,b\n1\n1,2,3\n").below(0)
    assert [(fault.line, dict(fault.values)) for fault in bad.value.faults] == [
        (2, {"found": 1, "expected": 2}),
        (3, {"found": 3, "expected": 2}),
    ]


def test_what_is_no_plain_table_is_refused() -> None:
    assert trouble(b"") == [("empty", "")]
    assert trouble(b"\n , \n") == [("empty", "")]
    assert trouble(xlsx("<sheetData/>")) == [("empty", "")]
    assert trouble(b"\xff\xff\xff") == [("encoding", "")]
    assert trouble(b"a\x00b") == trouble(b"<html><table>") == trouble(b"%PDF-1.7 x") == [("no_table", "")]
    assert trouble(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)) == [("old", "")]
    assert trouble(b"PK\x03\x04 and nothing more") == [("broken", "")]
    assert trouble(xlsx(table(ROWS), extra={"xl/workbook.xml": "<workbook/>"})) in ([("broken", "")], [("empty", "")])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert trouble(packed.getvalue()) == [("no_table", "")]


def test_the_name_may_only_agree_with_the_content() -> None:
    assert cells(CSV.encode(), name="名单.CSV") == cells(xlsx(table(ROWS)), name="a.xlsx") == ROWS
    for content, name in ((CSV.encode(), "a.xlsx"), (xlsx(table(ROWS)), "a.csv"), (CSV.encode(), "a.exe")):
        assert trouble(content, name) == [("name", "")]


def test_formulas_errors_and_lost_digits_are_named_by_their_cell() -> None:
    inside = '<c r="B7" t="str"><f>SUM(A1:A3)</f><v>6</v></c><c r="C7" t="e"><v>#N/A</v></c>'
    sheet = f'<sheetData><row r="7"><c r="A7"><v>1</v></c>{inside}</row></sheetData>'
    assert trouble(xlsx(sheet)) == [("formula", "B7"), ("error", "C7")]
    assert trouble(xlsx(sheet.replace("<f>", "<x:f>").replace("</f>", "</x:f>")))[0] == ("formula", "B7")
    assert trouble(xlsx(table([["x", 330902199901011234]]))) == [("digits", "B1")]
    assert trouble(b"a,b\n1,=1+1\n") == [("formula", "B2")]
    # conditional formats and checks of input have formulas of their own; they are no cells
    rule = "<extLst><ext><x14:f>A1</x14:f><f>B1</f></ext></extLst>"
    assert cells(xlsx(table(ROWS) + rule)) == ROWS


def test_macros_hidden_sheets_and_second_tables() -> None:
    one = table(ROWS)
    assert trouble(xlsx(one, extra={"xl/vbaProject.bin": b"x"}), "a.xlsm") == [("macro", "")]
    assert trouble(xlsx(one, one, hidden=[1])) == [("hidden", "")]
    assert trouble(xlsx(one, one)) == [("sheets", "")]
    assert cells(xlsx(one, "<sheetData/>")) == ROWS


def test_too_much_is_said_before_it_is_read() -> None:
    assert trouble(b"x" * 3_000_000, size=2_000_000) == [("too_large", "")]
    assert trouble(b"a\n" * 11, rows=10) == [("rows", "11")]
    assert trouble(xlsx(table([["a"]] * 11)), rows=10) == [("rows", "11")]
    assert trouble(b"a,b,c\n", columns=2) == [("columns", "C1")]
    assert trouble(xlsx(table([["a", "b", "c"]])), columns=2) == [("columns", "C1")]
    assert trouble(b'a\n"' + b"x" * 3000) == [("cell", "A2")]
    assert trouble(b'a\n"' + b"x" * 200_000) == [("cell", "2")]


def test_a_bomb_does_not_go_off() -> None:
    far = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="ZZ999999"><v>1</v></c></row></sheetData>'
    wide = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="199999"><c r="GA199999"><v>1</v></c></row></sheetData>'
    many = f"{table([['x']])}<mergeCells>" + '<mergeCell ref="A1:GA199999"/>' * 50 + "</mergeCells>"
    padded = xlsx(table(ROWS), extra={"xl/padding.xml": b"<!--" + b" " * 60_000_000 + b"-->"})
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    bombs = {
        "rows": (far, wide),
        "bomb": (padded,),
        "broken": (
            xlsx(
                table(ROWS), extra={"xl/worksheets/sheet1.xml": f"{laughs}<worksheet {MAIN}>{table(ROWS)}</worksheet>"}
            ),
            xlsx(table(ROWS), extra={"xl/worksheets/sheet1.xml": f"<worksheet {MAIN}/>".encode("utf-16")}),
            xlsx("<sheetData><row><c><v>1</v></c></row></sheetData>"),
            xlsx(table(ROWS).replace("</sheetData>", '<row><y:c/><x r="A9"/></row></sheetData>')),
            xlsx(table(ROWS), method=zipfile.ZIP_BZIP2),
        ),
    }
    tracemalloc.start()
    begun = time.process_time()
    try:
        for code, contents in bombs.items():
            for content in contents:
                assert trouble(content if isinstance(content, bytes) else xlsx(content))[0][0] == code
        assert cells(xlsx(many)) == [["x"]]
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert time.process_time() - begun < 10


def test_an_archive_that_lies_about_its_size() -> None:
    """The sizes an archive declares are not believed: what is read counts."""
    honest = xlsx(table(ROWS), extra={"xl/padding.xml": b" " * 3_000_000})
    lying = honest.replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    assert trouble(lying) == [("broken", "")]


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_sent_either_reads_or_is_refused(data: st.DataObject) -> None:
    """A mangled workbook raises BadSheet and nothing else."""
    sheet = f"<worksheet {MAIN}>{table(ROWS)}<mergeCells><mergeCell ref='A1:B1'/></mergeCells></worksheet>".encode()
    at = data.draw(st.integers(0, len(sheet) - 1))
    mangled = sheet[:at] + data.draw(st.binary(max_size=8)) + sheet[at + data.draw(st.integers(0, 30)) :]
    packed = data.draw(st.booleans())
    content = xlsx(table(ROWS), extra={"xl/worksheets/sheet1.xml": mangled})
    if not packed:
        at = data.draw(st.integers(0, len(content) - 1))
        content = content[:at] + data.draw(st.binary(max_size=4)) + content[at + 1 :]
    try:
        rows = read(content).rows
    except BadSheet:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row.cells)


@given(st.lists(st.lists(st.text('小渔1=+,"\n', max_size=4), min_size=2, max_size=4), max_size=4))
def test_what_a_fault_says_holds_no_cell(rows: list[list[str]]) -> None:
    secret = "小渔13800001234"
    text = "\n".join(",".join(row) for row in [["=" + secret], *rows])
    with pytest.raises(BadSheet) as bad:
        read(text.encode())
    assert secret not in repr(bad.value) + str(bad.value) + repr(bad.value.faults)


def test_what_a_spreadsheet_would_run() -> None:
    assert [cell for cell in ("=1", "+1", "-A1", "@x", "-1", "-1.5", "-", "", "1", "a=") if is_formula(cell)] == [
        "=1", "+1", "-A1", "@x",
    ]  # fmt: skip


def test_columns_are_named_as_a_spreadsheet_names_them() -> None:
    assert [column_name(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_every_trouble_has_its_sentence() -> None:
    from wellbeing.sheets import TROUBLE_TEXT

    assert set(TROUBLE_TEXT) == set(Trouble)
