"""A roster from a spreadsheet: all of it or nothing, every fault by its cell, no name ever kept."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from tests.people.scenes import HALF, MACHINE, filed, filing, submitted, teacher, term
from tests.stage import actor, signed_in
from tests.wellbeing.workbook import table, xlsx
from wellbeing.access.actor import identity
from wellbeing.errors import Invalid
from wellbeing.people import actions
from wellbeing.people.models import ReturnedTeacher

pytestmark = pytest.mark.django_db
HEAD = ["学校代码", "学校", "学生数", "教师编号", "姓名", "专职或兼职", "资格", "证书有效期至", "周课时", "岗位份额"]
GOOD = [
    HEAD,
    ["xinghe", "星河初级中学", "901", "0007", "王小渔", "专职", "心理学相关学历", "", "8", "1"],
    ["xinghe", "星河初级中学", "901", "T2", "李小满", "兼职", "B 证", "2028-06-30", "4", "0.5"],
    ["bailang", "", "", "T2", "李小满", "兼职", "B 证", "2028/06/30", "4", "0.5"],
    ["jinsha", "", "1001", "", "", "", "", "", "", ""],
]


HEADED = {"学校": "学校名称", "教师编号": "工号", "专职或兼职": "岗位类型"}  # as schools head them, too


def text(rows: list[list[str]]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def taken(content: bytes, name: str = "a.csv") -> None:
    actions.import_roster(actor=actor("shen"), term=filed("xinghe").term, content=content, name=name)


def faults(content: bytes, name: str = "a.csv") -> list[str]:
    before = filed("xinghe").enrolment
    with override("en"), pytest.raises(Invalid) as refused:
        taken(content, name)
    assert refused.value.field == "file"
    with identity(MACHINE):
        assert not ReturnedTeacher.objects.filter(number="0007").exists()
    assert filed("xinghe").enrolment == before, "nothing half-done"
    return list(refused.value.message)


def with_cell(row: int, column: str, value: str) -> bytes:
    rows = [list(one) for one in GOOD]
    for line in (row, row + 1) if column == "C" else (row,):  # what is said of a school stands on each of its lines
        rows[line - 1][ord(column) - 65] = value
    return text(rows)


@pytest.mark.parametrize("kind", ["utf-8", "utf-8-sig", "gb18030", "xlsx", "english", "title", "headed"])
def test_a_roster_fills_in_the_drafts(kind: str) -> None:
    term()
    content = {
        "xlsx": xlsx(table(GOOD)),
        "english": text(
            [
                ["School code", "School", "Pupils", "Staff number", "Name", "Full-time or part-time", "Qualification",
                 "Certificate valid until", "Hours a week", "Share of a post"],
                *[[cell.replace("专职", "Full-time").replace("兼职", "part-time").replace("B 证", "certificate b")
                   .replace("心理学相关学历", "degree") for cell in row] for row in GOOD[1:]],
            ]
        ),
        "headed": text([[HEADED.get(cell, cell) for cell in HEAD], *GOOD[1:]]),
        "title": text([["2026 花名册", *[""] * 9], *GOOD]),
    }.get(kind) or text(GOOD).decode().encode(kind)  # fmt: skip
    try:
        taken(content, "a.xlsx" if kind == "xlsx" else "a.csv")
    except Invalid as refused:
        raise AssertionError(refused.message) from None
    one = filed("xinghe")
    with identity(MACHINE):
        lines = list(one.teachers.values_list("number", "full_time", "qualification", "fte"))
        assert lines == [("0007", True, "degree", Decimal(1)), ("T2", False, "b", HALF)]
        assert str(filed("bailang").teachers.get().valid_until) == "2028-06-30"
    assert (one.enrolment, one.state, filed("jinsha").enrolment) == (901, "draft", 1001)


def test_no_name_is_kept_anywhere() -> None:
    term()
    taken(text(GOOD))
    with identity(MACHINE), connection.cursor() as cursor:
        for name in ("people_returnedteacher", "people_staffingreturn", "audit_event", "access_done"):
            cursor.execute(f"SELECT count(*) FROM {name} t WHERE t::text LIKE '%%王小渔%%'")
            assert cursor.fetchone() == (0,), name


def test_the_same_file_again_changes_nothing() -> None:
    term()
    taken(text(GOOD))
    with identity(MACHINE):
        before = sorted(ReturnedTeacher.objects.values_list("staffing_return", "number", "fte"))
    taken(text(GOOD))
    with identity(MACHINE):
        assert sorted(ReturnedTeacher.objects.values_list("staffing_return", "number", "fte")) == before


def test_what_a_school_wrote_meanwhile_stands_beside_the_file_and_is_replaced_once_seen(wait: Any) -> None:
    """Only where somebody else wrote into a return that the file names, since the page was opened."""
    made, shen = term(), signed_in("shen")
    page = reverse("import_roster", args=[made.pk])
    wait(seconds=1)
    sent = {"key": uuid4(), "filled_from": shen.get(page).context["form"]["filled_from"].value()}
    wait(seconds=1)
    told: Any = {"staffing_return": filed("xinghe"), "filing": filing(teacher("T9"), teacher("T8"), enrolment=777)}
    actions.fill_return(actor=actor("chen"), **told)

    def send(**more: Any) -> Any:
        return shen.post(page, sent | more | {"file": SimpleUploadedFile("a.csv", text(GOOD))})

    refused = send()
    said, form = refused.content.decode(), refused.context["form"]
    assert refused.status_code == 409 and form.meanwhile.who == actor("chen").name and form.meanwhile.who in said
    (row,) = form.meanwhile.rows
    assert row[1:] == ("学生 777 人，心理教师 2 人", "学生 901 人，心理教师 2 人") and all(one in said for one in row)
    assert "重新选择文件" in said and filed("xinghe").enrolment == 777, "nothing was replaced"
    wait(seconds=1)
    assert send(filled_from=form["filled_from"].value()).status_code == 302
    assert filed("xinghe").enrolment == 901
    now_open = shen.get(page).context["form"]["filled_from"].value()
    assert send(key=uuid4(), filled_from=now_open).status_code == 302, "her own import is nobody else's"


def test_every_bad_cell_is_named() -> None:
    term()
    said = {
        ("C", "-1"): "C2: Between 0 and 20000 pupils.",
        ("C", "1000000000"): "C2: Between 0 and 20000 pupils.",
        ("C", "many"): "C2: A whole number of pupils.",
        ("A", "nowhere"): "A2: No school of this term has this code.",
        ("B", "白浪初级中学"): "B3: Row 2 says something else of the school with this code.",
        ("D", "T2"): "D3: This staff number stands here twice.",
        ("F", "half"): "F2: Full-time or part-time.",
        ("F", ""): "F2: Full-time or part-time.",
        ("G", "PhD"): "G2: No qualification has this name.",
        ("H", "soon"): "H2: A date such as 2026-09-01.",
        ("I", "99"): "I2: Between 0 and 60 hours a week.",
        ("J", "1.5"): "J2: A share of a post is more than 0 and at most 1.",
        ("J", "=1"): "J2: A formula: paste its value instead.",
    }
    for (column, value), expected in said.items():
        found = faults(with_cell(2, column, value))
        assert expected in found, (column, value, found)


def test_two_schools_with_one_code() -> None:
    term()
    rows = [HEAD, ["xinghe", "星河初级中学", "901", "T1", "", "专职", "", "", "", "1"],
            ["xinghe", "白浪初级中学", "733", "T5", "", "专职", "", "", "", "1"]]  # fmt: skip
    found = faults(text(rows))
    assert found[:2] == [f"{cell}: Row 2 says something else of the school with this code." for cell in ("B3", "C3")]
    assert faults(with_cell(4, "B", "别的学校")) == ["B4: The school with this code has another name."]


def test_a_teacher_in_three_full_time_posts_is_found_across_the_file_and_the_city() -> None:
    term()
    post = ["", "", "T1", "", "专职", "", "", "", "0.33"]
    two = [HEAD, *([code, *post] for code in ("xinghe", "bailang"))]
    three = faults(text([*two, ["penghai", *post]]))
    assert three == [f"F{row}: Full-time in 3 schools: at most 2 are possible." for row in (2, 3, 4)]
    submitted("penghai", teacher("T1", fte=Decimal("0.33")))
    assert len(faults(text(two))) == 2


def test_a_school_that_has_submitted_is_not_overwritten() -> None:
    term()
    submitted("bailang", teacher("T9"))
    assert faults(text(GOOD)) == ["A4: This school has submitted its return; it must be sent back first."]


def test_what_is_no_roster_says_so() -> None:
    term()
    sheet = table(GOOD)
    formula = sheet.replace('<c r="C2" t="inlineStr"><is><t>901</t></is></c>', '<c r="C2"><f>1+1</f><v>2</v></c>')
    hundred = "\n".join([",".join(HEAD), *(f"s{n}" + "," * 9 for n in range(20_001))])
    assert faults(b"") == ["The file is empty."]
    assert faults(xlsx(formula), "a.xlsx") == ["C2: A formula: paste its value instead."]
    assert faults(xlsx(sheet, sheet, hidden=[1]), "a.xlsx") == [
        "The file has hidden sheets: delete them, or show them."
    ]
    assert faults(xlsx(sheet, extra={"xl/vbaProject.bin": b""}), "a.xlsm") == [
        "The file holds macros: save it as XLSX without macros."
    ]
    assert faults(hundred.encode()) == ["20001: The file has more than 20000 rows."]
    bomb = xlsx(sheet, extra={"xl/x.xml": b" " * 30_000_000})
    assert faults(bomb, "a.xlsx") == ["Unpacked, the file would be far larger than a table is."]
    assert faults(text([["学校代码", "姓名"], ["xinghe", "x"]])) == [
        "No column is headed Staff number.",
        "No column is headed Full-time or part-time.",
    ]
    twice = faults(text([[*HEAD, "学校代码"], [*GOOD[1], "xinghe"]]))
    assert twice == ["K1: This column stands here twice."]
    many = faults(text([HEAD, *(["nowhere" + str(n), *[""] * 9] for n in range(30))]))
    assert len(many) == 21 and many[-1] == "and 10 more"


def test_the_command_imports_all_or_nothing_and_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    term()
    path = tmp_path / "roster.csv"
    path.write_bytes(text(GOOD))
    out = StringIO()
    call_command("import_roster", str(path), term="2026-2027学年第一学期", stdout=out)
    assert "3 returns filled in, 3 teachers" in out.getvalue()
    path.write_bytes(with_cell(2, "A", "nowhere"))
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_roster", str(path), term="2026-2027学年第一学期")
    assert "A2" in capsys.readouterr().err
    with pytest.raises(CommandError, match="No term"):
        call_command("import_roster", str(path), term="never")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_roster", str(tmp_path / "gone"), term="2026-2027学年第一学期")
