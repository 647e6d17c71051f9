"""The director's pages: what she sees, what nobody else does, exports, and that no case is behind any of them."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.exchange.stage import rang
from tests.stage import RED, acknowledged, actor, call, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.models import Event
from wellbeing.errors import Forbidden
from wellbeing.people.centre_items import Share
from wellbeing.people.models import User
from wellbeing.reports import figures, oversight
from wellbeing.reports import measures as m
from wellbeing.reports.actions import publish_month
from wellbeing.reports.models import DayFigure
from wellbeing.reports.months import back, month_of
from wellbeing.reports.prepare import prepare
from wellbeing.reports.sheets import Sheet
from wellbeing.sheets.writing import csv_lines, defused, xlsx_file
from wellbeing.suppression import SMALL
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("ticker")


def client(name: str = "shen") -> Client:
    found = Client(HTTP_HOST="127.0.0.1")
    found.force_login(User.objects.get(username=name))
    return found


def page(address: str, name: str = "shen") -> str:
    answer = client(name).get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def history(months: int = 3, calls: int = 60) -> list[date]:
    """So many published months: in each so many calls in Dinghai and twenty in Putuo, three of Shengsi."""
    this = month_of(now().date())
    made = [back(this, ago) for ago in range(months, 0, -1)]
    for month in made:
        rows = {
            ("330902", "calls.other_day"): calls,
            ("330902", "calls.high_night"): 12,
            ("330903", "calls.other_night"): 20,
            ("330922", "calls.other_day"): 3,
            ("330902", "wait:10"): 40,
            ("330902", "wait:45"): 5,
            ("330902", "callbacks.in_time"): 45,
            ("330902", "callbacks.late"): 15,
            ("330902", "ended.looped"): 18,
            ("330902", "ended.silent"): 2,
        }
        with identity(MACHINE):
            DayFigure.objects.bulk_create(
                DayFigure(day=month, division_id=d, measure=measure, counted=n, waiting=n)
                for (d, measure), n in rows.items()
            )
        publish_month(actor=MACHINE, month=month)
    return made


def test_an_empty_city_shows_dashes_and_no_share() -> None:
    text = page("/reports/")
    assert "全市总览" in text and "尚无已发布的月份" in text
    assert "0 / 4" in text  # centres: none is signed off
    assert " 0 %" not in text and "100 %</b>" not in text
    assert "&lt;5" in text  # open red cases: none, which is fewer than five


def test_the_page_says_what_was_published() -> None:
    history()
    text = page("/reports/")
    for words in (
        "≈ 285",
        "≤ 10 秒",
        "75 %",
        "92 %",
    ):  # calls, median wait, call-backs on time, loops closed (in fact 90)
        assert words in text, words
    shown = page("/reports/hotline/?of=calls")
    assert "≈ 95" in shown and "话务系统尚未接入" in shown
    assert f"{back(month_of(now().date()), 1):%Y-%m}" in shown


def test_open_cases_are_counted_live_and_in_fives() -> None:
    for _ in range(4):
        acknowledged()
    call()
    call(division="330903")
    with identity(actor("shen")):
        city = {one.tier: one for one in figures.danger(actor("shen")) if not one.division}
    assert (city["red"].open, city["red"].overdue, city["orange"].open) == (5, 0, 0)
    text = page("/reports/danger/")
    assert "≈ 5" in text and "≈ 6" not in text


def test_overdue_cases_are_among_the_open_ones(wait: Any) -> None:
    for _ in range(8):
        call(RED)
    wait(hours=2)
    for _ in range(3):
        call(RED)
    with identity(actor("shen")):
        lines = figures.danger(actor("shen"))
    assert all(line.open >= line.overdue and line.open % SMALL == line.overdue % SMALL == 0 for line in lines)
    assert (lines[0].open, lines[0].overdue) == (10, 10)


def test_this_month_so_far_moves_with_the_prepared_days() -> None:
    for _ in range(8):
        call()
    prepare()
    with identity(actor("shen")):
        assert figures.running(actor("shen")).totals["calls"] == 10
    assert "未发布部分统计至" in page("/reports/")


def test_every_number_on_a_page_is_a_five() -> None:
    history(calls=61)
    with identity(actor("shen")):
        book = figures.past_year(actor("shen"))
    counts = [v for (_mo, _d, measure), v in book.values.items() if measure not in (*m.CLASSES, m.ASA, m.YEARS_ASA)]
    assert counts and all(v % SMALL == 0 for v in counts)


def test_a_share_of_too_few_is_a_dash() -> None:
    history(months=1)
    with identity(actor("shen")):
        book = figures.past_year(actor("shen"))
    loops = next(one for one in m.REFERRALS if one.code == "closed_loop_rate")
    assert book.value(loops, book.months) is None  # twenty
    assert "–" in page("/reports/referrals/")


def test_only_who_answers_for_figures_enters() -> None:
    addresses = (
        "/reports/",
        "/reports/hotline/",
        "/reports/service/",
        "/reports/hotline/csv/",
        "/reports/hotline/pdf/",
        "/reports/overview/pdf/",
        "/reports/year/2026/",
        "/reports/year/2026/xlsx/",
    )
    for name in ("zhou", "he", "lin", "chen", "fang", "sun", "an", "jian", "mallory"):
        for address in addresses:
            assert client(name).get(address).status_code == 404, (name, address)
        with identity(actor(name)):
            for ask in (figures.past_year, figures.danger, figures.running):
                with pytest.raises(Forbidden):
                    ask(actor(name))
    for address in ("/reports/nothing/", "/reports/hotline/doc/", "/reports/year/1999/", "/reports/year/2026/doc/"):
        assert client().get(address).status_code == 404, address


def test_the_hotlines_supervisor_sees_the_hotlines_figures_and_no_others() -> None:
    history()
    for answered, ago in ((True, 1), (True, 2), (False, 3)):
        rang(f"{ago}", answered=answered, ago=timedelta(hours=ago))
    text = page("/reports/service/", "su")
    assert "67 %" in text and "9 s" in text and "2912345" in text, "her own exchange's answer rate and wait"
    assert "/reports/hotline/csv/" not in text and 'href="/reports/"' not in text
    with identity(actor("su")):
        book = figures.past_year(actor("su"))
        assert set(m.published("hotline")) > {measure for _month, _code, measure in book.values} != set()
        with pytest.raises(Forbidden):
            figures.danger(actor("su"))
    with identity(actor("shen")):
        whole = figures.past_year(actor("shen")).values
    assert book.values == {cell: value for cell, value in whole.items() if cell[2] in m.published("hotline")}
    assert "67 %" not in page("/reports/service/"), "the bureau has the published figures alone"
    for address in ("/reports/", "/reports/hotline/", "/reports/referrals/", "/reports/year/2026/"):
        assert client("su").get(address).status_code == 404, address


def test_the_administrator_opens_no_case_from_here() -> None:
    referral = referred()
    case, shen = referral.case, client()
    prepare()
    for address in (
        reverse("case", args=[case.reference]),
        reverse("case_file", args=[case.reference]),
        reverse("referral", args=[referral.reference]),
    ):
        assert shen.get(address).status_code == 404
    for address in ("/reports/", *(f"/reports/{code}/" for code in m.SUBJECTS), "/reports/year/2026/"):
        text = page(address)
        for word in (case.reference, referral.reference, "小渔", "星河"):
            assert word not in text, (address, word)


def test_an_export_is_marked_recorded_and_read_by_excel() -> None:
    history()
    answer = client().get("/reports/hotline/csv/")
    raw = b"".join(answer.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf") and answer["Content-Disposition"].startswith(
        'attachment; filename="hotline-'
    )
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert "沈" in rows[1][0] and "导出" in rows[1][0]
    assert rows[2][:4] == ["月份", "县(区)", "名称", "指标代码"] or rows[2][0] == "月份"
    values = {(row[0], row[1], row[3]): row[5] for row in rows[3:]}
    month = f"{back(month_of(now().date()), 1):%Y-%m}"
    assert values[month, "330902", "calls.other_day"] == "60"
    book = b"".join(client().get("/reports/hotline/xlsx/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(rows) and "导出" in sheet.split("<row ")[2]
    with identity(MACHINE):
        events = Event.objects.filter(act="reports:figures:export")
        assert events.count() == 2


def test_cells_that_a_spreadsheet_would_calculate_are_defused() -> None:
    bad = ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"]
    assert [defused(cell) for cell in bad] == [f"'{cell}" for cell in bad]
    assert [defused(cell) for cell in ("舟山", "1-2", -3, None, "")] == ["舟山", "1-2", -3, None, ""]
    sheet = Sheet("=T", ["=H"], lambda: [["=HYPERLINK(1)", 5]])
    assert list(csv.reader(io.StringIO("".join(csv_lines(sheet, "m")))))[3] == ["'=HYPERLINK(1)", "5"]
    with zipfile.ZipFile(xlsx_file(sheet, "m")) as parts:
        assert "<f>" not in parts.read("xl/worksheets/sheet1.xml").decode()


def test_the_annual_report_has_every_field_and_invents_nothing() -> None:
    history(months=3)
    year = back(month_of(now().date()), 1).year
    text = page(f"/reports/year/{year}/")
    for words in (
        "0580-2912345",
        "接通率",
        "精神科医师",
        "子女教育",
        "培训人次",
        "反复来电占比",
        "督导复核率（来电后两周内）",
        "≈ 285",
    ):
        assert words in text, words
    assert "≤ 10 秒" not in text  # a median of the year needs twelve months
    rows = list(
        csv.reader(io.StringIO(b"".join(client().get(f"/reports/year/{year}/csv/").streaming_content).decode()))
    )
    assert len(rows) > 50
    empty = page(f"/reports/year/{year - 1}/") if year > 2024 else ""
    assert "≈" not in empty.split("<main")[-1].split("按 5 取整")[0]


def test_the_plan_counts_whole_divisions() -> None:
    met, short = (oversight.centres_tile(Share(k, 4, 3, None)).lines[0] for k in (3, 2))
    assert (met.text, met.state, short.text, short.state) == ("3 / 4", "met", "2 / 4", "short")
    board = {"total": _nothing(), "divisions": []}
    line = oversight.staffing_tile(board).lines[0]
    assert (line.text, line.state) == ("–", "")


def _nothing() -> Any:
    from wellbeing.people.staffing import summarise

    return summarise([])


def test_the_page_asks_the_same_however_long_the_history(django_assert_max_num_queries: Any) -> None:
    history(months=2)
    shen = actor("shen")
    with identity(shen):
        with django_assert_max_num_queries(24):
            oversight.page(shen)


def test_nothing_sealed_is_read_for_a_page() -> None:
    acknowledged()
    history(months=1)
    read: list[str] = []

    def spy(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        read.append(sql)
        return execute(sql, params, many, context)

    shen = actor("shen")
    with identity(shen), connection.execute_wrapper(spy):
        oversight.page(shen)
    text = " ".join(read)
    for word in ("sealed", '"cover"', "vault_", "datakey", "cases_entry", "cases_person"):
        assert word not in text, word
