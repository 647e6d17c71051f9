"""Every tampering of a log is found, and no sound log is called tampered with (the long form: `make prove`)."""

from __future__ import annotations

import os
import random

from tests.audit import tampering
from wellbeing.audit.examine import Report


def test_every_attack_is_found_and_no_sound_log_is_blamed() -> None:
    proof = tampering.prove(int(os.environ.get("TAMPERINGS", "600")), int(os.environ.get("SEED", "1")))
    assert (dict(proof.missed), proof.false_alarms) == ({}, 0)


def test_a_verifier_with_a_hole_would_be_seen() -> None:
    """Positive control: without the witness a rollback passes, and without the tree a cut stream does."""
    rng = random.Random(7)
    log, before = tampering.history(rng)
    tampering.roll_back(log, rng, before)
    log.witnessed = []
    assert tampering.examined(log).faults == []
    log, _before = tampering.history(rng)
    tampering.cut_stream(log, rng)
    found: Report = tampering.examined(log)
    assert found.faults and all(fault.stream is None for fault in found.faults)
