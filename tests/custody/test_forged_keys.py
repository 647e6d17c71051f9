"""A key's row that somebody wrote in SQL stops no rotation: it stays, is named, and holds the division key that it names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection

from cases.models import Case
from tests.custody.test_rotate_keys import WHY, ask, command, custodian, opened
from tests.stage import RED, actor, call
from wellbeing.access.actor import identity
from wellbeing.custody import rotating
from wellbeing.custody.actions import begin_rotation, end_rotation
from wellbeing.errors import WrongState
from wellbeing.vault import rotation
from wellbeing.vault.models import RotationKind

KINDS = ("divisions", "words")
ROW = (
    "INSERT INTO vault_datakey (id, owner_kind, owner_id, division_key_id, suite, wrapped, created_at, replaced_at)"
    " SELECT %s, owner_kind, owner_id, division_key_id, suite, {}, created_at, {} FROM vault_datakey"
    " WHERE owner_kind = 'case' AND owner_id = %s LIMIT 1"
)


def forged(case: Case) -> list[int]:
    """Rows of the right shape, by somebody who works on the case: the first of all, others, one as if it was replaced."""
    shapes = {
        1: ("wrapped", "NULL"),
        2: ("sha256('x') || sha256('y')", "NULL"),
        3: ("'x'", "NULL"),
        4: ("'x'", "now()"),
    }
    with identity(actor("zhou")), connection.cursor() as cursor:
        for pk, (wrapped, replaced) in shapes.items():
            cursor.execute(ROW.format(wrapped, replaced), [pk, case.pk])
    return sorted(shapes)


def rows(city: SimpleNamespace, pks: list[int]) -> list[Any]:
    return ask(
        city, f"SELECT id, division_key_id, wrapped FROM vault_datakey WHERE id IN ({str(pks)[1:-1]}) ORDER BY id"
    )


def test_a_forged_row_stops_no_rotation_is_named_and_holds_its_division_key(committed: SimpleNamespace) -> None:
    cases = [call(RED) for _n in range(3)]
    words = [opened(case) for case in cases]
    pks = forged(cases[1])
    before = rows(committed, pks)
    for kind in KINDS:
        with pytest.raises(CommandError, match="nothing opens") as said:
            command(committed, f"--{kind}")
        for pk in pks[:3] if kind == "words" else pks:
            assert str(pk) in str(said.value).split("rows ")[1].split(" of")[0].split(", "), (kind, pk)
        assert [opened(case) for case in cases] == words
    behind = (
        "SELECT count(*) FROM vault_datakey k JOIN vault_divisionkey d ON d.id = k.division_key_id"
        " WHERE d.replaced_at IS NOT NULL AND k.id > 4"
    )
    assert ask(committed, behind) == [(0,)], "all others went on"
    assert ask(committed, "SELECT count(*) FROM vault_rotation WHERE finished_at IS NULL") == [(0,)]
    with custodian(committed):
        assert rotating.retire(wait=20, patience=0, why=WHY)[1] == 0, "what it names is not destroyed"
        with identity(rotating.KEYS):
            assert rotation.holding() == pks
    with pytest.raises(CommandError, match="rows 1, 2, 3, 4 of"):
        command(committed, "--retire")
    assert rows(committed, pks) == before
    assert [opened(case) for case in cases] == words
    ask(committed, "DELETE FROM vault_datakey WHERE id < 5 RETURNING id")
    with custodian(committed):
        assert rotating.retire(wait=20, patience=0, why=WHY)[1] == 1
    assert "destroyed" in command(committed, "--retire")


def test_a_rotation_does_not_end_while_a_key_that_opens_is_left(committed: SimpleNamespace) -> None:
    case = call(RED)
    forged(case)
    with custodian(committed):
        for kind in (RotationKind.DIVISIONS, RotationKind.WORDS):
            begun = begin_rotation(actor=rotating.KEYS, kind=kind, suite=1, why=WHY)
            with identity(rotating.KEYS):
                assert rotation.left(begun) > len(rotation.unopened(begun)) > 0
            with pytest.raises(WrongState):
                end_rotation(actor=rotating.KEYS, begun=begun)
