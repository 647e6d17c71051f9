"""The doorbell: tell a worker that notices wait. Losing a ring loses time, never a notice (the ticker sweeps).

It has a connection with limits of its own: the one that Celery would take waits 2 s and 4 s between tries of a dead
broker even with `retry=False`, and 5 s for one that accepts and says nothing.
"""

import logging
import time
from functools import cache

from celery import current_app
from kombu import Connection
from kombu.pools import producers

log = logging.getLogger("wellbeing.outbox")
REST_SECONDS = 1.0
ANSWER_SECONDS = 0.25  # a broker that needs longer to connect or to answer counts as dead
LIMITS = {"max_retries": 0, "socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": ANSWER_SECONDS}
_silent_until = 0.0


def ring() -> None:
    """Ring for a delivery. Never raises.

    A dead broker costs at most two ANSWER_SECONDS once in REST_SECONDS, so that a burst of writes is not slowed.
    """
    _publish("outbox.deliver")


def ping() -> None:
    """Ask a worker for a sign of life; as quick as `ring`, and never raises."""
    _publish("outbox.beat")


def _publish(task: str) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        with producers[_line()].acquire(block=True, timeout=ANSWER_SECONDS) as producer:
            current_app.send_task(task, producer=producer, retry=False)
    except Exception:  # whatever the broker's client raises must not reach the writer
        _silent_until = time.monotonic() + REST_SECONDS
        log.warning("the broker does not answer; notices wait for the sweep")


@cache
def _line() -> Connection:
    """What names the pool of connections to the broker: one try, and short waits."""
    line: Connection = current_app.connection_for_write(connect_timeout=ANSWER_SECONDS, transport_options=LIMITS)
    return line
