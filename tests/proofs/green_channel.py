"""GC-1: whoever tries whatever in the green channel, the doors do what its table says and nothing else."""

from __future__ import annotations

import random
from types import SimpleNamespace
from unittest import mock

from referrals.flow import REFERRAL
from tests.proofs.proof import Found, Proof
from tests.referrals.walk import Walk

ENOUGH = 15_000  # steps to be everywhere


def walked(tries: int, seed: int, _city: SimpleNamespace, *, first: bool = False) -> Found:
    """So many random steps of one walk, or until the `first` fault; a walk that never moves proves nothing."""
    walk = Walk(random.Random(seed), thorough=tries >= ENOUGH)
    for _ in range(tries):
        try:
            walk.step()
        except Exception as error:  # what no door should let out
            walk.faults.append(type(error).__name__)
        if first and walk.faults:
            break
    still = [] if first or sum(walk.done.values()) > tries / 60 else ["a walk that never moves"]
    if walk.thorough and set(walk.ended) != set(REFERRAL.final):
        still.append("an end that was never reached")
    if walk.thorough and (walk.untaken() or walk.untried()):
        still.append("a step that nobody took, or tried")
    faults = walk.faults + still
    return Found(tries, len(faults), faults[0] if faults else "")


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same where every permission is given to everybody."""
    with mock.patch("wellbeing.action.may", return_value=True):
        return walked(tries, seed, city, first=True)


PROOF = Proof(
    "GC-1", "steps of the green channel beside its table", walked, planted, 600, 20_000, 1_000_000, 100, city=True
)
