"""The exchange's own records of calls (话单) as events: Asterisk's cdr_csv, and tables with named columns. Pure.

Asterisk's `Master.csv` has no header; its columns are accountcode, src, dst, dcontext, clid, channel, dstchannel,
lastapp, lastdata, start, answer, end, duration, billsec, disposition, amaflags, uniqueid, userfield. One call may have
several rows of one uniqueid (a queue rings seat after seat), and a queue's own announcement counts as ANSWERED there:
somebody answered only where a seat's channel (dstchannel) is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from wellbeing.exchange.events import BadEvent, Event, EventKind, event

ASTERISK = (16, 20)  # how many columns a row may have: older versions wrote no uniqueid, newer ones write more
SEAT = re.compile(r"[A-Za-z0-9]+/([0-9A-Za-z_]+)")
# What a column may be called, in either language.
NAMES = {
    "call": ("call", "id", "uniqueid", "来电编号", "通话编号"),
    "line": ("line", "dst", "线路", "被叫"),
    "number": ("number", "src", "caller", "来电号码", "主叫"),
    "offered": ("offered", "start", "来电时间", "开始时间"),
    "answered": ("answered", "answer", "接起时间", "应答时间"),
    "ended": ("ended", "end", "结束时间", "挂断时间"),
    "seat": ("seat", "extension", "分机", "坐席"),
}
NEEDED = ("call", "offered", "ended")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: its line in the file and the field; never what stands in it."""

    line: int
    field: str


def calls(
    rows: Sequence[tuple[int, Sequence[str]]], *, lines: Collection[str], zone: tzinfo
) -> Iterator[Event | BadRow]:
    """The events of every call to one of `lines` (all where empty); a row of another line is passed over.

    `rows` are (line number, cells). Times without an offset are of `zone`.
    """
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    named = {what: header.index(name) for what, names in NAMES.items() for name in names if name in header}
    if set(NEEDED) <= set(named):
        for line, cells in rows[1:]:
            yield from _events(line, {what: cells[place].strip() for what, place in named.items()}, lines, zone)
    else:
        yield from _asterisk(rows, lines, zone)


def _asterisk(
    rows: Iterable[tuple[int, Sequence[str]]], lines: Collection[str], zone: tzinfo
) -> Iterator[Event | BadRow]:
    for line, cells in rows:
        if not ASTERISK[0] < len(cells) <= ASTERISK[1]:
            yield BadRow(line, "columns")
            continue
        seat = SEAT.match(cells[6])
        answered = cells[10] if cells[14] == "ANSWERED" and seat else ""
        said = {"call": cells[16], "line": cells[2], "number": cells[1], "offered": cells[9], "answered": answered}
        said |= {"ended": cells[11], "seat": seat[1] if seat and answered else ""}
        yield from _events(line, said, lines, zone)


def _events(line: int, said: dict[str, str], lines: Collection[str], zone: tzinfo) -> Iterator[Event | BadRow]:
    if lines and said.get("line", "") not in lines:
        return
    number = said.get("number", "")
    common = {"call": said["call"], "line": said.get("line", ""), "number": number if _dialled(number) else ""}
    moments = {
        EventKind.RINGING: said["offered"],
        EventKind.ANSWERED: said.get("answered", ""),
        EventKind.ENDED: said["ended"],
    }
    for kind, text in moments.items():
        if not text and kind == EventKind.ANSWERED:
            continue
        try:
            at = datetime.fromisoformat(text)
            at = at if at.tzinfo else at.replace(tzinfo=zone)
            seat = said.get("seat", "") if kind == EventKind.ANSWERED else ""
            yield event({**common, "event": kind.value, "at": at.isoformat(), "seat": seat})
        except BadEvent as bad:
            yield BadRow(line, bad.field)
            return
        except ValueError:
            yield BadRow(line, kind.value)
            return


def _dialled(number: str) -> bool:
    """A caller who hides the number is `anonymous` or the like in the records; that is no number."""
    return bool(re.search(r"\d", number))
