"""What is known of a call does not depend on the order, or the number, of the sayings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing.exchange.events import BadEvent, Event, EventKind, event, heard
from wellbeing.exchange.records import BadRow, Elsewhere, Fault, calls
from wellbeing.exchange.signing import genuine, sign

AT = datetime(2026, 11, 1, 22, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)  # when a file is read
ROW = (
    ',13800000000,2912345,hotline,"""x"" <13800000000>",PJSIP/trunk-01,PJSIP/8001-02,Queue,hotline,2026-11-01 22:00:00,'
    "{answer},2026-11-01 22:18:00,1080,1071,{disposition},DOCUMENTATION,1793541600.{call},"
)


def cells(answer: str = "2026-11-01 22:00:09", disposition: str = "ANSWERED", call: int = 1) -> list[str]:
    import csv

    return next(csv.reader([ROW.format(answer=answer, disposition=disposition, call=call)]))


events_of_a_call = st.lists(
    st.builds(
        Event, st.just("1"), st.sampled_from(EventKind), st.integers(0, 50).map(lambda s: AT + timedelta(seconds=s))
    ),
    min_size=1,
    max_size=4,
)


@given(events_of_a_call)
@settings(max_examples=60)
def test_the_order_of_sayings_changes_nothing(said: list[Event]) -> None:
    found = set()
    for order in permutations(said):
        known = None
        for one in (*order, order[0]):  # and one of them twice
            known = heard(known, one)
        assert known is not None
        found.add((known.offered_at, known.answered_at, known.ended_at))
    assert len(found) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"call": ""}, "call"),
        ({"call": "a\nb"}, "call"),
        ({"event": "held"}, "event"),
        ({"at": "2026-11-01T22:00:00"}, "at"),  # without an offset nobody knows when
        ({"at": "yesterday"}, "at"),
        ({"number": "=cmd()"}, "number"),
        ({"line": ["2912345"]}, "line"),
    ],
)
def test_a_saying_that_cannot_be_taken_names_its_field(wrong: dict[str, object], field: str) -> None:
    good = {"call": "1", "event": "ringing", "at": "2026-11-01T22:00:00+08:00", "line": "2912345"}
    assert event(good).kind == EventKind.RINGING
    with pytest.raises(BadEvent) as bad:
        event({**good, **wrong})
    assert bad.value.field == field


def test_a_signature_holds_for_its_body_and_its_minute() -> None:
    body, stamp = b'{"call":"1"}', str(int(AT.timestamp()))
    mark = sign("key", stamp, body)
    assert genuine("key", stamp, body, mark, AT.timestamp() + 299)
    assert not genuine("key", stamp, body, mark, AT.timestamp() + 301)
    assert not genuine("key", stamp, body + b" ", mark, AT.timestamp())
    assert not genuine("other", stamp, body, mark, AT.timestamp())
    assert not genuine("", stamp, body, sign("", stamp, body), AT.timestamp())
    assert not genuine("key", "²", body, mark, AT.timestamp())


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


HEAD = ["来电编号", "线路", "主叫", "来电时间", "接起时间", "结束时间", "分机"]
NAMED = ["A1", "2912345", "匿名", "2026-11-01T22:00:00", "", "2026-11-01 22:01:00", ""]


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
