"""What is unusual in the audit: each kind one function of events, with a policy default as its threshold. Pure.

A hint and no verdict: somebody asks the person before anything else happens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from wellbeing.access.permissions import P
from wellbeing.audit.tags import Tag

HOUR = timedelta(hours=1)
TEN_MINUTES = timedelta(minutes=10)
# What opens the words of somebody's file, also outside of a case: a packet at a hospital, an incident, a screening.
OPENINGS = (
    *(Tag.READ_FILE, Tag.READ_PACKET, Tag.READ_INCIDENT, Tag.READ_SCREENING),
    *(Tag.READ_REQUEST, Tag.READ_ANSWER, Tag.READ_NUMBER),
)
# What looks for somebody, with the fact that counts what was found.
LOOKS: dict[str, str] = {Tag.SEARCHED: "hits", Tag.READ_CALLER: "calls", P.RECORDS_TAKE_UP: "hits"}
WATCHED = (*OPENINGS, *LOOKS, Tag.REFUSED, Tag.SIGN_IN_FAILED)


class Kind(StrEnum):
    MANY_OPENINGS = "many_openings"
    AT_NIGHT = "at_night"
    EMPTY_SEARCHES = "empty_searches"
    EMPTY_LOOKS = "empty_looks"
    MANY_CALLERS = "many_callers"
    PROBING = "probing"
    OWN_FILE = "own_file"
    COLLEAGUES_FILE = "colleagues_file"
    FAILED_SIGN_INS = "failed_sign_ins"


@dataclass(frozen=True, slots=True)
class Watch:
    """Thresholds; policy defaults (SECURITY.md 4 names what to look for, 2.6 how many empty looks are too many)."""

    openings_an_hour: int = 20  # different files, by one person
    night_from: int = 22  # local hours
    night_to: int = 6
    empty_searches_a_day: int = 5  # by one person
    empty_looks_in_ten_minutes: int = 20  # by one person: searches, callers' numbers, files of requests
    callers_an_hour: int = 30  # numbers looked at by one person; a call takes minutes
    refused_an_hour: int = 30  # pages that are not hers, or not there
    failed_sign_ins_an_hour: int = 10  # on the whole platform


@dataclass(frozen=True, slots=True)
class Seen:
    """One event as the audit has it; `at` in local time."""

    at: datetime
    actor: int | None
    act: str
    stream: UUID
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Duty:
    """One person on duty from when to when."""

    user: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Who, when (the last of it), how often, and in which files."""

    kind: Kind
    actor: int | None
    at: datetime
    count: int
    streams: tuple[UUID, ...] = ()


