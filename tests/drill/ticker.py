"""`python -m tests.drill.ticker`: the product's ticker with protections turned off, for the positive controls alone.

DRILL_OFF names them. `poll`: no notice is swept, so the doorbell is all there is. `fresh`: a clock is escalated as the
tick's list showed it, not as it is once the case is locked, so the unique key is all that keeps a level single.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after django.setup

from cases import tick  # noqa: E402
from cases.clocks import NextAct  # noqa: E402
from wellbeing.outbox import messenger, relay  # noqa: E402


def no_poll() -> None:
    relay.sweep = lambda: 0
    messenger.start = lambda stop, seconds: []


class Listed:
    """Stands for `Deadline.objects…get()` inside the action: gives back the row of the list."""

    row: Any = None
    objects: Any

    def select_for_update(self, **_more: Any) -> Listed:
        return self

    select_related = select_for_update

    def get(self, **_more: Any) -> Any:
        return self.row


def not_fresh() -> None:
    listed, escalate = Listed(), tick.ACTS[NextAct.ESCALATE]
    listed.select_related = lambda *_names: listed  # type: ignore[method-assign]
    listed.objects = listed
    sys.modules["cases.actions.escalate"].Deadline = listed  # type: ignore[attr-defined]

    def run(clock: Any) -> Any:
        listed.row = clock
        return escalate(clock)

    tick.ACTS[NextAct.ESCALATE] = run


OFF = {"poll": no_poll, "fresh": not_fresh}

if __name__ == "__main__":
    for name in os.environ.get("DRILL_OFF", "").split():
        OFF.get(name, lambda: None)()
    call_command("ticker")
