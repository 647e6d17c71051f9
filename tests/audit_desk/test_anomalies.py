"""What is unusual: each kind at its threshold and one below. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wellbeing.access.permissions import P
from wellbeing.audit.tags import Tag
from wellbeing.audit_desk.anomalies import OPENINGS, Anomaly, Duty, Kind, Seen, Watch, anomalies
from wellbeing.workdays import TIMEZONE

NOON = datetime(2026, 11, 2, 12, tzinfo=TIMEZONE)
WATCH = Watch(
    openings_an_hour=3,
    empty_searches_a_day=2,
    empty_looks_in_ten_minutes=3,
    callers_an_hour=4,
    refused_an_hour=3,
    failed_sign_ins_an_hour=2,
)


def opened(minutes: float, file: int = 1, actor: int | None = 7, at: datetime = NOON, **facts: Any) -> Seen:
    return Seen(at + timedelta(minutes=minutes), actor, Tag.READ_FILE, UUID(int=file), facts)


def other(act: Tag | P, minutes: float, actor: int | None = 7, **facts: Any) -> Seen:
    return Seen(NOON + timedelta(minutes=minutes), actor, act, UUID(int=9), facts)


def found(*seen: Seen, duties: tuple[Duty, ...] = ()) -> list[Anomaly]:
    return anomalies(sorted(seen, key=lambda one: one.at), duties, WATCH)


def test_many_files_in_an_hour() -> None:
    assert found(*(opened(n, file=n) for n in (1, 2, 3)), opened(4, file=3), opened(61, file=4)) == []
    (one,) = found(*(opened(n * 10, file=n) for n in range(1, 6)), opened(12, file=9, actor=8))
    assert (one.kind, one.actor, one.count, len(one.streams)) == (Kind.MANY_OPENINGS, 7, 5, 5)
    twice = found(*(opened(n, file=n) for n in range(4)), *(opened(200 + n, file=n) for n in range(4)))
    assert [one.at for one in twice] == [NOON + timedelta(minutes=203), NOON + timedelta(minutes=3)]


def test_at_night_and_off_duty() -> None:
    night = NOON.replace(hour=23)
    early = NOON.replace(day=3, hour=5, minute=59)
    duty = Duty(7, night - timedelta(hours=1), night + timedelta(hours=1))
    (one,) = found(opened(0, at=night), opened(0, at=early))
    assert (one.kind, one.count, one.at) == (Kind.AT_NIGHT, 2, early)
    assert found(opened(0, at=night), duties=(duty,)) == []
    assert len(found(opened(0, at=night, actor=8), opened(60, at=night), duties=(duty,))) == 2
    assert found(opened(0, at=NOON.replace(hour=6)), opened(0, at=NOON.replace(hour=21, minute=59))) == []


def test_searches_own_files_and_passwords() -> None:
    search = Tag.SEARCHED
    assert found(other(search, 0, hits=0), other(search, 1, hits=3), other(search, 2, actor=8, hits=0)) == []
    (one,) = found(other(search, 0, hits=0), other(search, 300, hits=0), other(search, 60 * 24, hits=0))
    assert (one.kind, one.count) == (Kind.EMPTY_SEARCHES, 2)
    kinds = [one.kind for one in found(opened(0, near="own"), opened(1, near="colleague"), opened(2))]
    assert kinds == [Kind.COLLEAGUES_FILE, Kind.OWN_FILE]
    failed = [other(Tag.SIGN_IN_FAILED, n, actor=None) for n in (0, 20, 59)]
    assert [(one.kind, one.count, one.actor) for one in found(*failed)] == [(Kind.FAILED_SIGN_INS, 3, None)]
    assert found(*failed[:2], other(Tag.SIGN_IN_FAILED, 60, actor=None)) == []


def test_a_packet_an_incident_a_screening_a_request_count_as_a_file() -> None:
    night = NOON.replace(hour=23)
    for act in OPENINGS:
        several = [Seen(NOON + timedelta(minutes=n), 7, act, UUID(int=n), {}) for n in range(4)]
        assert [one.kind for one in found(*several)] == [Kind.MANY_OPENINGS], act
        assert [one.kind for one in found(Seen(night, 7, act, UUID(int=1), {}))] == [Kind.AT_NIGHT], act
    mixed = [opened(0, file=1), *(Seen(NOON, 7, Tag.READ_PACKET, UUID(int=n), {}) for n in (1, 2, 3, 4))]
    assert [(one.kind, one.count) for one in found(*mixed)] == [(Kind.MANY_OPENINGS, 4)]  # one file twice is one


def test_looks_that_find_nobody_and_callers_and_refusals() -> None:
    empty = [
        other(Tag.READ_CALLER, 0, calls=0),
        other(P.RECORDS_TAKE_UP, 5, hits=0),
        other(Tag.READ_CALLER, 7, calls=0),
    ]
    assert found(*empty, other(Tag.READ_CALLER, 8, calls=2), other(Tag.SEARCHED, 10, hits=0)) == []  # the first is over
    (one,) = found(*empty, other(Tag.SEARCHED, 9.9, hits=0))
    assert (one.kind, one.count, one.streams) == (Kind.EMPTY_LOOKS, 4, ())
    looked = [other(Tag.READ_CALLER, n, calls=1) for n in range(5)]
    assert [(one.kind, one.count) for one in found(*looked)] == [(Kind.MANY_CALLERS, 5)]
    assert found(*looked[:4], *(other(Tag.READ_CALLER, n, calls=3, typing=True) for n in range(20))) == []
    assert found(*looked[:4], *(other(Tag.READ_CALLER, n, opened=9, hits=1) for n in range(20))) == []  # by name
    refused = [other(Tag.REFUSED, n, permission="cases:case:see") for n in range(4)]
    assert [(one.kind, one.actor, one.count) for one in found(*refused)] == [(Kind.PROBING, 7, 4)]
    assert found(*refused[:3], *(other(Tag.REFUSED, n, polled=True) for n in range(30))) == []
