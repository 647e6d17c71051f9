"""A random walk finds no forbidden move, no stuck referral and no grant left behind; WALK_STEPS=100000 in make prove."""

from __future__ import annotations

import os
import random
from types import SimpleNamespace

import pytest

from referrals.flow import REFERRAL
from tests.referrals.walk import Walk

STEPS = int(os.environ.get("WALK_STEPS", "600"))
WALKS = int(os.environ.get("WALKS", "1"))  # in cities of their own, side by side
SEED = int(os.environ.get("SEED", "20261124"))
ENOUGH = 15_000  # steps to be everywhere


@pytest.mark.parametrize("seed", range(SEED, SEED + WALKS))
def test_the_doors_do_what_the_table_says_and_nothing_else(committed: SimpleNamespace, seed: int) -> None:
    steps = STEPS // WALKS
    walk = Walk(random.Random(seed), thorough=steps >= ENOUGH)
    for _ in range(steps):
        walk.step()
        assert not walk.faults, walk.faults
    print(f"{steps:,} steps from seed {seed}: {sum(walk.done.values()):,} done, ended {dict(walk.ended)}")
    assert sum(walk.done.values()) > steps / 60, "a walk that never moves proves nothing"
    if walk.thorough:
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
