"""What rls.py writes, on tables of its own: each wall lets in whom its condition names, and its undoing leaves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from cases.models import Case
from tests.stage import actor, call
from wellbeing.access import rls
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import hold_id
from wellbeing.access.models import Hold
from wellbeing.access.permissions import P
from wellbeing.audit.record import record

TABLES = """
CREATE TABLE scratchs_scratch (id uuid PRIMARY KEY);
CREATE TABLE scratch_users (content_object_id uuid, user_id int, permission_id int, expires_at timestamptz);
CREATE TABLE scratch_groups (content_object_id uuid, group_id int, permission_id int, expires_at timestamptz);
CREATE TABLE scratch_covers (id int, of uuid);
CREATE TABLE scratch_words (id int, of uuid, sealed text, other text);
CREATE TABLE scratch_seats (desk_id int, organisation uuid, note text, stamp text);
CREATE TABLE scratch_slips (id int);
GRANT SELECT, INSERT, UPDATE, DELETE ON scratchs_scratch, scratch_users, scratch_groups, scratch_covers, scratch_words,
 scratch_seats, scratch_slips TO wellbeing_app;
GRANT SELECT ON scratch_words TO wellbeing_keys
"""
GRANTS = ("scratch", "scratch_users", "scratch_groups")
COUNTS = """
CREATE FUNCTION app_slips_scratch() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
 AS $$ SELECT count(*) FROM public.scratch_slips $$;
