"""The bell: a broker that is dead or says nothing neither fails nor slows the write."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from celery import current_app
from kombu import Connection

from tests.outbox.test_relay import inbox
from wellbeing.local.processes import free_port
from wellbeing.outbox import bell, relay

DEAD_BROKER = """
import time, django
django.setup()
from tests.stage import call
started = time.monotonic()
cases = [call() for _ in range(5)]
print(time.monotonic() - started, *(case.reference for case in cases))
"""


def test_a_broker_that_says_nothing_costs_half_a_second_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    def took(rings: int) -> float:
        begun = time.monotonic()
        for _ring in range(rings):
            bell.ring()
        return time.monotonic() - begun

    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and no more
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        line = current_app.connection_for_write(url, connect_timeout=0.25, transport_options=bell.LIMITS)
        monkeypatch.setattr(bell, "_line", lambda: line)
        costs = []
        for _try in range(3):  # the best of three, whatever else the machine does
            monkeypatch.setattr(bell, "_silent_until", 0.0)
            begun = time.monotonic()
            costs.append(took(1))
        assert 0.2 < min(costs) < 3
        assert begun + 1 < bell._silent_until <= time.monotonic() + 1, "asked again after a second"
        monkeypatch.setattr(
            bell, "_silent_until", time.monotonic() + 60
        )  # a second that a busy machine does not use up
        assert took(1000) < 20, "not before it: a thousand would wait for four minutes"
        monkeypatch.setattr(bell, "_silent_until", time.monotonic())
        assert took(1) > 0.2, "and then it is"


def test_a_ring_names_what_a_worker_does_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    with Connection("memory://") as line, line.SimpleQueue(current_app.conf.task_default_queue) as queue:
        queue.clear()
        monkeypatch.setattr(bell, "_line", lambda: line)
        monkeypatch.setattr(bell, "_silent_until", 0.0)
        bell.ring(), bell.ping()
        heard = [queue.get(block=False) for _ring in range(2)]
        assert [one.headers["task"] for one in heard] == ["outbox.deliver", "outbox.beat"]
        current_app.loader.import_default_modules()  # as a worker does
        assert {"outbox.deliver", "outbox.beat"} <= set(current_app.tasks)
        assert all(one.payload[:2] == [[], {}] for one in heard)
        for one in heard:
            one.ack()


def test_a_dead_broker_neither_fails_nor_slows_the_write(committed: SimpleNamespace) -> None:
    env = {**os.environ, "DATABASE_URL": committed.app_url, "BROKER_URL": f"redis://127.0.0.1:{free_port()}/0"}
    env |= {"DJANGO_SETTINGS_MODULE": "wellbeing.settings", "PYTHONPATH": "."}
    done = subprocess.run([sys.executable, "-c", DEAD_BROKER], env=env, capture_output=True, text=True, check=True)
    seconds, *references = done.stdout.split()
    assert float(seconds) < 15
    relay.sweep()
    assert [inbox(committed, reference) for reference in references] == [1] * 5
