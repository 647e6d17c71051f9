"""The rows that say who may see, against their seals and against the events that made them (SECURITY.md 4, step 7).

A seal shows that the application wrote a row, and the events that it still stands by right: a row that is put back
after its end keeps its seal, and is known by what was kept of its end (models.Ended), or by the events where whoever
put it back took that away too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F

from wellbeing.access.changes import FACT, Change, Side
from wellbeing.access.grants import all_tables
from wellbeing.access.permissions import P
from wellbeing.access.sealed import seal_holds
from wellbeing.people.models import Post
from wellbeing.workdays import TIMEZONE, now

CHUNK = 2000
POST = Post._meta.db_table


class Wrong(StrEnum):
    FORGED = "not written by the application"
    BACK = "put back after its end"
    UNSAID = "without the event that made it"
    UNLIKE = "unlike the event that made it"
    GONE = "taken away without an event"
    PROLONGED = "unlike the event that ended it"


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that says who may see and should not stand there, or one that should. `row` None: there is none; `object`
    None: it is a post."""

    what: Wrong
    table: str
    row: int | None
    holder: int
    side: str = Side.USER
    hold: str = ""
    object: UUID | None = None

    def __str__(self) -> str:
        if self.object is None:
            return f"post {self.what}: row {self.row} of {self.table}, user {self.holder}"
        row = f"row {self.row} of {self.table}, " if self.row else ""
        return f"grant {self.what}: {row}{self.side} {self.holder}, {self.hold} on {self.object}"


class Row(NamedTuple):
    """A grant as it stands, and whether its seal holds."""

    table: str
    pk: int
    side: Side
    holder: int
    object: UUID
    hold: str
    origin: str
    since: datetime
    until: datetime
    sealed: bool
    ended: bool

    @property
    def key(self) -> Key:
        return self.object, self.side, self.holder, self.hold

    @property
    def wrong(self) -> Wrong | None:
        """What is wrong with it by itself, whatever the events say."""
        return Wrong.FORGED if not self.sealed else Wrong.BACK if self.ended else None

    def fault(self, what: Wrong) -> RowFault:
        return RowFault(what, self.table, self.pk, self.holder, self.side, self.hold, self.object)


Key = tuple[UUID, str, int, str]  # object, side, holder, hold


class Given(NamedTuple):
    """What an event gave and no later one has ended."""

    origin: str
    since: datetime
    until: datetime