CREATE FUNCTION app_twice_scratch(n int) RETURNS int LANGUAGE sql AS $$ SELECT 2 * n $$
"""
SLIPS = ("app_slips_scratch()", "app_twice_scratch(int)")
LEFT = (
    "SELECT 'policy ' || tablename || '.' || policyname FROM pg_policies"
    " WHERE tablename LIKE 'scratch%' OR policyname LIKE 'scratch%'"
    " UNION SELECT proname || ' of ' || proowner::regrole FROM pg_proc WHERE proname LIKE 'app_%_scratch'"
    " UNION SELECT 'wall ' || relname FROM pg_class WHERE relname LIKE 'scratch%' AND relrowsecurity AND relforcerowsecurity"
    " UNION SELECT grantee || ' ' || lower(privilege_type) || ' ' || table_name || '.' || column_name"
    " FROM information_schema.column_privileges WHERE grantee LIKE 'wellbeing%' AND grantee <> 'wellbeing_owner'"
    " AND table_name LIKE 'scratch%' AND privilege_type IN ('SELECT', 'UPDATE')"
    " UNION SELECT 'makes functions' WHERE has_schema_privilege('wellbeing_gate', 'public', 'CREATE')"
)


def steps(wu: int) -> list[Any]:
    return [
        rls.sight(*GRANTS),
        rls.protect("scratchs_scratch", select=rls.sees("scratch")),
        rls.reading(*GRANTS),
        rls.protect("scratch_covers", select=rls.sees("scratch", "of"), insert=rls.works("scratch", "of")),
        rls.protect(
            "scratch_words",
            select=rls.reads("scratch", "of"),
            update=rls.works("scratch", "of"),
            delete=rls.works("scratch", "of"),
        ),
        rls.rewrites("scratch_words", "sealed", "other"),
        rls.protect(
            "scratch_seats",
            select=rls.desk(),
            insert=rls.sits("county_triage", "city_duty", at="organisation"),
            update=rls.sits("school_counsellor"),
            delete=rls.sits(at="organisation"),
        ),
        rls.changes("scratch_seats", "note", "desk_id"),
        rls.protect("scratch_slips", insert="true"),
        rls.changes("scratch_slips"),
        rls.gate(COUNTS, *SLIPS, reads=("scratch_slips",)),
        rls.keys(scratch_found=("select", f"app_user() = {wu}"), scratch_ended=("delete", "false")),
    ]


@contextmanager
def asking(who: Actor) -> Iterator[Any]:
    """A cursor as somebody; nothing that is written stays."""
    with transaction.atomic():
        with identity(who), connection.cursor() as cursor:
            yield cursor
            transaction.set_rollback(True)


def rows(who: Actor, statement: str, *given: Any) -> int:
    """How many rows a statement finds or touches; -1 where the wall refuses it, -2 where nobody may at all."""
    try:
        with asking(who) as cursor:
            cursor.execute(statement, given)
            return int(cursor.rowcount)
    except ProgrammingError as error:
        refusals = [text in str(error) for text in ("permission denied", "row-level security")]
        if True not in refusals:
            raise
        return refusals.index(True) - 2


def test_each_wall_lets_in_whom_its_condition_names(committed: SimpleNamespace) -> None:
    chen, wu, machine, pk, new = actor("chen"), actor("wu"), Actor.machine("test"), UUID(int=7), UUID(int=8)
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{committed.name}" OWNER TO wellbeing_owner')  # type: ignore[arg-type]
        admin.execute("REVOKE SELECT ON auth_permission FROM wellbeing_gate")  # as before the first sight of all
        with psycopg.connect(committed.owner_url, autocommit=True) as owner:  # who migrates
            owner.execute(TABLES)
            before = set(owner.execute(LEFT).fetchall())
            for step in steps(wu.person):
                owner.execute(step.sql)

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
        admin.execute("INSERT INTO scratchs_scratch VALUES (%s)", [pk])
        assert [rows(who, "SELECT 1 FROM scratchs_scratch") for who in (chen, wu)] == [1, 0]
        _seats(admin)
        assert rows(wu, "SELECT 1 FROM vault.vault_datakey WHERE owner_id = %s", call().pk) > 0
    with psycopg.connect(committed.keys_url) as custodian:
        assert custodian.execute("UPDATE scratch_words SET sealed = 'y' WHERE sealed = 'x'").rowcount == 1
    with psycopg.connect(committed.owner_url, autocommit=True) as owner:
        made = {name for (name,) in set(owner.execute(LEFT).fetchall()) - before}
        walled = {name.removeprefix("wall ") for name in made if name.startswith("wall")}
        assert walled == set(re.findall(r"CREATE TABLE (\w+)", TABLES))
        assert owner.execute("SELECT count(*) FROM scratch_words").fetchone() == (0,)  # forced: not even its owner
        assert {name for name in made if "scratch_words" in name} == {
            *(f"wellbeing_keys update scratch_words.{column}" for column in ("sealed", "other")),
            *(f"policy scratch_words.keys_{verb}" for verb in ("select", "update")),
            *(f"policy scratch_words.app_{verb}" for verb in ("select", "update", "delete")),
            "wall scratch_words",
        }
        assert {"policy vault_datakey.scratch_found", "policy vault_datakey.scratch_ended"} <= made
        asked = ("sees", "works", "reads", "new", "slips", "twice")
        assert {f"app_{verb}_scratch of wellbeing_gate" for verb in asked} <= made and "makes functions" not in made
        for step in reversed(steps(wu.person)):
            owner.execute(step.reverse_sql)
        stays = {
            "wall scratch_users",
            "wall scratch_groups",
        }  # row security, and shows nothing; so do the gate's rights
        left = {name for (name,) in set(owner.execute(LEFT).fetchall()) ^ before}
        assert {name for name in left if not name.startswith("wellbeing_gate select scratch")} == stays
        assert not [name for name in left if "scratch_slips" in name]


def _seats(admin: psycopg.Connection[Any]) -> None:
    """Walls by where somebody sits, what of a row may be changed, and what a function tells of rows that nobody sees."""
    chen, wu, zhou = actor("chen"), actor("wu"), actor("zhou")
    for who in (chen, zhou):
        (seat,) = who.posts
        admin.execute("INSERT INTO scratch_seats VALUES (%s, %s)", [seat.desk_id, seat.organisation_id])
    admin.execute("INSERT INTO scratch_slips VALUES (1), (2), (3)")
    found = {
        who.name: (
            rows(who, "SELECT 1 FROM scratch_seats"),
            *(
                rows(who, "INSERT INTO scratch_seats VALUES (1, %s)", one.posts[0].organisation_id)
                for one in (chen, zhou)
            ),
            rows(who, "UPDATE scratch_seats SET note = '', desk_id = desk_id"),
            rows(who, "DELETE FROM scratch_seats"),
        )
        for who in (chen, wu, zhou)
    }
    assert found == {chen.name: (1, -1, -1, 1, 1), wu.name: (0, -1, -1, 0, 0), zhou.name: (1, -1, 1, 0, 1)}
    assert rows(chen, "UPDATE scratch_seats SET stamp = ''") == -2
    assert rows(chen, "INSERT INTO scratch_slips VALUES (4)") == 1
    assert rows(chen, "UPDATE scratch_slips SET id = 5") == -2 and rows(chen, "SELECT 1 FROM scratch_slips") == 0
    with asking(chen) as cursor:
        cursor.execute("SELECT app_slips_scratch(), app_twice_scratch(2)")
        assert cursor.fetchone() == (3, 4)


def test_a_verb_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown verbs"):
        rls.protect("scratch_words", selct="true")


def test_who_asked_first_makes_nobodys_question_long(committed: SimpleNamespace) -> None:
    """A session keeps the plan of a question about grants. Made for somebody who has none of her own, it would look
    through all of hers when a counsellor with many asks next; it goes by the object's few."""
    lin = actor("lin")
    with psycopg.connect(committed.superuser_url, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")  # grants on cases that are not there
        owner.execute(
            "INSERT INTO cases_caseuserobjectpermission (user_id, permission_id, content_object_id, origin, granted_at,"
            " expires_at) SELECT %s, hold, pk, 'owner', now(), now() + interval '1 day'"
            " FROM (SELECT gen_random_uuid() AS pk FROM generate_series(1, 5000)) one, unnest(%s::integer[]) hold",
            [lin.id, [hold_id(Case, hold) for hold in Hold]],
        )
        owner.execute("VACUUM ANALYZE cases_caseuserobjectpermission")
    case = call()  # behind all of them
    for question in ("sees", "reads", "works"):
        asks = f"SELECT app_{question}_case('{case.pk}', '{{}}')"
        for who in [actor("shen")] * 8 + [lin]:
            with identity(who), connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {asks}")
                ((found,),) = cursor.fetchall()
        pages = found[0]["Plan"]["Shared Hit Blocks"] + found[0]["Plan"]["Shared Read Blocks"]
        assert pages < 40, (question, pages)


def goes(refusal: str, who: Actor, statement: str, *given: Any) -> bool:
    """Whether the database does it for her, or refuses it in these words."""
    try:
        with asking(who) as cursor:
            cursor.execute(statement, given)
    except ProgrammingError as error:
        if refusal not in str(error):
            raise
        return False
    return True


def test_whoever_signs_writes_herself(committed: SimpleNamespace) -> None:
    """`made` stays, `anew` is whoever writes, `later` may stay empty; a machine names anybody; undone, nobody is asked."""
    chen, wu, machine = actor("chen"), actor("wu"), Actor.machine("test")
    her, other = chen.person, wu.person
    step = rls.signed("scratch_signs", "made", anew=("anew",), later=("later",))
    may = partial(goes, "everybody signs for herself")

    with psycopg.connect(committed.superuser_url, autocommit=True) as master:
        master.execute("CREATE TABLE scratch_signs (id int, made int, anew int, later int)")
        master.execute("GRANT SELECT, INSERT, UPDATE ON scratch_signs TO wellbeing_app")
        master.execute("INSERT INTO scratch_signs VALUES (1, %s, %s)", [her, her])
        master.execute(step.sql)  # type: ignore[arg-type]
        insert = "INSERT INTO scratch_signs VALUES (2, %s, %s, %s)"
        for made in ((her, her, None), (her, her, her)):
            assert may(chen, insert, *made) and not may(wu, insert, *made), made
        for made in ((None, her, None), (her, None, None), (other, her, None), (her, other, None), (her, her, other)):
            assert not may(chen, insert, *made) and may(machine, insert, *made), made
        assert may(wu, "UPDATE scratch_signs SET id = 3")
        for column, to, done in (
            *(("made", her, True), ("made", other, False), ("made", None, False)),
            *(("anew", her, True), ("anew", other, True), ("anew", None, False)),
            *(("later", None, True), ("later", other, True), ("later", her, False)),
        ):
            assert may(wu, f"UPDATE scratch_signs SET {column} = %s", to) is done, (column, to)
            assert may(machine, f"UPDATE scratch_signs SET {column} = %s", to)
        master.execute(step.reverse_sql)  # type: ignore[arg-type]
        assert may(wu, "UPDATE scratch_signs SET made = %s", other)


def test_a_state_moves_along_its_steps_by_the_hands_that_they_name(committed: SimpleNamespace) -> None:
    """A step of everybody's, one of two roles', one that there is not; what must hold besides; a machine goes anywhere."""
    steps = (("new", "seen", ()), ("seen", "done", ("county_triage", "city_duty")), ("done", "new", ("city_duty",)))
    step = rls.moves("scratch_states", "state", steps, more="NEW.note <> '' AND OLD.id > 0")
    may = partial(goes, "scratch_states takes no such step by such hands")
    with psycopg.connect(committed.superuser_url, autocommit=True) as master:
        master.execute("CREATE TABLE scratch_states (id int, state text, note text)")
        master.execute("GRANT SELECT, UPDATE ON scratch_states TO wellbeing_app")
        master.execute(
            "INSERT INTO scratch_states VALUES (1, 'new', 'n'), (2, 'seen', 'n'), (3, 'done', 'n'), (4, 'new', '')"
        )
        master.execute(step.sql)  # type: ignore[arg-type]
        moved = "UPDATE scratch_states SET state = %s WHERE id = %s"
        for who, to, row, goes_there in (
            *(
                ("chen", "seen", 1, True),
                ("chen", "done", 1, False),
                ("chen", "done", 2, False),
                ("zhou", "done", 2, True),
            ),
            *(("he", "done", 2, True), ("zhou", "new", 2, False), ("zhou", "new", 3, False), ("he", "new", 3, True)),
            *(("chen", "seen", 4, False), ("chen", "new", 4, True)),
        ):
            assert may(actor(who), moved, to, row) is goes_there, (who, to, row)
            assert may(Actor.machine("test"), moved, to, row)
        assert may(actor("chen"), "UPDATE scratch_states SET note = 'm'")
        master.execute(step.reverse_sql)  # type: ignore[arg-type]
        assert may(actor("chen"), moved, "done", 1)


def test_what_is_traced_changes_beside_an_event_of_hers_alone(committed: SimpleNamespace) -> None:
    """A machine's changes ask for none, other columns neither; undone, nobody is asked."""
    zhou, case = actor("zhou"), call()
    step = rls.traced("scratch_traces", "state", "tier")

    def may(who: Actor, change: str, *, says: bool = False) -> bool:
        try:
            with transaction.atomic():
                with identity(who), connection.cursor() as cursor:
                    cursor.execute(f"UPDATE scratch_traces SET {change}")
                    if says:
                        record(stream=case.pk, act=P.CASE_CLOSE, actor=who, facts={})
                transaction.set_rollback(True)
        except ProgrammingError as error:
            if "leaves its event" not in str(error):
                raise
            return False
        return True

    with psycopg.connect(committed.superuser_url, autocommit=True) as master:
        master.execute("CREATE TABLE scratch_traces (case_id uuid, state text, tier text, note text)")
        master.execute("GRANT SELECT, UPDATE ON scratch_traces TO wellbeing_app")
        master.execute("INSERT INTO scratch_traces VALUES (%s, 'new', 'red', '')", [case.pk])
        master.execute(step.sql)  # type: ignore[arg-type]
        for column, free in (("state", False), ("tier", False), ("note", True)):
            assert may(zhou, f"{column} = 'x'") is free and may(zhou, f"{column} = 'x'", says=True)
            assert may(Actor.machine("test"), f"{column} = 'x'")
        assert may(zhou, "state = 'new', tier = tier")
        master.execute(step.reverse_sql)  # type: ignore[arg-type]
        assert may(zhou, "state = 'x'")
