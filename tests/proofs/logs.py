"""AU-1 to AU-5: whatever an owner of the database changes, removes, inserts, swaps, moves, cuts, rolls back or forks in
the audit is found, and no sound log is blamed (tests/audit/tampering.py)."""

from __future__ import annotations

from unittest import mock

from tests.audit import tampering
from tests.proofs.proof import Found, Proof


def tried(tries: int, seed: int) -> Found:
    """So many attacks; one that passes and an alarm about a sound log both count as broken."""
    proof = tampering.prove(tries, seed)
    first = str(dict(proof.missed)) if proof.missed else f"{proof.false_alarms} false alarms"
    broken = proof.missed.total() + proof.false_alarms
    return Found(proof.tried + proof.clean, broken, first if broken else "")


def planted(tries: int, seed: int) -> Found:
    """The same without the witness: what is rolled back, and what is forked with both keys, passes."""
    with mock.patch.object(tampering.Log, "witness", return_value=None):
        return tried(tries, seed)


PROOF = Proof("AU-1-5", "tamperings with the audit that pass", tried, planted, 500, 10_000, 100_000, 100)
