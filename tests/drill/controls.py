"""Positive controls: a drill that cannot fail proves nothing, so each protection is turned off once.

Where another protection would cover for the missing one, that other one is off as well, in the control and in its
ground: the ground (everything off but the protection itself) must hold, the control must fail.

acks_late     A worker's child dies between claiming and handing over. The poll would make it good: it is off in both.
poll          Valkey is dead while people write, so the doorbell is not heard. On the ground of the plain drill.
sync_commit   PostgreSQL is killed while it writes its log ten seconds late. On the ground of the plain drill.
unique_level  Both tickers list the same due clock. The lock and the fresh look at the clock would make it good: the
              fresh look is off in both, and the unique keys of levels and notices in the control alone.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import Any

DROP = (
    "ALTER TABLE cases_escalation DROP CONSTRAINT each_level_once",
    "ALTER TABLE outbox_notice DROP CONSTRAINT outbox_notice_dedupe_key_key",
)
HOLDS = 5  # rounds that a ground has to hold
LATE_LOG = ("--synchronous_commit=off", "--wal_writer_delay=10s", "--wal_writer_flush_after=1GB")


@dataclass(frozen=True, slots=True)
class Control:
    """What is off in the ground, what besides in the control, which faults strike, and for how many rounds at most."""

    name: str
    faults: tuple[str, ...]
    shared: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    pg: tuple[str, ...] = ()
    sql: tuple[str, ...] = ()
    rounds: int = 10
    patience: float = 8.0

    def how(self, *, ground_only: bool) -> dict[str, Any]:
        """The arguments of engines.ground."""
        if ground_only:
            return {"off": self.shared}
        return {"off": (*self.shared, *self.off), "pg": self.pg, "sql": self.sql}


CONTROLS = {
    one.name: one
    for one in (
        Control("acks_late", ("worker killed in mid-delivery",), shared=("poll",), off=("acks_late",), patience=20),
        Control("poll", ("Valkey killed",), off=("poll",)),
        Control("sync_commit", ("PostgreSQL killed",), pg=LATE_LOG),
        Control("unique_level", ("two tickers at one clock",), shared=("fresh",), sql=DROP),
    )
}


def all_fail(seed: int, loss: int) -> bool:
    """Run every control, and the ground of those that have one of their own, each in a process of its own; whether
    the grounds held and the controls ended with the exit code of a `loss`."""
    right = True
    for name, control in CONTROLS.items():
        for ground in (True, False) if control.shared else (False,):
            command = [sys.executable, "-m", "tests.drill", "--control", name, "--seed", str(seed)]
            command += ["--ground", "--rounds", str(HOLDS)] if ground else ["--rounds", str(control.rounds)]
            as_meant = subprocess.run(command, check=False).returncode == (0 if ground else loss)
            says = "holds without its neighbours" if ground else "is missed when it is off"
            print(f"CONTROL {name} {says}: {'yes' if as_meant else 'NO'}", flush=True)
            right &= as_meant
    return right
