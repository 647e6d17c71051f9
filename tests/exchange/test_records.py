"""The exchange's own records become calls: every column, every bad row by its line."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from wellbeing.exchange.events import Event, EventKind
from wellbeing.exchange.records import BadRow, Elsewhere, Fault, calls

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)  # when a file is read
ROW = (
    ',13800000000,2912345,hotline,"""x"" <13800000000>",PJSIP/trunk-01,PJSIP/8001-02,Queue,hotline,2026-11-01 22:00:00,'
    "{answer},2026-11-01 22:18:00,1080,1071,{disposition},DOCUMENTATION,1793541600.{call},"
)
HEAD = ["来电编号", "线路", "主叫", "来电时间", "接起时间", "结束时间", "分机"]
NAMED = ["A1", "2912345", "匿名", "2026-11-01T22:00:00", "", "2026-11-01 22:01:00", ""]


def cells(answer: str = "2026-11-01 22:00:09", disposition: str = "ANSWERED", call: int = 1) -> list[str]:
    import csv

    return next(csv.reader([ROW.format(answer=answer, disposition=disposition, call=call)]))


def test_asterisk_s_rows_become_calls() -> None:
    rows = [
        (1, cells()),
        (2, cells(answer="", disposition="NO ANSWER", call=2)),
        (3, [*cells(call=3)[:2], "8002", *cells()[3:]]),  # a call between seats
    ]
    found = list(calls(rows, lines={"2912345"}, zone=SHANGHAI, at=LATER))
    assert [one for one in found if not isinstance(one, Event)] == [Elsewhere(3)]
    said = [(one.call[-1], one.kind, one.seat) for one in found if isinstance(one, Event)]
    assert said == [
        ("1", EventKind.RINGING, ""),
        ("1", EventKind.ANSWERED, "8001"),
        ("1", EventKind.ENDED, ""),
        ("2", EventKind.RINGING, ""),
        ("2", EventKind.ENDED, ""),
    ]
    first = found[0]
    assert isinstance(first, Event) and first.at == datetime(2026, 11, 1, 14, 0, tzinfo=UTC)


def test_a_queue_that_only_played_its_music_answered_nobody() -> None:
    row = cells()
    row[6] = ""  # no seat's channel
    kinds = [one.kind for one in calls([(1, row)], lines=(), zone=SHANGHAI, at=LATER) if isinstance(one, Event)]
    assert kinds == [EventKind.RINGING, EventKind.ENDED]


def test_named_columns_in_chinese_and_bad_rows_by_line() -> None:
    """Every fault by its line, the column as the file calls it, and why."""
    bad = {
        3: {"来电时间": "昨天"},
        4: {"来电编号": ""},
        5: {"结束时间": "2026-11-01 21:59:59"},
        6: {"接起时间": "2026-11-01 21:59:59"},
        7: {"结束时间": "2026-12-01 22:01:00"},
        8: {"结束时间": ""},
    }
    rows = [(1, HEAD), (2, NAMED)]
    rows += [
        (line, [wrong.get(name, cell) for name, cell in zip(HEAD, NAMED, strict=True)]) for line, wrong in bad.items()
    ]
    rows += [(9, NAMED[:4]), (10, [*NAMED, "", "x"])]
    found = list(calls(rows, lines={"2912345"}, zone=SHANGHAI, at=LATER))
    assert [one for one in found if isinstance(one, BadRow)] == [
        BadRow(3, "来电时间"),
        BadRow(4, "来电编号"),
        BadRow(5, "结束时间", Fault.EARLY),
        BadRow(6, "接起时间", Fault.EARLY),
        BadRow(7, "结束时间", Fault.FUTURE),
        BadRow(8, "结束时间"),
        BadRow(9, "结束时间"),
        BadRow(10, "columns", Fault.COLUMNS),
    ]
    good = [one for one in found if isinstance(one, Event)]
    assert [one.kind for one in good] == [EventKind.RINGING, EventKind.ENDED] and not good[0].number


def test_times_as_a_spreadsheet_writes_them_and_a_header_that_lacks_a_column() -> None:
    row = [*NAMED[:3], "2026/11/1 23:59", "2026/11/1 23:59:30", "2026/11/2 0:12", "8001"]
    at = [one.at for one in calls([(1, HEAD), (2, row)], lines=(), zone=SHANGHAI, at=LATER) if isinstance(one, Event)]
    local = [datetime(2026, 11, *one, tzinfo=SHANGHAI) for one in ((1, 23, 59), (1, 23, 59, 30), (2, 0, 12))]
    assert at == local
    lacking = [(1, HEAD[1:5]), (2, NAMED[1:5])]
    assert list(calls(lacking, lines=(), zone=SHANGHAI, at=LATER)) == [
        BadRow(1, "call", Fault.MISSING),
        BadRow(1, "ended", Fault.MISSING),
    ]
