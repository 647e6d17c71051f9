"""What rls.py writes, on tables of its own: each wall lets in whom its condition names, and its undoing leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from tests.stage import actor
from wellbeing.access import rls
from wellbeing.access.actor import Actor, identity

TABLES = """
CREATE TABLE scratchs_scratch (id uuid PRIMARY KEY);
CREATE TABLE scratch_users (content_object_id uuid, user_id int, permission_id int, expires_at timestamptz);
CREATE TABLE scratch_groups (content_object_id uuid, group_id int, permission_id int, expires_at timestamptz);
CREATE TABLE scratch_covers (id int, of uuid);
CREATE TABLE scratch_words (id int, of uuid, sealed text, other text);
GRANT SELECT, INSERT, UPDATE, DELETE ON scratchs_scratch, scratch_users, scratch_groups, scratch_covers, scratch_words
 TO wellbeing_app;
GRANT SELECT ON scratch_words TO wellbeing_keys
"""
GRANTS = ("scratch", "scratch_users", "scratch_groups")
LEFT = (
    "SELECT tablename || '.' || policyname FROM pg_policies WHERE tablename LIKE 'scratch%'"
    " UNION SELECT proname FROM pg_proc WHERE proname LIKE 'app_%_scratch'"
    " UNION SELECT relname FROM pg_class WHERE relname LIKE 'scratch%' AND relrowsecurity"
    " UNION SELECT table_name || '.' || column_name FROM information_schema.column_privileges"
    " WHERE grantee = 'wellbeing_keys' AND table_name LIKE 'scratch%' AND privilege_type = 'UPDATE'"
)


def steps() -> list[Any]:
    return [
        rls.sight(*GRANTS),
        rls.reading(*GRANTS),
        rls.protect("scratch_covers", select=rls.sees("scratch", "of"), insert=rls.works("scratch", "of")),
        rls.protect(
            "scratch_words",
            select=rls.reads("scratch", "of"),
            update=rls.works("scratch", "of"),
            delete=rls.works("scratch", "of"),
        ),
        rls.rewrites("scratch_words", "sealed"),
    ]


@contextmanager
def asking(who: Actor) -> Iterator[Any]:
    """A cursor as somebody; nothing that is written stays."""
    with transaction.atomic():
        with identity(who), connection.cursor() as cursor:
            yield cursor
            transaction.set_rollback(True)


def rows(who: Actor, statement: str, *given: Any) -> int:
    """How many rows a statement finds or touches; -1 where the wall refuses it."""
    try:
        with asking(who) as cursor:
            cursor.execute(statement, given)
            return int(cursor.rowcount)
    except ProgrammingError as error:
        if "row-level security" not in str(error):
            raise
        return -1


def test_each_wall_lets_in_whom_its_condition_names(committed: SimpleNamespace) -> None:
    chen, wu, machine, pk, new = actor("chen"), actor("wu"), Actor.machine("test"), UUID(int=7), UUID(int=8)
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute(TABLES)
        before = set(admin.execute(LEFT).fetchall())
        for step in steps():
            admin.execute(step.sql)
        admin.execute("ALTER TABLE scratch_words OWNER TO wellbeing_owner")
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:

        def held(table: str, column: str, of: int, codename: str, when: str = "+ interval '1 hour'") -> None:
            """The one grant that there is."""
            admin.execute("DELETE FROM scratch_users; DELETE FROM scratch_groups")
            admin.execute(
                f"INSERT INTO {table} (content_object_id, {column}, permission_id, expires_at)"  # type: ignore[arg-type]
                f" SELECT %s, %s, id, app_now() {when} FROM auth_permission WHERE codename = %s LIMIT 1",
                [pk, of, codename],
            )

        def finds(who: Actor) -> list[int]:
            """Covers seen, covers written, words read, words changed, words deleted, grants seen, made, ended."""
            return [
                rows(who, "SELECT 1 FROM scratch_covers"),
                rows(who, "INSERT INTO scratch_covers VALUES (2, %s)", pk),
                rows(who, "SELECT 1 FROM scratch_words"),
                rows(who, "UPDATE scratch_words SET sealed = 'y'"),
                rows(who, "DELETE FROM scratch_words"),
                rows(who, "SELECT 1 FROM scratch_users UNION ALL SELECT 1 FROM scratch_groups"),
                rows(who, "INSERT INTO scratch_users VALUES (%s, 1, 1, app_now())", pk),
                rows(who, "INSERT INTO scratch_groups VALUES (%s, 1, 1, app_now())", pk),
                rows(who, "UPDATE scratch_users SET user_id = user_id"),
                rows(who, "DELETE FROM scratch_groups"),
            ]

        admin.execute("INSERT INTO scratchs_scratch VALUES (%s)", [pk])
        admin.execute("INSERT INTO scratch_covers VALUES (1, %s)", [pk])
        admin.execute("INSERT INTO scratch_words VALUES (1, %s, 'x', 'z')", [pk])
        nothing = [0, -1, 0, 0, 0, 0, -1, -1, 0, 0]
        assert finds(chen) == finds(wu) == nothing  # the object is there already: nobody makes its first grant
        desk = next(iter(chen.desks))
        for table, column, of in (("scratch_users", "user_id", chen.id), ("scratch_groups", "group_id", desk)):
            mine, ours = int(table == "scratch_users"), int(table == "scratch_groups")
            held(table, column, of, "see")
            assert finds(chen) == [1, -1, 0, 0, 0, 1, -1, -1, 0, 0]
            held(table, column, of, "read")
            assert finds(chen) == [1, -1, 1, 0, 0, 1, -1, -1, 0, 0]
            held(table, column, of, "work")
            assert finds(chen) == [1, 1, 0, 1, 1, 1, 1, 1, mine, ours]
            assert finds(wu) == nothing
            held(table, column, of, "work", "- interval '1 s'")
            assert finds(chen) == [*nothing[:5], 1, *nothing[6:]]  # one's own row, and no door
        held("scratch_groups", "group_id", desk, "work")
        assert finds(machine)[5:] == [1, 1, 1, 0, 1]
        for who, first in ((chen, 1), (machine, 1), (Actor(id=None, name=""), -1)):  # of what does not exist yet
            assert rows(who, "INSERT INTO scratch_users VALUES (%s, 1, 1, app_now())", new) == first
        held("scratch_users", "user_id", chen.id, "see")
        admin.execute("DELETE FROM scratchs_scratch")
        assert rows(wu, "INSERT INTO scratch_groups VALUES (%s, 1, 1, app_now())", pk) == -1  # its grants are there
        admin.execute("GRANT SELECT ON scratchs_scratch TO wellbeing_app")
        assert rows(chen, "SELECT 1 FROM scratchs_scratch") == 0
    with psycopg.connect(committed.keys_url) as custodian:
        assert custodian.execute("UPDATE scratch_words SET sealed = 'y' WHERE sealed = 'x'").rowcount == 1
    with psycopg.connect(committed.owner_url) as owner:
        assert owner.execute("SELECT count(*) FROM scratch_words").fetchone() == (0,)  # forced: not even its owner
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        made = set(admin.execute(LEFT).fetchall()) - before
        assert len(made) > 20 and {name for (name,) in made if name.startswith("scratch_words.")} == {
            *("scratch_words.sealed", "scratch_words.keys_select", "scratch_words.keys_update"),
            *("scratch_words.app_select", "scratch_words.app_update", "scratch_words.app_delete"),
        }
        for step in reversed(steps()):
            admin.execute(step.reverse_sql)
        grants = {("scratch_users",), ("scratch_groups",)}  # their row security stays on, and shows nothing
        assert set(admin.execute(LEFT).fetchall()) - grants == before


def test_a_verb_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown verbs"):
        rls.protect("scratch_words", selct="true")
