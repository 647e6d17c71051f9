"""What a worker does when the bell rings. Payloads carry nothing: the worker reads the database."""

from celery import shared_task
from django.db import close_old_connections

from wellbeing.outbox import heartbeat, relay


@shared_task(name="outbox.deliver")
def deliver() -> None:
    """Deliver what is due."""
    close_old_connections()
    relay.deliver()


@shared_task(name="outbox.beat")
def beat() -> None:
    """Show that a worker lives (sent by the ticker)."""
    close_old_connections()
    heartbeat.beat("worker")
