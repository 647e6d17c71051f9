"""The exchange's own records of calls (话单) as events: Asterisk's cdr_csv, and tables with named columns. Pure.

Asterisk's `Master.csv` has no header; its columns are accountcode, src, dst, dcontext, clid, channel, dstchannel,
lastapp, lastdata, start, answer, end, duration, billsec, disposition, amaflags, uniqueid, userfield. One call may have
several rows of one uniqueid (a queue rings seat after seat), and a queue's own announcement counts as ANSWERED there:
somebody answered only where a seat's channel (dstchannel) is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from wellbeing.exchange.events import BadEvent, Event, EventKind, event

ASTERISK = range(17, 21)  # how many columns a row may have: older versions wrote no uniqueid, newer ones write more
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
TIMES = {EventKind.RINGING: "offered", EventKind.ANSWERED: "answered", EventKind.ENDED: "ended"}
AHEAD = timedelta(minutes=5)  # that the exchange's clock may be before ours, as for what it says by the wire
WRITTEN = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?")  # by a spreadsheet


class Fault(StrEnum):
    """Why a row cannot be taken."""

    COLUMNS = "has more or fewer columns than it may"
    MISSING = "is no column of this file"
    UNREAD = "cannot be read"
    EARLY = "is before what comes before it in a call"
    FUTURE = "lies in the future: is --zone right?"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: its line in the file, the column and why; never what stands in it."""

    line: int
    field: str
    fault: Fault = Fault.UNREAD


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A row of a line that is not asked for."""

    line: int


Found = Event | BadRow | Elsewhere


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked of every row: which lines, the zone of a time without one, and until when a call can have been."""

    lines: Collection[str]
    zone: tzinfo
    until: datetime


def calls(
    rows: Sequence[tuple[int, Sequence[str]]], *, lines: Collection[str], zone: tzinfo, at: datetime
) -> Iterator[Found]:
    """The events of every call to one of `lines` (all where empty).

    `rows` are (line number, cells). Times without an offset are of `zone`; none lies after `at`, which is now.
    """
    ask = _Ask(lines, zone, at + AHEAD)
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    named = {what: name for what, names in NAMES.items() for name in names if name in header}
    if named and len(header) not in ASTERISK and not set(NEEDED) <= set(named):
        yield from (BadRow(rows[0][0], NAMES[what][0], Fault.MISSING) for what in NEEDED if what not in named)
    elif set(NEEDED) <= set(named):
        for line, cells in rows[1:]:
            if any(cells[len(header) :]):
                yield BadRow(line, "columns", Fault.COLUMNS)
                continue
            full = [*cells, *[""] * len(header)]  # a spreadsheet leaves out what is empty at a row's end
            said = {what: full[header.index(name)].strip() for what, name in named.items()}
            yield from _events(line, said, named, ask)
    else:
        yield from _asterisk(rows, ask)


def _asterisk(rows: Iterable[tuple[int, Sequence[str]]], ask: _Ask) -> Iterator[Found]:
    called = {"call": "uniqueid", "line": "dst", "number": "src", "seat": "dstchannel"}
    called |= {"offered": "start", "answered": "answer", "ended": "end"}
    for line, cells in rows:
        if len(cells) not in ASTERISK:
            yield BadRow(line, "columns", Fault.COLUMNS)
            continue
        seat = SEAT.match(cells[6])
        answered = cells[10] if cells[14] == "ANSWERED" and seat else ""
        said = {"call": cells[16], "line": cells[2], "number": cells[1], "offered": cells[9], "answered": answered}
        said |= {"ended": cells[11], "seat": seat[1] if seat and answered else ""}
        yield from _events(line, said, called, ask)


def _events(line: int, said: Mapping[str, str], called: Mapping[str, str], ask: _Ask) -> Iterator[Found]:
    """The events of one row, or why it has none; `called` is what its columns are called in the file."""
    if ask.lines and said.get("line", "") not in ask.lines:
        yield Elsewhere(line)
        return
    number = said.get("number", "")
    common = {"call": said["call"], "line": said.get("line", ""), "number": number if _dialled(number) else ""}
    found: list[Event] = []
    for kind, what in TIMES.items():
        if not said.get(what) and kind == EventKind.ANSWERED:
            continue
        at = _moment(said[what], ask.zone)
        if at is None or at > ask.until or (found and at < found[-1].at):
            fault = Fault.UNREAD if at is None else Fault.FUTURE if at > ask.until else Fault.EARLY
            yield BadRow(line, called[what], fault)
            return
        seat = said.get("seat", "") if kind == EventKind.ANSWERED else ""
        try:
            found.append(event({**common, "event": kind.value, "at": at.isoformat(), "seat": seat}))
        except BadEvent as bad:
            yield BadRow(line, called[bad.field])
            return
    yield from found


def _moment(text: str, zone: tzinfo) -> datetime | None:
    if written := WRITTEN.fullmatch(text):
        year, month, day, hour, minute, second = (part or "0" for part in written.groups())
        text = f"{year}-{month:0>2}-{day:0>2} {hour:0>2}:{minute}:{second:0>2}"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _dialled(number: str) -> bool:
    """A caller who hides the number is `anonymous` or the like in the records; that is no number."""
    return bool(re.search(r"\d", number))
