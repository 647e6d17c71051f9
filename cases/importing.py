"""One file of a screening in the ticker: its parts in turn, and one that cannot be taken stops none behind it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from uuid import UUID

from cases.actions import import_screening
from cases.models import ScreeningBatch
from cases.stuck import tell_stuck
from wellbeing.access.actor import identity
from wellbeing.access.machines import IMPORT

log = logging.getLogger("wellbeing.ticker")
# The files of which a part failed the last time: behind the others, or two of them would take all the time there is.
_BEHIND = set[UUID]()


def in_turn(waiting: Iterable[ScreeningBatch]) -> list[ScreeningBatch]:
    """Files that wait in the order in which they are taken: as they come, those that failed behind the others."""
    return sorted(waiting, key=lambda batch: batch.pk in _BEHIND)


def take_parts(batch: ScreeningBatch, until: float) -> int:
    """Take parts of a file `until` a moment of the monotonic clock; returns how many. One that fails is logged, left
    for the next time, and told: nobody in it has been warned about."""
    taken, failed = 0, set[int]()
    while batch.state == "running" and time.monotonic() < until:
        with identity(IMPORT):
            number = batch.parts.exclude(number__in=failed).order_by("number").values_list("number", flat=True).first()
        if number is None and failed:
            break
        try:
            batch = import_screening(actor=IMPORT, batch=batch, but=sorted(failed))
            taken += 1
        except Exception:
            log.exception("a part of a screening could not be taken", extra={"codes": {"batch": batch.pk}})
            tell_stuck(batch)
            failed.add(-1 if number is None else number)
            if number is None:
                break
    if failed:
        _BEHIND.add(batch.pk)
    elif taken:
        _BEHIND.discard(batch.pk)
    return taken
