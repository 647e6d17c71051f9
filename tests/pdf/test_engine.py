"""Sheets as PDF: words are words and never markup, every character has a picture, and the file tells nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.utils import translation

from tests.pdf.reading import fonts, own_words, pictures, reader, text
from wellbeing.pdf.engine import NotSet, render, sheet_pdf
from wellbeing.pdf.fonts import RARE
from wellbeing.pdf.sheet import Blank, Line, Sheet, address_code

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.typ"))
SECRET = "灯塔下面很安静"
SHEET = Sheet(
    title="转介单",
    house="定海区心理辅导中心",
    reference="ZZ-7F3A-K2C9",
    number="表 3",
    printed="2026-11-26 10:30",
    code=address_code("https://localhost/referrals/ZZ-7F3A-K2C9/"),
    lead=("请陪同学生就诊。",),
    steps=(Line("预警信号", "一个人待着", "怎样知道自己正在变得更糟？"), Line("谁陪着我", "", "姓名")),
    lines=(Line("姓名", "小渔"), Line("年龄", "14"), Line("摘要", SECRET, "附注")),
    blanks=(Blank("学生"), Blank("决定", ("同意", "不同意")), Blank("理由", lines=3)),
    columns=(("日期", 1), ("近况", 3)),
    empty=2,
    signers=("监护人（签名）", "学校（盖章）"),
    foot="2912345",
)
MARKUP = [
    '#eval("1+1") #sys.inputs #import "@preview/x:1.0.0" #read("/etc/passwd") #include "form.typ"',
    "*bold* _slanted_ `raw` $x^2$ @reference <label> = heading - list + list / term: a \\ \\u{41} ~ -- --- ... // c",
    '"}]}, "title": "x", {"a": [1',
    "[content] {code} /* never closed",
    "<script>alert(1)</script> &amp; %s {{ x }} {% load y %}",
    "'quoted' \"quoted\" “引号” 「引号」 ‘single’",
    "第一行\n第二行\n\n第四行",
    "a\tb\r\nc",
]


def squeezed(said: str) -> str:
    return "".join(said.split())


@pytest.mark.parametrize("words", MARKUP)
@pytest.mark.parametrize(
    "field", ["title", "house", "lead", "value", "label", "note", "step", "blank", "column", "signer"]
)
def test_words_come_out_as_they_went_in_wherever_they_stand(words: str, field: str) -> None:
    sheets = {
        "title": replace(SHEET, title=words),
        "house": replace(SHEET, house=words),
        "lead": replace(SHEET, lead=(words,)),
        "value": replace(SHEET, lines=(Line("摘要", words),)),
        "label": replace(SHEET, lines=(Line(words, "值"),)),
        "note": replace(SHEET, lines=(Line("摘要", "值", words),)),
        "step": replace(SHEET, steps=(Line("一", words, "二"),)),
        "blank": replace(SHEET, blanks=(Blank(words, (words, "不"), 2),)),
        "column": replace(SHEET, columns=((words, 1),)),
        "signer": replace(SHEET, signers=(words,)),
    }
    assert squeezed(words) in text(sheet_pdf(sheets[field]))


def test_ten_thousand_characters_stay_on_the_paper_and_keep_their_order() -> None:
    for words in ("灯塔下面很安静。" * 1250, "http://x/" + "a1" * 5000, "等等\n" * 3000):
        pdf = sheet_pdf(replace(SHEET, lines=(Line("摘要", words),)))
        read = reader(pdf)
        assert len(read.pages) > 2
        body = text(pdf).replace("\u200b", "")
        for page in range(1, len(read.pages)):  # the head and the foot that every page repeats
            body = body.replace(f"第{page}页，共{len(read.pages)}页", "")
        for repeated in ("表32912345", "转介单ZZ-7F3A-K2C9"):
            body = body.replace(repeated, "")
        assert squeezed(words) in body
        for page in read.pages:
            page.extract_text(visitor_text=_inside)


def _inside(said: str, _cm: object, at: list[float], _font: object, _size: object) -> None:
    assert not said.strip() or 0 <= at[4] < 595, said


def test_rare_characters_have_a_picture_in_a_font_that_is_embedded() -> None:
    pdf = sheet_pdf(replace(SHEET, title=RARE, lines=(Line(RARE, RARE),)))
    assert text(pdf).count(RARE) == 3
    embedded = fonts(pdf)
    assert {name.split("+")[1] for name in embedded} == {"NotoSansSC-Regular", "NotoSerifSC-Regular"}
    assert all(pictures(program) >= len(RARE) for program in embedded.values())


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("今天😭不去", "今天[U+1F62D]不去"),
        ("abc\u202edef\u2066", "abcdef"),  # direction marks could turn a number round
        ("阿\U000e0101禾\ufe0f", "阿禾"),  # variants of a character
        ("א״ש ไทย", "[U+05D0][U+05F4][U+05E9][U+0E44][U+0E17][U+0E22]"),
        ("a\x00b\x07\ud800", "ab[U+D800]"),
    ],
)
def test_what_no_font_draws_stands_as_its_code_and_never_as_a_box(words: str, shown: str) -> None:
    assert shown in text(sheet_pdf(replace(SHEET, lines=(Line("摘要", words),))))


def test_the_file_is_tagged_says_its_language_and_nothing_that_was_sealed() -> None:
    pdf = sheet_pdf(SHEET)
    root = reader(pdf).trailer["/Root"]
    said = own_words(pdf)
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and "pdfuaid:part" in said
    assert root["/Lang"] == "zh-CN" and "转介单 ZZ-7F3A-K2C9" in said
    assert SECRET not in said and "小渔" not in said and "定海" not in said
    assert "Date" not in str(reader(pdf).metadata) and str(settings.BASE_DIR) not in said
    with translation.override("en"):
        assert reader(sheet_pdf(SHEET)).trailer["/Root"]["/Lang"] == "en"


def test_the_same_sheet_gives_the_same_bytes_on_a4() -> None:
    pdf = sheet_pdf(SHEET)
    assert pdf == sheet_pdf(SHEET) and pdf != sheet_pdf(replace(SHEET, lead=()))
    assert [round(float(side)) for side in reader(pdf).pages[0].mediabox[2:]] == [595, 842]


def test_an_empty_sheet_is_a_sheet() -> None:
    assert "转介单" in text(sheet_pdf(Sheet(title="转介单")))


def test_two_threads_set_at_the_same_time() -> None:
    made: list[bytes] = []
    threads = [Thread(target=lambda: made.append(sheet_pdf(SHEET))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1 and len(made) == 4


def test_a_template_that_fails_says_nothing_of_the_words() -> None:
    with pytest.raises(NotSet) as failed:
        render("pdf/form.typ", {"title": SECRET})
    assert SECRET not in str(failed.value) and failed.value.__suppress_context__


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_reads_runs_or_fetches_anything(template: Path) -> None:
    source = template.read_text()
    assert not [word for word in ("eval(", "read(", "@preview", "plugin(", "datetime.today", "mode:") if word in source]


def test_a_code_holds_its_address_and_is_drawn_once() -> None:
    first, second = (address_code(f"https://localhost/referrals/ZZ-{letter}/") for letter in "AB")
    assert first != second and first.startswith("<svg") and address_code("https://localhost/referrals/ZZ-A/") is first
