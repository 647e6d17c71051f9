"""`make drill ROUNDS=n`: see tests/drill/__init__.py. `python -m tests.drill --rounds N [--seed S] [--control NAME]`."""

from __future__ import annotations

import argparse
import secrets
import signal
import sys
import time
from typing import Any

from wellbeing.local.refusal import Refusal

LOSS = 3  # the exit code of a drill that found something; 1 is for one that could not be held


def main(arguments: list[str]) -> int:
    """Run a drill, or one with a protection turned off, or all of those; 0 when all is as it must be."""
    from tests.drill.controls import CONTROLS

    parser = argparse.ArgumentParser(prog="python -m tests.drill", description="Real processes, real faults.")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    parser.add_argument("--control", choices=sorted(CONTROLS), help="turn one protection off: the drill must fail")
    parser.add_argument("--ground", action="store_true", help="with --control: all but that protection: it must hold")
    parser.add_argument("--controls", action="store_true", help="all controls; 0 when every one of them fails")
    given = parser.parse_args(arguments)
    print(f"SEED={given.seed}", flush=True)
    if given.controls:
        from tests.drill.controls import all_fail

        return 0 if all_fail(given.seed, LOSS) else 1
    return drill(given.rounds, given.seed, CONTROLS.get(given.control), ground_only=given.ground)


def drill(rounds: int, seed: int, control: Any = None, *, ground_only: bool = False) -> int:
    """Play the rounds, print the table; LOSS on anything lost, twice or unproven."""
    from tests.drill.engines import ground

    begun = time.monotonic()
    more = control.how(ground_only=ground_only) if control else {}
    if control:
        rounds = min(rounds, control.rounds)
    with ground("drill", **more) as made:
        from tests.drill.play import play

        done = play(made, rounds, seed, control, begun)
    return LOSS if any(finding.kind != "late" for one in done for finding in one.findings) else 0


def _stop(*_args: Any) -> None:
    raise SystemExit(130)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refused:
        print(refused, file=sys.stderr)
        sys.exit(1)
