"""The key tree: wrapped keys, one division key in a race, and keys destroyed for good."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from cases.access import cover_place
from tests.stage import actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.vault import keys
from wellbeing.vault.envelope import SealError
from wellbeing.vault.models import DataKeyRow, DivisionKey, random_id

MACHINE = Actor.machine("test")


def test_a_data_key_comes_back_to_whoever_sees_the_case(db: None) -> None:
    case = call()
    with identity(actor("zhou")):
        again = keys.load_key("case", case.pk)
        assert keys.id_of(bytes(case.cover)) == again.id
    with identity(actor("ye")), pytest.raises(SealError):
        keys.load_key("case", case.pk)
    with identity(actor("ye")), pytest.raises(SealError):
        keys.reseal("case", case.pk, "330903", [(cover_place(case), bytes(case.cover))])


@pytest.mark.parametrize("suite", [1, 2])
def test_a_wrapped_key_that_is_moved_or_cut_does_not_unwrap(db: None, settings: Any, suite: int) -> None:
    settings.VAULT_SUITE, owner, division = suite, uuid4(), f"33099{suite}"
    with identity(MACHINE):
        key = keys.new_key("case", owner, division)
        one, other = keys._active_division(division), keys._active_division("330902")
        wrapped = keys.wrap(one, key, "case", owner)
        row = DataKeyRow(
            id=key.id, owner_kind="case", owner_id=owner, division_key_id=one, suite=suite, wrapped=wrapped
        )
        assert keys.unwrap(row) == key and key.suite == suite
        moves = [{"owner_id": uuid4()}, {"owner_kind": "person"}, {"id": key.id + 1}, {"division_key_id": other}]
        for change in [*moves, *({"wrapped": wrapped[:cut]} for cut in (0, 5, 12, 20, -1))]:
            moved = DataKeyRow(**{**{f: getattr(row, f) for f in ("id", "owner_kind", "owner_id", "wrapped")},
                                  "division_key_id": one, "suite": suite, **change})  # fmt: skip
            with pytest.raises(SealError):
                keys.unwrap(moved)


def test_a_key_row_written_by_somebody_in_sql_is_passed_over(db: None, caplog: pytest.LogCaptureFixture) -> None:
    """Newer, of the right owner, with bytes of her own or copied from another case: nothing is sealed under it."""
    case, other = call(), call()
    with identity(actor("zhou")):
        mine = keys.load_key("case", case.pk)
        foreign = DataKeyRow.objects.get(owner_id=other.pk)
        for wrapped in (bytes(60), bytes(foreign.wrapped), b""):
            DataKeyRow(
                owner_kind="case", owner_id=case.pk, division_key_id=foreign.division_key_id, wrapped=wrapped
            ).save(force_insert=True)
        assert keys.load_key("case", case.pk) == mine
        assert sum("not made here" in line for line in caplog.messages) == 3
        newest = DataKeyRow.objects.filter(owner_id=case.pk).latest("created_at")
        assert newest.pk != mine.id  # without the check it would be taken


def test_a_machine_writes_keys_and_reads_none(db: None) -> None:
    owner = uuid4()
    with identity(MACHINE):
        keys.new_key("case", owner, "330902")
        assert DataKeyRow.objects.count() == 0
        assert keys.destroy("case", owner) == 0
        with pytest.raises(SealError):
            keys.load_key("case", owner)


def test_nobody_writes_no_key_and_sees_no_division(db: None) -> None:
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330902")
        division = DivisionKey.objects.get(division="330902").pk
    assert DivisionKey.objects.count() == 0
    row = DataKeyRow(owner_kind="case", owner_id=uuid4(), division_key_id=division, wrapped=b"x")
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        DivisionKey(division="330903", wrapped=b"x").save(force_insert=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault.vault_datakey SET wrapped = ''",
        "UPDATE vault.vault_divisionkey SET state = 'active'",
        "DELETE FROM vault.vault_divisionkey",
        "TRUNCATE vault.vault_datakey",
    ],
)
def test_keys_are_never_changed_by_the_application(db: None, statement: str) -> None:
    with (
        identity(MACHINE),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_destroyed_key_opens_nothing(db: None) -> None:
    case = call()
    zhou = actor("zhou")
    with identity(zhou):
        assert keys.destroy("case", case.pk) == 1
        assert keys.load_for([bytes(case.cover)]) == {}
        assert DataKeyRow.objects.filter(owner_id=case.pk).count() == 0


def test_an_id_fits_a_signed_bigint() -> None:
    assert all(0 <= random_id() < 2**63 for _n in range(64))
