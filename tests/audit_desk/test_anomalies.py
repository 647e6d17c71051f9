"""What is unusual: each kind at its threshold and one below. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wellbeing.audit.tags import Tag
from wellbeing.audit_desk.anomalies import Anomaly, Duty, Kind, Seen, Watch, anomalies
from wellbeing.workdays import TIMEZONE

NOON = datetime(2026, 11, 2, 12, tzinfo=TIMEZONE)
WATCH = Watch(openings_an_hour=3, empty_searches_a_day=2, failed_sign_ins_an_hour=2)


def opened(minutes: float, file: int = 1, actor: int | None = 7, at: datetime = NOON, **facts: Any) -> Seen:
    return Seen(at + timedelta(minutes=minutes), actor, Tag.READ_FILE, UUID(int=file), facts)


def other(act: Tag, minutes: float, actor: int | None = 7, **facts: Any) -> Seen:
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