def anomalies(seen: Sequence[Seen], duties: Sequence[Duty], watch: Watch) -> list[Anomaly]:
    """All of them, the newest first. `seen` in order of time."""
    found = [*many_openings(seen, watch), *at_night(seen, duties, watch), *empty_searches(seen, watch)]
    found += [*empty_looks(seen, watch), *many_callers(seen, watch), *probing(seen, watch)]
    found += [*near_files(seen), *failed_sign_ins(seen, watch)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def many_openings(seen: Iterable[Seen], watch: Watch) -> Iterator[Anomaly]:
    """More different files within any hour than the work explains; told once per run of such hours."""
    for actor, events in _by_actor(seen, lambda one: one.act in OPENINGS).items():
        yield from _bursts(Kind.MANY_OPENINGS, actor, events, watch.openings_an_hour, files=True)


def failed_sign_ins(seen: Iterable[Seen], watch: Watch) -> Iterator[Anomaly]:
    """Somebody tries passwords: more failures within an hour than people who mistype."""
    events = [one for one in seen if one.act == Tag.SIGN_IN_FAILED]
    yield from _bursts(Kind.FAILED_SIGN_INS, None, events, watch.failed_sign_ins_an_hour, files=False)


def at_night(seen: Iterable[Seen], duties: Sequence[Duty], watch: Watch) -> Iterator[Anomaly]:
    """Files opened at night by somebody who was not on duty; one line per person and night."""
    nights: dict[tuple[int | None, Any], list[Seen]] = defaultdict(list)
    for one in seen:
        late = one.at.hour >= watch.night_from or one.at.hour < watch.night_to
        if one.act in OPENINGS and one.actor is not None and late:
            on_duty = any(d.user == one.actor and d.starts_at <= one.at < d.ends_at for d in duties)
            if not on_duty:
                nights[one.actor, (one.at - timedelta(hours=watch.night_to)).date()].append(one)
    for (actor, _night), events in nights.items():
        yield Anomaly(Kind.AT_NIGHT, actor, events[-1].at, len(events), _files(events))


def empty_searches(seen: Iterable[Seen], watch: Watch) -> Iterator[Anomaly]:
    """Somebody looks for a person who is not hers: searches without a hit, per person and day."""
    days: dict[tuple[int | None, Any], list[Seen]] = defaultdict(list)
    for one in seen:
        if one.act == Tag.SEARCHED and one.facts.get("hits") == 0:
            days[one.actor, one.at.date()].append(one)
    for (actor, _day), events in days.items():
        if len(events) >= watch.empty_searches_a_day:
            yield Anomaly(Kind.EMPTY_SEARCHES, actor, events[-1].at, len(events))


def empty_looks(seen: Iterable[Seen], watch: Watch) -> Iterator[Anomaly]:
    """Somebody tries out whom the house knows: looks without a hit, of whatever kind, close together."""
    empty = _by_actor(seen, lambda one: one.act in LOOKS and one.facts.get(LOOKS[one.act]) == 0)
    for actor, events in empty.items():
        most = watch.empty_looks_in_ten_minutes
        yield from _bursts(Kind.EMPTY_LOOKS, actor, events, most, files=False, span=TEN_MINUTES)


def many_callers(seen: Iterable[Seen], watch: Watch) -> Iterator[Anomaly]:
    """More callers' numbers than anybody takes calls. What a sheet says while typed is no look of its own, and a hint
    by name goes through one's own cases alone."""

    def number(one: Seen) -> bool:
        return one.act == Tag.READ_CALLER and "calls" in one.facts and not one.facts.get("typing")

    for actor, events in _by_actor(seen, number).items():
        yield from _bursts(Kind.MANY_CALLERS, actor, events, watch.callers_an_hour, files=False)


def probing(seen: Iterable[Seen], watch: Watch) -> Iterator[Anomaly]:
    """Somebody tries addresses; what an open page asks by itself is no try."""
    for actor, events in _by_actor(seen, lambda one: one.act == Tag.REFUSED and not one.facts.get("polled")).items():
        yield from _bursts(Kind.PROBING, actor, events, watch.refused_an_hour, files=False)


def near_files(seen: Iterable[Seen]) -> Iterator[Anomaly]:
    """Somebody opened her own file, or a colleague's, by the name on it."""
    kinds = {"own": Kind.OWN_FILE, "colleague": Kind.COLLEAGUES_FILE}
    for one in seen:
        kind = kinds.get(str(one.facts.get("near")))
        if one.act == Tag.READ_FILE and kind:
            yield Anomaly(kind, one.actor, one.at, 1, (one.stream,))


def _by_actor(seen: Iterable[Seen], counts: Callable[[Seen], bool]) -> dict[int | None, list[Seen]]:
    found: dict[int | None, list[Seen]] = defaultdict(list)
    for one in seen:
        if counts(one):
            found[one.actor].append(one)
    return found


def _bursts(
    kind: Kind, actor: int | None, events: Sequence[Seen], most: int, *, files: bool, span: timedelta = HOUR
) -> Iterator[Anomaly]:
    """Runs of events in which some `span` has more than `most`: the fullest one of each run."""
    first, worst = 0, None
    for last, one in enumerate(events):
        while one.at - events[first].at >= span:
            first += 1
        hour = events[first : last + 1]
        count = len(_files(hour)) if files else len(hour)
        if count > most:
            if worst and one.at - worst.at >= span:
                yield worst
                worst = None
            if worst is None or count >= worst.count:
                worst = Anomaly(kind, actor, one.at, count, _files(hour) if files else ())
    if worst:
        yield worst


def _files(events: Iterable[Seen]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(one.stream for one in events))
