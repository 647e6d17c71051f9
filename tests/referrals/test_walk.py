"""A random walk finds no forbidden move, no stuck referral and no grant left behind; WALK_STEPS=100000 in make prove."""

from __future__ import annotations

import os
import random
from types import SimpleNamespace

from referrals.flow import REFERRAL
from tests.referrals.walk import Walk

STEPS = int(os.environ.get("WALK_STEPS", "600"))
SEED = int(os.environ.get("SEED", "20261124"))


def test_the_doors_do_what_the_table_says_and_nothing_else(committed: SimpleNamespace) -> None:
    walk = Walk(random.Random(SEED))
    for _ in range(STEPS):
        walk.step()
    print(f"\n{STEPS:,} steps from seed {SEED}: {sum(walk.done.values()):,} done, {dict(walk.ended)} ended")
    assert walk.faults == []
    assert sum(walk.done.values()) > STEPS / 60, "a walk that never moves proves nothing"
    if STEPS >= 20_000:
        assert set(walk.ended) == set(REFERRAL.final), walk.ended
        assert not walk.untaken() and not walk.untried()


def test_every_state_that_is_not_an_end_has_a_clock_that_runs() -> None:
    """From any beginning, over any road of the table: the clocks started and not yet stopped are never none."""
    seen = set[tuple[str, frozenset[str]]]()
    edge = [(REFERRAL.initial, frozenset[str]())]
    while edge:
        state, running = edge.pop()
        for step in REFERRAL.steps:
            if step.state != state:
                continue
            after = (step.next, (running - set(step.stops)) | set(step.starts))
            assert (step.next in REFERRAL.final) == (not after[1]), (step, after[1])
            if after not in seen:
                seen.add(after)
                edge.append(after)