def sees_rows() -> bool:
    """Whether whoever asks sees every grant: the owner of the tables, behind his own walls, sees none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT row_security_active(%s) OR app_system() AND pg_has_role(current_user, 'wellbeing_app', %s)",
            [all_tables()[0]._meta.db_table, "USAGE"],
        )
        return bool(cursor.fetchone()[0])


class Gift(NamedTuple):
    """A change by which an event gave holds on one object to a desk or a person."""

    object: UUID
    side: str
    holder: int
    holds: tuple[str, ...]
    given: Given


class End(NamedTuple):
    """A change by which an event ended grants; None is any."""

    object: UUID | None
    side: str | None
    holder: int | None
    origin: str | None


def faults() -> list[RowFault]:
    """Everything that does not fit, for a machine, which sees all rows and events. Looked at twice where anything was
    found: while others write, rows are read a moment after the events, and what came between is no fault."""
    found = _look()
    again = set(_look()) if found else set()
    return [fault for fault in found if fault in again]


def _look() -> list[RowFault]:
    given, ends, at = _given(), _ends(), now()
    swept = _ends(begun=False)
    found, seen = list(post_faults()), set[Key]()
    for row in (row for table in all_tables() for row in grants_in(table)):
        seen.add(row.key)
        said = given.get(row.key)
        if row.wrong:
            found.append(row.fault(row.wrong))
        elif row.until <= at or _left(ends, row.key, row.since):
            continue  # the sweep takes it within a minute
        elif said is None:
            found.append(row.fault(Wrong.UNSAID))
        elif said != (row.origin, row.since, row.until):
            found.append(row.fault(Wrong.UNLIKE))
    for key, said in given.items():
        if key not in seen and said.until > at and not _left(swept, key, said.since):
            pk, side, holder, hold = key
            found.append(RowFault(Wrong.GONE, "", None, holder, side, hold, pk))
    return found


def grants_in(model: Any, after: int = 0, most: int | None = None) -> Iterator[Row]:
    """The rows of one table of grants in the order of their numbers, those after one and so many at most."""
    table, side = model._meta.db_table, Side.USER if hasattr(model, "user_id") else Side.DESK
    holder = "user_id" if side == Side.USER else "group_id"
    query = (
        f"SELECT g.id, g.{holder}, g.content_object_id, p.codename, g.origin, g.granted_by_id, g.granted_at,"  # noqa: S608
        " g.expires_at, g.seal, EXISTS (SELECT 1 FROM access_ended e WHERE e.seal = g.seal)"
        f" FROM {table} g JOIN auth_permission p ON p.id = g.permission_id WHERE g.id > %s"
        " ORDER BY g.id LIMIT %s"
    )
    for pk, whose, thing, hold, origin, by, since, until, seal, ended in _rows(query, [after, most]):
        sealed = seal_holds(seal, table, whose, thing, hold, origin, by, since, until)
        yield Row(table, pk, side, whose, thing, hold, origin, since, until, sealed, ended)


def post_faults() -> Iterator[RowFault]:
    """Posts that were not written here, and those that go on although an event ended them."""
    ended = _ended_posts()
    for post in Post.objects.select_related("desk__organisation"):
        last = ended.get(post.pk)
        if not post.sound():
            yield RowFault(Wrong.FORGED, POST, post.pk, post.user_id)
        elif last is not None and (post.ends_on is None or post.ends_on > last):
            yield RowFault(Wrong.PROLONGED, POST, post.pk, post.user_id)


def _given() -> dict[Key, Given]:
    """The grants that stand by the events alone, each change applied in its order."""
    given: dict[Key, Given] = {}
    by_object: dict[UUID, set[Key]] = {}
    for _at, _id, changes in sorted(_events(), key=lambda event: event[:2]):
        for one in changes:
            if isinstance(one, Gift):
                for hold in one.holds:
                    key = one.object, one.side, one.holder, hold
                    given[key] = one.given
                    by_object.setdefault(one.object, set()).add(key)
                continue
            for key in [*(by_object.get(one.object, ()) if one.object else given)]:
                if key in given and _ends_it(key, given[key], one):
                    del given[key]
    return given


def _ends_it(key: Key, given: Given, end: End) -> bool:
    return (end.side is None or key[1:3] == (end.side, end.holder)) and end.origin in (None, given.origin)


def _read(body: bytes) -> list[Gift | End]:
    """The changes that an event tells of. One that cannot be read says nothing: its chain names it."""
    found: list[Gift | End] = []
    try:
        for change, thing, side, holder, *said in json.loads(body)["facts"][FACT]:
            if change == Change.GIVEN:
                holds, origin, *days = said
                since, until = map(datetime.fromisoformat, days)
                found.append(Gift(UUID(thing), side, holder, tuple(holds), Given(origin, since, until)))
            else:
                found.append(End(UUID(thing) if thing else None, side, holder, said[0]))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return []
    return found


def _events() -> Iterator[tuple[datetime, UUID, list[Gift | End]]]:
    """The changes that events tell of, with what orders them: within one stream its numbers, between streams the time.
    An event that waited for another of its stream has begun before it, and comes after it all the same."""
    query = (
        "SELECT stream, at, id, body FROM audit_event WHERE position(convert_to(%s, 'UTF8') IN body) > 0"
        " ORDER BY stream, seq"
    )
    last: tuple[Any, ...] = (None, None, None)
    for stream, at, pk, body in _rows(query, [f'"{FACT}":']):
        if changes := _read(bytes(body)):
            order = max((at, pk), last[1:]) if stream == last[0] else (at, pk)
            last = stream, *order
            yield *order, changes


def _ends(*, begun: bool = True) -> dict[int, list[date]]:
    """The last days of posts that are over: with them ended what their holders had been granted. With those that were
    taken back before they had `begun` nothing ends; it once did."""
    found: dict[int, list[date]] = {}
    over = Post.objects.filter(ends_on__lt=now().date())
    over = over.filter(starts_on__lte=F("ends_on")) if begun else over
    for user, day in over.values_list("user_id", "ends_on"):
        if day:
            found.setdefault(user, []).append(day)
    return found


def _left(ends: Mapping[int, Sequence[date]], key: Key, since: datetime) -> bool:
    day = since.astimezone(TIMEZONE).date()
    return key[1] == Side.USER and any(day <= last for last in ends.get(key[2], ()))


def _ended_posts() -> dict[int, date]:
    """The last day of each post that an event has ended, by its last such event."""
    found = {}
    query = "SELECT at, body FROM audit_event WHERE act = %s ORDER BY at, id"
    for at, body in _rows(query, [P.POST_END]):
        with suppress(ValueError, TypeError, LookupError, RecursionError):
            facts = json.loads(bytes(body))["facts"]
            day = facts.get("last_day")
            if day or facts["at_once"]:
                found[facts["post"]] = date.fromordinal(day) if day else at.astimezone(TIMEZONE).date()
    return found


def _rows(query: str, asked: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(query, asked)
        while chunk := cursor.fetchmany(CHUNK):
            yield from chunk
