"""In the ticker: one thread per channel that leaves the house: a hung one delays neither clocks nor the page."""

from __future__ import annotations

import logging
import threading

from django.db import connection

from wellbeing.outbox import courier
from wellbeing.outbox.channels import outward

log = logging.getLogger("wellbeing.outbox")


def start(stop: threading.Event, seconds: float) -> list[threading.Thread]:
    """Sweep every channel that is set up, bell or no bell, until `stop` is set."""
    threads = [threading.Thread(target=_keep, args=(name, stop, seconds), daemon=True) for name in outward()]
    for thread in threads:
        thread.start()
    return threads


def _keep(name: str, stop: threading.Event, seconds: float) -> None:
    while not stop.wait(seconds):
        try:
            while courier.deliver(name):
                pass
        except Exception:  # whatever it was: without this thread nobody sweeps the channel
            log.exception("a channel could not be swept; trying again", extra={"codes": {"channel": name}})
        finally:
            connection.close_if_unusable_or_obsolete()
    connection.close()
