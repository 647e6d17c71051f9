"""A rotation from beginning to end, in steps that can be killed: what `manage.py rotate_keys` does."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from wellbeing.access.actor import identity
from wellbeing.access.machines import KEYS
from wellbeing.custody.actions import begin_rotation, end_rotation, retire_keys
from wellbeing.custody.reasons import WhyRotate
from wellbeing.vault import rotation
from wellbeing.vault.models import Rotation, RotationKind
from wellbeing.vault.providers import KEEP_SECONDS

PAUSE = 0.2  # seconds, while others hold what is left


def rotate(kind: str, suite: int, tell: Callable[[Rotation, int], None], *, why: WhyRotate) -> int:
    """Replace every key of a kind, telling after each batch how many it replaced; returns how many in all. What nothing
    opens is left (rotation.unopened).

    One that was begun before is ended first. Where that is not what is asked, a new one follows: it brought another
    suite, or somebody suspects now what it has made since.
    """
    asked, replaced = rotation.clock(), 0
    while True:
        begun = begin_rotation(actor=KEYS, kind=kind, suite=suite, why=why)
        replaced += _whole(begun, tell)
        older = why == WhyRotate.SUSPICION and begun.started_at < asked
        # what the root key wraps has no suite of its own, and is wrapped by the newest version whoever began
        if kind == RotationKind.ROOT or not (older or begun.suite != suite):
            return replaced


def _whole(begun: Rotation, tell: Callable[[Rotation, int], None]) -> int:
    last = -1
    while True:
        with identity(KEYS):
            done, last = rotation.step(begun, last)
            over = not done and last < 0
            left = rotation.left(begun) - len(rotation.unopened(begun)) if over else 0
        tell(begun, done)
        if over and left <= 0:
            break
        if over:
            time.sleep(PAUSE)
    replaced: int = end_rotation(actor=KEYS, begun=begun)
    return replaced


def retire(wait: float, patience: float = KEEP_SECONDS, *, why: WhyRotate) -> tuple[int, int]:
    """Destroy what was replaced and is needed no more: data keys, division keys; how many of each.

    Waits at most `wait` seconds for the transactions that run now; TimeoutError when one is still there.
    """
    with identity(KEYS):
        owners, divisions = rotation.replaced(timedelta(seconds=patience))
        seen = rotation.clock()
    until = time.monotonic() + wait
    while not rotation.settled(seen):
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(PAUSE)
    data = 0
    for owner in owners:
        with identity(KEYS):
            data += rotation.end_data_keys(owner, seen)
    return data, retire_keys(actor=KEYS, divisions=divisions, data_keys=data, why=why)
