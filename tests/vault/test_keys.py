"""The key tree: wrapped keys, one division key in a race, and keys destroyed for good."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import ProgrammingError, connection, transaction
from django.db.models import Func

from cases.access import cover_place
from cases.models import Transfer
from tests.cases.transfer_stage import ask
from tests.roles import working_as
from tests.stage import RED, actor, call, managed
from wellbeing.access.actor import Actor, identity
from wellbeing.vault import keys
from wellbeing.vault.envelope import DataKey, SealError, seal, unseal
from wellbeing.vault.models import DataKeyRow, DivisionKey, KeyPile, random_id
from wellbeing.vault.providers import provider
from wellbeing.vault.suites import SM4GCM
from wellbeing.workdays import now

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


@pytest.mark.parametrize("suite", [1, 2])
def test_another_program_unwraps_the_tree(db: None, settings: Any, suite: int) -> None:
    """From the text of the format alone: what each key is bound to, and where its nonce stands."""
    settings.VAULT_SUITE, owner, division = suite, UUID(int=7), f"33098{suite}"
    with identity(MACHINE):
        key = keys.new_key("case", owner, division)
        row = DivisionKey.objects.get(division=division)
        wrapped = keys.wrap(row.pk, key, "case", owner)
    bound = f"{row.pk:016x}/{division}/1".encode()
    secret = provider().unwrap("division", bound, bytes(row.wrapped), row.root_version)
    cipher, size = {1: (AESGCM, 32), 2: (SM4GCM, 16)}[suite]
    assert (row.suite, row.version, row.state, len(secret), len(key.secret)) == (suite, 1, "active", size, 32)
    under = f"{key.id:016x}/case/".encode() + owner.bytes
    assert cipher(secret).decrypt(wrapped[:12], wrapped[12:], under) == key.secret


def test_keys_of_a_pile_are_written_with_it(db: None) -> None:
    """And each of its divisions is asked for its active key once."""
    pile, owners = KeyPile(), [uuid4(), uuid4(), uuid4()]
    with identity(MACHINE):
        made = [
            keys.new_key("batch", owner, at, pile)
            for owner, at in zip(owners, ("330921", "330922", "330921"), strict=True)
        ]
        assert [(row.pk, row.owner_id) for row in pile] == [(k.id, o) for k, o in zip(made, owners, strict=True)]
        assert [keys.unwrap(row) for row in pile] == made and len({key.secret for key in made}) == 3
        active = {at: keys._active_division(at) for at in ("330921", "330922")}
        assert pile.divisions == active and [row.division_key_id for row in pile[1:]] == [*active.values()][::-1]
        keys.new_key("batch", owners[0], "330921", pile, suite_code=2)
        assert [row.suite for row in pile] == [1, 1, 1, 2]
        pile.divisions["330929"] = active["330922"]
        keys.new_key("batch", owners[0], "330929", pile)
        assert pile[-1].division_key_id == active["330922"], "what the pile knows was not asked again"


def test_what_is_sealed_anew_in_another_division_opens_there_alone(db: None) -> None:
    """In the transaction that moves the file: the old keys end in no other (access/0007)."""
    case = managed(RED)
    old, asked = cover_place(case), ask(case)
    with identity(actor("zhou")):
        key = keys.load_key("case", case.pk)
        words = unseal(key, bytes(case.cover), old)
        other = replace(old, field="other")
        sealed = [(old, bytes(case.cover)), (other, seal(key, b"lighthouse", other))]
        with pytest.raises(SealError):  # something of another owner among them, whose key is not there
            keys.reseal("case", case.pk, "330903", [*sealed, (old, seal(DataKey(1, bytes(32)), b"", old))])
        assert keys.living("case", [case.pk, uuid4()]) == {case.pk}
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330903")
    with identity(ye := actor("ye")):
        answer = {"state": "accepted", "answered_by_id": ye.id, "answered_at": now()}
        Transfer.objects.filter(pk=asked.pk).update(**answer, moved_in=Func(function="txid_current"))
    with identity(actor("zhou")), transaction.atomic():
        first, second = keys.reseal("case", case.pk, "330903", sealed)
        assert keys.id_of(first) == keys.id_of(second) != key.id
        assert keys.load_for([bytes(case.cover)]) == {}
        with pytest.raises(SealError):
            keys.key_of(bytes(case.cover))
        again = keys.key_of(first)
    there = [replace(place, division="330903") for place, _envelope in sealed]
    assert [unseal(again, one, place) for one, place in zip((first, second), there, strict=True)] == [
        words,
        b"lighthouse",
    ]
    with pytest.raises(SealError):
        unseal(again, first, old)


def test_keys_are_wrapped_anew_for_their_owners_and_in_their_order(db: None) -> None:
    with identity(MACHINE):
        old, new = (keys._active_division(at) for at in ("330921", "330922"))
        made = [(keys.new_key("note", uuid4(), "330921"), uuid4()) for _n in range(3)]
        rows = [(key.id, old, "note", owner.bytes, keys.wrap(old, key, "note", owner)) for key, owner in made]
        found = keys.rewrap(rows, {old: new})
        again = [
            keys.Wrapped(key.id, "note", owner, new, 1, one or b"")
            for (key, owner), one in zip(made, found, strict=True)
        ]
        assert [keys.unwrap(row) for row in again] == [key for key, _owner in made]
        assert len({(one or b"")[:12] for one in [*found, *(row[4] for row in rows)]}) == 6, "a nonce of its own each"
        for wrong in (b"", rows[0][4][:-1], bytes(60)):
            first, second = keys.rewrap([rows[0], (*rows[1][:4], wrong)], {old: new})
            assert second is None, "it stops no other"
            assert first and keys.unwrap(keys.Wrapped(rows[0][0], "note", made[0][1], new, 1, first)) == made[0][0]


def test_a_key_without_its_division_opens_nothing(db: None) -> None:
    with identity(MACHINE):
        row = DataKeyRow(id=1, owner_kind="case", owner_id=uuid4(), division_key_id=random_id(), wrapped=bytes(60))
        with pytest.raises(SealError):
            keys.unwrap(row)


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


def test_a_destroyed_key_opens_nothing(committed: SimpleNamespace) -> None:
    case = call()
    with identity(actor("zhou")):
        assert keys.destroy("case", case.pk) == 0, "who works on a case destroys no key of it"
    with working_as(committed.keys_url):
        assert keys.destroy("case", case.pk) == 1
    with identity(actor("zhou")):
        assert keys.load_for([bytes(case.cover)]) == {}
        assert DataKeyRow.objects.filter(owner_id=case.pk).count() == 0


def test_an_id_fits_a_signed_bigint() -> None:
    assert all(0 <= random_id() < 2**63 for _n in range(64))
