"""Those who carry: a thread of the ticker for every channel, and the worker that the bell calls."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from celery import current_app

from tests.endpoints import SECRET, all_three
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox import heartbeat, messenger, tasks
from wellbeing.outbox.models import Heartbeat, InboxItem, Notice
from wellbeing.outbox.post import post
from wellbeing.people.models import Private, User

MACHINE = Actor.machine("test")


def put(channel: str, number: int) -> None:
    user = User.objects.get(username="zhou").pk
    with identity(MACHINE):
        post(kind="warning", target="", channel=channel, user_id=user, dedupe_key=f"{channel}:{number}", tier="red")


def waiting() -> int:
    with identity(MACHINE):
        return Notice.objects.filter(done_at=None).count()


def test_every_channel_that_is_set_up_is_swept_without_a_bell_until_it_is_told_to_stop(
    committed: SimpleNamespace, settings: Any
) -> None:
    end, stop = all_three()["sms"], threading.Event()
    end.start()
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = f"http://127.0.0.1:{end.port}/send", SECRET
    with identity(MACHINE):
        Private.objects.filter(user__username="zhou").update(mobile="13000000000")
    for number in range(25):  # more than are taken at once
        put("sms", number)
    (thread,) = messenger.start(stop, 0.05)
    try:
        for _look in range(200):
            if not waiting():
                break
            time.sleep(0.1)
        assert waiting() == 0 and len(end.accepted) == 25 and thread.daemon
    finally:
        stop.set()
        thread.join(10)
        end.stop()
    assert not thread.is_alive()


def test_a_worker_that_is_rung_delivers_and_shows_that_it_lives(
    committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_beat_again", 0.0)
    put("in_app", 1)
    tasks.deliver()
    assert waiting() == 0 and "worker" not in heartbeat.stale()
    with identity(MACHINE):
        assert InboxItem.objects.count() == 1
    first = Heartbeat.objects.get(name="worker").beat_at
    tasks.deliver()
    assert Heartbeat.objects.get(name="worker").beat_at == first, "a burst of rings beats once in five seconds"
    tasks.beat()
    assert Heartbeat.objects.get(name="worker").beat_at > first


def test_a_worker_that_is_rung_calls_for_every_channel_that_is_set_up(
    committed: SimpleNamespace, settings: Any
) -> None:
    end = all_three()["sms"]
    end.start()
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = f"http://127.0.0.1:{end.port}/send", SECRET
    with identity(MACHINE):
        Private.objects.filter(user__username="zhou").update(mobile="13000000000")
    put("sms", 1)
    current_app.conf.task_always_eager = True  # at once, without another worker
    try:
        tasks.deliver()
    finally:
        current_app.conf.task_always_eager = False
    end.stop()
    assert waiting() == 0 and len(end.accepted) == 1
