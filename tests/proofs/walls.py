"""AZ-3: in random worlds of posts and grants the evaluator, its explanation, the door's queryset and row-level security
give one answer, and that of a second reading of the rule (tests/access/worlds.py)."""

from __future__ import annotations

from types import SimpleNamespace
from unittest import mock

from django.db import transaction

from tests.access import worlds
from tests.proofs.proof import Found, Proof
from wellbeing.access.permissions import P
from wellbeing.access.rights import RIGHTS, Right


def tried(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """So many questions; worlds in which nobody may anything, or nobody is on leave with a
    grant of her own, would prove nothing and count as broken."""
    with transaction.atomic():
        proof = worlds.prove(tries, seed)
        transaction.set_rollback(True)
    differ = +proof.differ
    empty = "nobody may" if proof.allowed <= proof.checked / 50 else "" if proof.away else "nobody is away"
    return Found(proof.checked, differ.total() + bool(empty), str(dict(differ)) if differ else empty)


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """The same with a rule that has forgotten that a file is read through a grant."""
    forgetful = {P.FILE_READ: Right(RIGHTS[P.FILE_READ].roles, None)}
    rule = worlds.rule

    def second(permission: P, *rest: object) -> bool:
        return rule(P.CASE_SEE if permission == P.FILE_READ else permission, *rest)  # type: ignore[arg-type]

    with mock.patch.dict(RIGHTS, forgetful), mock.patch.object(worlds, "rule", second):
        return tried(tries, seed, city)


PROOF = Proof(
    "AZ-3", "answers of the layers of access that differ", tried, planted, 250, 10_000, 100_000, 126, city=True
)
