"""That every tampering is found, and no sound log blamed, is a proof: tests/proofs/logs.py."""

from __future__ import annotations

import random

from tests.audit import tampering
from wellbeing.audit.examine import Report


def test_a_stream_that_was_cut_off_whole_is_found_by_the_tree_alone() -> None:
    """Its events and its head are gone together: no chain is left that could say so."""
    log, _before = tampering.history(random.Random(7))
    tampering.cut_stream(log, random.Random(7))
    found: Report = tampering.examined(log)
    assert found.faults and all(fault.stream is None for fault in found.faults)
