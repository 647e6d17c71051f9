"""The measure of the delivery figures: a Celery task that does nothing but say when it ran."""

import time

import redis
from celery import shared_task
from django.conf import settings

LIST = "bench-noop"
_line = redis.Redis.from_url(settings.BROKER_URL)


@shared_task(name="bench.noop")
def noop() -> None:
    """Push the time at which it ran."""
    _line.rpush(LIST, repr(time.time()))
