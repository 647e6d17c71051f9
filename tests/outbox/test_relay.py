"""Notices: written with the business, delivered once, whatever dies in between."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.stage import actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.local.processes import end, spawn
from wellbeing.outbox import courier, relay
from wellbeing.outbox.inbox import mark_seen, unread
from wellbeing.outbox.models import InboxItem, Notice
from wellbeing.outbox.post import post
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def inbox(city: SimpleNamespace, reference: str) -> int:
    with psycopg.connect(city.superuser_url) as admin:
        row = admin.execute(
            "SELECT count(*) FROM outbox_inboxitem WHERE target = %s AND kind = 'warning'", [f"case:{reference}"]
        ).fetchone()
        assert row is not None
        return int(row[0])


def test_a_notice_reaches_the_desk_and_says_nothing_about_anybody(db: None) -> None:
    case = call()
    assert relay.sweep() == 1
    zhou = actor("zhou")
    with identity(zhou):
        (item,) = unread(zhou)
        assert (item.kind, item.target, item.tier) == ("warning", f"case:{case.reference}", "red")
        assert mark_seen(zhou, item.pk) == item and unread(zhou) == []
    for other in ("ye", "lin", "shen", "mallory"):
        with identity(actor(other)):
            assert InboxItem.objects.count() == 0
            assert mark_seen(actor(other), item.pk) is None


def test_red_is_delivered_before_what_has_waited_for_longer(db: None) -> None:
    with identity(MACHINE):
        for number in range(relay.BATCH):
            post(kind="warning", target="", tier="yellow", desk_id=1, dedupe_key=f"n{number}")
        post(kind="warning", target="", tier="red", desk_id=1, dedupe_key="red")
        Notice.objects.filter(tier="yellow").update(not_before=now() - timedelta(minutes=1))
    relay._deliver("in_app")
    with identity(MACHINE):
        assert Notice.objects.get(done_at=None).tier == "yellow"


def test_three_relays_deliver_each_notice_once(committed: SimpleNamespace) -> None:
    with identity(MACHINE):
        for number in range(120):
            post(kind="warning", target="", desk_id=1, dedupe_key=f"n{number}")
    counts: list[int] = []

    def run() -> None:
        counts.append(relay.sweep())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with identity(MACHINE):
        assert sum(counts) == InboxItem.objects.count() == 120


def test_a_failing_channel_is_put_off_and_stops_nobody(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    def broken(batch: Any) -> None:
        calls.append(batch)
        raise ConnectionError

    monkeypatch.setitem(relay.CHANNELS, "a-broken", broken)
    with identity(MACHINE):
        post(kind="warning", target="", desk_id=1, dedupe_key="bad", channel="a-broken")
        post(kind="warning", target="", desk_id=1, dedupe_key="good")
    assert relay.sweep() == 2
    with identity(MACHINE):
        bad, good = Notice.objects.get(dedupe_key="bad"), Notice.objects.get(dedupe_key="good")
        assert good.done_at and bad.done_at is None and bad.attempts == 1
        assert (bad.not_before - now()).total_seconds() == 2
    for _ in range(12):
        with identity(MACHINE):
            Notice.objects.filter(pk=bad.pk).update(not_before=bad.created_at)
        relay.sweep()
    with identity(MACHINE):
        bad.refresh_from_db()
        assert Notice.objects.filter(kind="notice_stuck").count() == 1
    assert bad.dead_at is None and len(calls) == 26, "each time with the others, then alone"


def test_an_outage_of_the_page_gives_up_no_notice_however_long_it_lasts(committed: SimpleNamespace) -> None:
    """A full disk: rows change, and none is added."""
    case = call()
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute("REVOKE INSERT ON outbox_inboxitem FROM wellbeing_app")
        for _minutes in range(15):
            assert relay.sweep() >= 1
            with identity(MACHINE):
                Notice.objects.filter(done_at=None).update(not_before=now())
        assert inbox(committed, case.reference) == 0
        admin.execute("GRANT INSERT ON outbox_inboxitem TO wellbeing_app")
    relay.sweep()
    assert inbox(committed, case.reference) == 1
    with identity(MACHINE):
        assert Notice.objects.filter(kind="notice_stuck").count() == 1


def test_a_clock_set_back_holds_up_no_notice(wait: Any, caplog: pytest.LogCaptureFixture) -> None:
    wait(days=1)
    with identity(MACHINE):
        post(kind="warning", target="", desk_id=1, dedupe_key="posted by a clock a day ahead")
    wait(days=-1)
    assert relay.sweep() == 0
    assert relay.catch_up() == 1 and relay.sweep() == 1
    assert relay.catch_up() == 0 and caplog.messages == ["the clock was set back"]


def test_nobody_delivers_in_the_transaction_of_somebody_else(db: None) -> None:
    """It would go on there as a machine, and hold the rows."""
    for carry in (relay.sweep, relay.catch_up, lambda: courier._claim("sms")):
        with identity(actor("lin")), pytest.raises(RuntimeError):
            carry()


def test_the_worker_is_killed_between_commit_and_sending_and_the_notice_still_arrives_once(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    """A real worker that is stopped inside a delivery dies by SIGKILL; the ticker's sweep brings the notice."""
    env = {**os.environ, "DATABASE_URL": committed.app_url, "CELERY_QUEUE": committed.name}
    command = f"-m celery -A wellbeing worker --concurrency 1 --loglevel WARNING -Q {committed.name}"
    worker = spawn([sys.executable, *command.split()], log=tmp_path / "worker.log", env=env)
    try:
        with psycopg.connect(committed.superuser_url) as brake:
            # The brake holds the inbox: the worker claims the notice and waits between claiming and handing over.
            brake.execute("LOCK TABLE outbox_inboxitem IN ACCESS EXCLUSIVE MODE")
            case = call()
            from wellbeing.outbox.tasks import deliver

            deliver.apply_async(queue=committed.name)
            assert _waits_for_the_brake(committed)
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
    finally:
        end(worker)
    assert inbox(committed, case.reference) == 0
    for _try in range(100):
        relay.sweep()
        if inbox(committed, case.reference):
            break
        time.sleep(0.1)
    relay.sweep()
    assert inbox(committed, case.reference) == 1


def _waits_for_the_brake(city: SimpleNamespace) -> bool:
    with psycopg.connect(city.superuser_url, autocommit=True) as admin:
        for _try in range(1_200):  # a worker loads the product first
            row = admin.execute(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'wellbeing_app'"
                " AND query LIKE '%outbox_inboxitem%'"
            ).fetchone()
            if row:
                return True
            time.sleep(0.1)
    return False


def test_redelivery_changes_nothing(db: None) -> None:
    case = call()
    relay.sweep()
    with identity(MACHINE):
        Notice.objects.update(done_at=None)
    assert relay.sweep() == 1
    with identity(MACHINE):
        assert InboxItem.objects.filter(target=f"case:{case.reference}").count() == 1
