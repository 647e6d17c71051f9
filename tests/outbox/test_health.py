"""An outage is one: when it begins, who learns of it, once, and that it is over; and how alive the machines are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from wellbeing.access.actor import Actor, identity
from wellbeing.outbox import health, heartbeat
from wellbeing.outbox.models import ChannelState, Heartbeat, Notice
from wellbeing.people.desks import system_desk
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def told() -> list[tuple[str, str]]:
    """The notices of the system administrator: kind, and what makes it one."""
    with identity(MACHINE):
        found = system_desk()
        assert found is not None
        rows = Notice.objects.order_by("created_at", "pk")
        assert {(row.desk_id, row.target, row.channel) for row in rows} <= {(found.pk, "", "in_app")}
        return [(row.kind, row.dedupe_key) for row in rows]


def failed(name: str, why: str = "") -> None:
    with identity(MACHINE):
        health.failed(name, why)


def worked(name: str) -> None:
    with identity(MACHINE):
        health.worked(name)


def dead() -> list[tuple[str, datetime, str]]:
    with identity(MACHINE):
        return [(one.name, one.since, one.why) for one in health.dead()]


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [("sms", "channel_dead", "channel_back"), ("platform", "platform_refused", "platform_back")],
)
def test_three_failures_in_a_row_are_an_outage_and_told_once(wait: Any, name: str, begins: str, ends: str) -> None:
    wait(seconds=1)
    since = now()
    for number in range(3):
        assert dead() == [] == told(), number
        failed(name, "x" * 99)
        wait(seconds=1)
    assert dead() == [(name, since, "x" * 80)]
    failed(name, "late")
    assert dead() == [(name, since, "late")]
    key = f"{name}:{since.astimezone(UTC).isoformat()}"
    assert told() == [(begins, f"{begins}:{key}")]
    wait(seconds=1)
    worked(name)
    worked(name)
    assert dead() == [] and told()[1:] == [(ends, f"{ends}:{key}")]
    with identity(MACHINE):
        state = ChannelState.objects.get(name=name)
        assert (state.failures, state.failing_since, state.told_at, state.why) == (0, None, None, "")
    wait(seconds=1)
    for _again in range(3):
        failed(name)
    assert [kind for kind, _key in told()] == [begins, ends, begins], "another outage is another one"


def test_a_minute_without_an_answer_is_an_outage_and_a_success_between_begins_anew(wait: Any) -> None:
    for _time in range(3):
        failed("sms")
        worked("sms")
    failed("sms")
    wait(seconds=59)
    assert dead() == [] == told()
    wait(seconds=1)
    assert [name for name, *_ in dead()] == ["sms"] and told() == []
    failed("sms")
    assert [kind for kind, _key in told()] == ["channel_dead"]
    failed("email")
    wait(minutes=2)
    assert [name for name, *_ in dead()] == ["email", "sms"]


def test_every_notice_that_is_given_up_is_told(wait: Any) -> None:
    for _time in range(2):
        wait(seconds=1)
        with identity(MACHINE):
            health.gave_up("sms")
    assert len(told()) == 2 and all(key.startswith("notice_dead:sms:") for _kind, key in told())


def aged(name: str, seconds: float) -> None:
    heartbeat.beat(name)
    with identity(MACHINE), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Heartbeat._meta.db_table} SET beat_at = clock_timestamp() - %s * interval '1 second'"
            " WHERE name = %s",
            [seconds, name],
        )


def test_half_a_minute_without_a_beat_is_seen(db: None) -> None:
    assert heartbeat.stale() == ["ticker", "worker"]
    heartbeat.beat("worker")
    aged("ticker", 29.5)
    assert heartbeat.stale() == []
    aged("ticker", 30.2)
    assert heartbeat.stale() == ["ticker"]
    heartbeat.beat("ticker")
    aged("worker", 3600)
    assert heartbeat.stale() == ["worker"]


def test_a_backup_is_late_after_a_night_missed(db: None) -> None:
    assert heartbeat.backup_age() is None and heartbeat.backup_late(None)
    for hours, late in ((0.5, False), (25.9, False), (26.01, True)):
        aged("backup", hours * 3600)
        assert heartbeat.backup_age() == int(hours) and heartbeat.backup_late(int(hours)) is late
    assert "backup" not in heartbeat.stale()
