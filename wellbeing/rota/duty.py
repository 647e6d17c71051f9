"""Who is on duty at a desk: by its shifts, and only those whose post at the desk counts then: it runs, and she is not
on leave. Each answer is one query.

A desk that has never had a shift keeps no rota: while anybody's post there counts it is staffed, and nobody is named.
The asker must be known to the database (access.actor.identity); a stranger sees no shift.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from wellbeing.rota import cover
from wellbeing.rota.cover import Span

# The day of a moment is given without a subquery, so that the planner takes the function's own query in here.
_NOW = "coalesce(%(at)s::timestamptz, app_now())"
_SITS = "SELECT 1 FROM app_serving(({at} AT TIME ZONE 'Asia/Shanghai')::date) p WHERE p.desk_id = "
_RUNS = f"EXISTS ({_SITS}s.desk_id AND p.user_id = s.user_id)"
# A subquery, so that it is one value to the planner: a function's call would not reach an index behind a wall.
_AT = f"(SELECT {_NOW})"
# No shift is longer than a day (a constraint), so the index gives a handful of rows, however long the rota is.
_ON_DUTY = (
    "FROM rota_shift s JOIN people_user u ON u.id = s.user_id WHERE s.desk_id = %(desk)s"
    f" AND s.ends_at > {_AT} AND s.ends_at <= {_AT} + interval '24 hours' AND s.starts_at <= {_AT}"
    f" AND {_RUNS.format(at=_NOW)}"
)
_WHO = "s.user_id, coalesce(nullif(u.display_name, ''), u.username), s.starts_at, s.ends_at"
_EVERYWHERE = (
    "SELECT d.group_id, w.user_id, w.name, w.starts_at, w.ends_at FROM people_desk d LEFT JOIN LATERAL ("
    f"SELECT s.user_id, coalesce(nullif(u.display_name, ''), u.username) AS name, s.starts_at, s.ends_at"
    f" {_ON_DUTY.replace('%(desk)s', 'd.group_id')}) w ON true"
    " WHERE EXISTS (SELECT 1 FROM rota_shift k WHERE k.desk_id = d.group_id) ORDER BY d.group_id, w.starts_at"
)
_SPANS = (
    "SELECT d.group_id, span.starts_at, span.ends_at FROM people_desk d LEFT JOIN LATERAL ("
    # of a shift the hours of each day, at most two, on which its person serves
    " SELECT greatest(s.starts_at, day AT TIME ZONE 'Asia/Shanghai') AS starts_at,"
    " least(s.ends_at, (day + interval '1 day') AT TIME ZONE 'Asia/Shanghai') AS ends_at"
    " FROM rota_shift s JOIN people_user u ON u.id = s.user_id"
    " CROSS JOIN LATERAL generate_series(date_trunc('day', s.starts_at AT TIME ZONE 'Asia/Shanghai'),"
    "  s.ends_at AT TIME ZONE 'Asia/Shanghai' - interval '1 microsecond', interval '1 day') day"
    " WHERE s.desk_id = d.group_id AND s.ends_at > %(start)s AND s.ends_at < %(end)s + interval '24 hours'"
    f" AND s.starts_at < %(end)s AND {_RUNS.format(at='(day AT TIME ZONE $$Asia/Shanghai$$)')}) span ON true"
    " WHERE (%(desks)s::integer[] IS NULL OR d.group_id = ANY (%(desks)s::integer[]))"
    " AND EXISTS (SELECT 1 FROM rota_shift k WHERE k.desk_id = d.group_id)"
)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A person on duty, from when to when; shows as the name."""

    user_id: int
    name: str
    starts_at: datetime
    ends_at: datetime

    def __str__(self) -> str:
        return self.name


def on_duty(desk_id: int, at: datetime | None = None) -> list[int]:
    """The accounts on duty at a desk (now, or at a moment), by the start of their shifts."""
    rows = _rows(f"SELECT s.user_id {_ON_DUTY} ORDER BY s.starts_at, s.id", desk=desk_id, at=at)
    return [row[0] for row in rows]


def staffed(desk_id: int, at: datetime | None = None) -> bool:
    """Whether somebody is on duty, or the desk keeps no rota and somebody sits there."""
    sits = _SITS.format(at=_NOW) + "%(desk)s"
    sql = (
        f"SELECT EXISTS (SELECT 1 {_ON_DUTY}) OR NOT EXISTS (SELECT 1 FROM rota_shift k WHERE k.desk_id = %(desk)s)"
        f" AND EXISTS ({sits})"
    )
    return bool(_rows(sql, desk=desk_id, at=at)[0][0])


def serves(user_id: int, desks: Iterable[int]) -> bool:
    """Whether a person is on duty now at one of some desks, or one of them keeps no rota."""
    there = {desk: on_duty(desk) for desk in desks}
    return any(user_id in people or (not people and staffed(desk)) for desk, people in there.items())


def who(desk_id: int, at: datetime | None = None) -> list[OnDuty]:
    """Who is on duty, with names and hours, by the start of their shifts."""
    return [OnDuty(*row) for row in _rows(f"SELECT {_WHO} {_ON_DUTY} ORDER BY s.starts_at, s.id", desk=desk_id, at=at)]


def everywhere() -> dict[int, list[OnDuty]]:
    """Who is on duty now at every desk that keeps a rota, by desk; an empty list where nobody is. One query."""
    found: defaultdict[int, list[OnDuty]] = defaultdict(list)
    for desk, *person in _rows(_EVERYWHERE, at=None):
        found[desk] += [OnDuty(*person)] if person[0] else []
    return dict(found)


def gaps(desk_id: int, start: datetime, end: datetime) -> list[Span]:
    """When nobody is on duty between two moments; none at a desk that keeps no rota."""
    return gaps_of(start, end, [desk_id]).get(desk_id, [])


def gaps_of(start: datetime, end: datetime, desks: Iterable[int] | None = None) -> dict[int, list[Span]]:
    """The gaps of every desk that keeps a rota, or of those named, by desk. One query for all."""
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for desk, starts_at, ends_at in _rows(_SPANS, start=start, end=end, desks=None if desks is None else list(desks)):
        spans[desk] += [(starts_at, ends_at)] if starts_at else []
    return {desk: cover.gaps(found, start, end) for desk, found in spans.items()}


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
