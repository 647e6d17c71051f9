"""What a worker does when the bell rings. Payloads carry nothing: the worker reads the database."""

import time

from celery import shared_task
from django.db import close_old_connections

from wellbeing.outbox import courier, heartbeat, relay
from wellbeing.outbox.channels import outward

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
    for name in outward():  # each by itself: one that hangs keeps nobody waiting but its own
        deliver_outward.apply_async(args=[name], retry=False)


@shared_task(name="outbox.deliver_outward")
def deliver_outward(name: str) -> None:
    """Send what is due by one channel that leaves the house."""
    close_old_connections()
    courier.deliver(name)


@shared_task(name="outbox.beat")
def beat() -> None:
    """Show that a worker lives (sent by the ticker)."""
    close_old_connections()
    heartbeat.beat("worker")
