"""The doorbell: tell a worker that notices wait. Losing a ring loses time, never a notice (the ticker sweeps)."""

import logging
import time

from wellbeing.outbox.tasks import deliver

log = logging.getLogger("wellbeing.outbox")
REST_SECONDS = 1.0
_silent_until = 0.0


def ring() -> None:
    """Publish without retry. A dead broker is remembered for a second, so that a burst of writes is not slowed."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        deliver.apply_async(retry=False, ignore_result=True)
    except Exception:  # whatever the broker's client raises must not reach the writer
        _silent_until = time.monotonic() + REST_SECONDS
        log.warning("the broker does not answer; notices wait for the sweep")
