"""What a worker does when the bell rings. Payloads carry nothing: the worker reads the database."""

import time

from celery import shared_task
from django.db import close_old_connections

from wellbeing.outbox import heartbeat, relay

BEAT_SECONDS = 5.0
_beat_again = 0.0


@shared_task(name="outbox.deliver")
def deliver() -> None:
    """Deliver what is due, and show that a worker lives."""
    global _beat_again
    close_old_connections()
    relay.sweep()
    if time.monotonic() >= _beat_again:
        heartbeat.beat("worker")
        _beat_again = time.monotonic() + BEAT_SECONDS


@shared_task(name="outbox.beat")
def beat() -> None:
    """Show that a worker lives (sent by the ticker)."""
    close_old_connections()
    heartbeat.beat("worker")
