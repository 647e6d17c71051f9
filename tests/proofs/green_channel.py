"""GC-1: whoever tries whatever in the green channel, the doors do what its table says and nothing else."""

from __future__ import annotations

import random
from types import SimpleNamespace
from unittest import mock

from referrals.flow import REFERRAL
from tests.proofs.proof import Found, Proof
from tests.referrals.walk import Walk


def walked(tries: int, seed: int, _city: SimpleNamespace) -> Found:
    """So many random steps of one walk; a walk that never moves proves nothing."""
    walk = Walk(random.Random(seed))
    for _ in range(tries):
        try:
            walk.step()
        except Exception as error:  # what no door should let out
            walk.faults.append(type(error).__name__)
    still = [] if sum(walk.done.values()) > tries / 60 else ["a walk that never moves"]
    if tries >= 20_000 and set(walk.ended) != set(REFERRAL.final) - {"expired"}:
        still.append("an end that was never reached")
    faults = walk.faults + still
    return Found(tries, len(faults), faults[0] if faults else "")


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same where every permission is given to everybody."""
    with mock.patch("wellbeing.action.may", return_value=True):
        return walked(tries, seed, city)


PROOF = Proof(
    "GC-1", "steps of the green channel beside its table", walked, planted, 900, 100_000, 1_000_000, 100, city=True
)
