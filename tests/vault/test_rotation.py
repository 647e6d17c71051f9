"""Rotation by its steps: in parts, beside others who hold keys or rotate too, and each key is ended when it may be."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import OperationalError, connection

from cases import actions
from cases.draft_access import reveal_notes
from cases.shift import last_notes
from tests.custody.test_rotate_keys import WHY, ask, custodian
from tests.stage import RED, actor, call
from wellbeing.access.actor import identity
from wellbeing.access.machines import KEYS
from wellbeing.custody.actions import begin_rotation
from wellbeing.vault import keys, rotation
from wellbeing.vault.models import DataKeyRow, DivisionKey, NamedKey, Rotation
from wellbeing.vault.named import named_key


def made(*divisions: str) -> list[UUID]:
    """Owners of a note each, one in each of these divisions."""
    owners = [uuid4() for _at in divisions]
    with identity(KEYS):
        for owner, division in zip(owners, divisions, strict=True):
            keys.new_key("note", owner, division)
    return owners


def superuser(city: SimpleNamespace) -> psycopg.Connection[Any]:
    return psycopg.connect(city.superuser_url, options="-c search_path=public,vault", autocommit=True)


def begun(kind: str) -> Rotation:
    rotation_: Rotation = begin_rotation(actor=KEYS, kind=kind, suite=1, why=WHY)
    return rotation_


def test_one_rotation_of_a_kind_is_under_way(committed: SimpleNamespace) -> None:
    """Whoever begins another goes on with it, in its suite, and is told so."""
    with custodian(committed), identity(KEYS):
        at = rotation.clock()
        ours, new = rotation.begin("words", 2, at)
        again, anew = rotation.begin("words", 1, at + timedelta(hours=1))
        assert (new, anew) == (True, False) and (again, again.suite, again.started_at) == (ours, 2, at)
        other, new = rotation.begin("root", 1, at)
        assert new is True and (other.kind, other.suite) == ("root", 1)


def test_a_new_root_key_wraps_what_nobody_holds_and_the_rest_in_the_next_round(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    made("330921", "330922", "330923")
    secrets = {purpose: named_key(purpose) for purpose in ("a", "b", "c")}
    root = tmp_path / "root"
    root.write_text(Path(os.environ["ROOT_KEY_FILE"]).read_text().strip() + f"\n2:02:{'5a' * 32}\n")
    root.chmod(0o400)
    settings.ROOT_KEY_FILE = str(root)
    with custodian(committed), superuser(committed) as holder:
        ours = begun("root")
        with identity(KEYS):
            every = rotation.left(ours)
            assert every == rotation.wrapped_by(1) >= 6
        with holder.transaction():
            holder.execute("SELECT 1 FROM vault_divisionkey WHERE division = '330921' FOR UPDATE")
            holder.execute("SELECT 1 FROM vault_namedkey WHERE purpose = 'a' FOR UPDATE")
            with identity(KEYS):
                assert rotation.step(ours) == (every - 2, -1) and rotation.left(ours) == 2
        with identity(KEYS):
            assert list(DivisionKey.objects.filter(root_version=1).values_list("division", flat=True)) == ["330921"]
            assert (rotation.step(ours), rotation.step(ours)) == ((2, -1), (0, -1))
            wrapped = DivisionKey.objects.count() + NamedKey.objects.count()
            assert (rotation.wrapped_by(1), rotation.wrapped_by(2)) == (0, wrapped)
            assert Rotation.objects.get().done == every
        keys.forget()
        assert {purpose: named_key(purpose) for purpose in secrets} == secrets
    made("330921")  # its key came back out of the new root key


def test_data_keys_are_wrapped_anew_in_parts_from_the_last_one_on(
    committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "KEYS_AT_ONCE", 3)
    monkeypatch.setattr(rotation, "KEYS_A_STATEMENT", 2)
    owners = made(*["330921", "330922"] * 4)
    with custodian(committed), identity(KEYS):
        known = {row.pk: keys.unwrap(row) for row in DataKeyRow.objects.order_by("pk")}
        pks = list(known)
    with custodian(committed):
        ours = begun("divisions")
        with identity(KEYS):
            assert rotation.left(ours) == len(pks) == len(owners)
            assert rotation.step(ours) == (3, pks[2])
            assert rotation.step(ours, pks[2]) == (3, pks[5]) and rotation.left(ours) == 2
            assert rotation.step(ours, pks[5]) == (2, pks[7])
            assert rotation.step(ours, pks[7]) == (0, -1) and rotation.left(ours) == 0
            assert Rotation.objects.get().done == 8
            assert {row.pk: keys.unwrap(row) for row in DataKeyRow.objects.order_by("pk")} == known
            assert {row.division_key.division for row in DataKeyRow.objects.filter(owner_id=owners[0])} == {"330921"}


def test_division_keys_end_when_nothing_hangs_on_them_and_nobody_remembers_them(committed: SimpleNamespace) -> None:
    owners = made("330921", "330922")
    with custodian(committed):
        ours = begun("divisions")
        with identity(KEYS):
            assert rotation.replaced(timedelta(minutes=10)) == ([], [])
            _owners, old = rotation.replaced(timedelta(0))
            assert len(old) == 2 == DivisionKey.objects.filter(state="active", version=2).count()
            assert rotation.end_division_keys(old) == 0, "data keys hang on them"
            assert DataKeyRow.objects.filter(owner_id=owners[0]).delete()[0] == 1
            assert rotation.end_division_keys([*old, *DivisionKey.objects.values_list("pk", flat=True)]) == 1
            assert rotation.step(ours)[0] == 1 and rotation.end_division_keys(old) == 1
            assert set(DivisionKey.objects.values_list("state", flat=True)) == {"active"}


def test_replaced_data_keys_end_where_nobody_holds_them(committed: SimpleNamespace) -> None:
    (owner,) = made("330921")
    with custodian(committed), superuser(committed) as holder:
        ours = begun("words")
        with identity(KEYS):
            first = DataKeyRow.objects.get()
            assert rotation.left(ours) == 1
            assert (rotation.step(ours), rotation.step(ours, first.pk)) == ((1, first.pk), (0, -1))
            assert (rotation.left(ours), Rotation.objects.get().done) == (0, 1)
            at = DataKeyRow.objects.get(pk=first.pk).replaced_at
            assert rotation.replaced(timedelta(0)) == ([("note", owner)], []) and at is not None
            assert rotation.end_data_keys(("note", owner), at) == 0, "replaced before, not then"
        after = at + timedelta(microseconds=1)
        with holder.transaction():
            holder.execute("SELECT 1 FROM vault_datakey FOR UPDATE")
            with identity(KEYS):
                assert rotation.end_data_keys(("note", owner), after) == 0
        with identity(KEYS):
            assert rotation.end_data_keys(("note", uuid4()), after) == 0
            assert rotation.end_data_keys(("note", owner), after) == 1
            assert DataKeyRow.objects.get().replaced_at is None


def test_of_two_who_seal_the_same_words_anew_the_second_replaces_nothing(committed: SimpleNamespace) -> None:
    call(RED)
    with custodian(committed), superuser(committed) as other:
        ours = begun("words")

        def first(execute: Any, statement: str, *rest: Any) -> Any:
            """Another one has replaced the keys between our look at them and our lock on what they sealed."""
            if "FOR UPDATE OF t" in statement:
                other.execute("UPDATE vault_datakey SET replaced_at = clock_timestamp()")
            return execute(statement, *rest)

        with identity(KEYS), connection.execute_wrapper(first):
            lowest = DataKeyRow.objects.order_by("pk")[0].pk
            assert rotation.step(ours) == (0, lowest)
            assert rotation.step(ours, lowest) == (0, -1)
    assert ask(committed, "SELECT count(*) FROM vault_datakey WHERE replaced_at IS NULL") == [(0,)]


@pytest.mark.parametrize("state", ["55P03", "40P01"])
def test_a_part_gives_way_to_who_holds_a_row(db: None, state: str) -> None:
    with rotation.giving_way(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")
        raise AssertionError


def test_a_part_hides_no_other_error(db: None) -> None:
    for state in ("57014", "40001"):  # cancelled, not to be put in order
        with pytest.raises(OperationalError), rotation.giving_way(), connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")
    with rotation.giving_way(), connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("900ms",)


def test_words_that_were_sealed_late_are_sealed_anew_before_their_key_ends(committed: SimpleNamespace) -> None:
    """Also where the owner has no others: the old envelope is put back, as by a writer who still held the old key."""
    lin = actor("lin")
    actions.hand_over_shift(actor=lin, text="一例红色")

    def read() -> list[Any]:
        keys.forget()
        with identity(lin):
            return reveal_notes(lin, last_notes(lin))

    words = read()
    ((pk, old),) = ask(committed, "SELECT id, sealed FROM cases_shiftnote")
    with custodian(committed):
        ours = begun("words")
        with identity(KEYS):
            (row,) = DataKeyRow.objects.filter(owner_kind="note")
            last = -1
            while rotation.left(ours):
                _done, last = rotation.step(ours, last)
    with superuser(committed) as late:
        late.execute("UPDATE cases_shiftnote SET sealed = %s WHERE id = %s", [old, pk])
    with custodian(committed), identity(KEYS):
        assert rotation.end_data_keys(("note", row.owner_id), rotation.clock()) == 1
    assert ask(committed, "SELECT sealed FROM cases_shiftnote") != [(old,)]
    assert read() == words and len(words) == 1
