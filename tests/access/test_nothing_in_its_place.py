"""What the database took for something else: tables, types and triggers of somebody's own, another clock, a hash without an
event, a referral that never was, a notice under another's key. Each of these went through before migration access/0008."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cases import actions
from cases.models import Case, Deadline, Escalation
from tests.access.test_by_sql import REFUSED
from tests.access.test_not_by_their_word import managed
from tests.cases.test_closing import BY_TWO, SHUT, red
from tests.stage import GREEN, RED, YELLOW, actor, call, desk, fresh, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.record import record
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")
SPIES = (
    "CREATE TEMPORARY TABLE got (who text, cases integer)",
    "GRANT ALL ON got TO PUBLIC",
    "CREATE FUNCTION pg_temp.spies() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO pg_temp.got"
    " SELECT current_user, (SELECT count(*) FROM public.cases_case); RETURN true; END $$",
)


def says(name: str, *statements: str, told: Case | None = None) -> Any:
    """What somebody gets by several statements of her own, as at their commit; None where the database refuses one."""
    who = actor(name)
    try:
        with transaction.atomic():
            with identity(who), connection.cursor() as cursor:
                # As in a session that somebody has got: what is hers comes first.
                cursor.execute("SET LOCAL search_path = public, vault")
                for one in statements:
                    cursor.execute(one)
                found = cursor.fetchall() if cursor.description else cursor.rowcount
                if told:
                    record(stream=told.pk, act=P.FOLLOW_UP, actor=who, facts={})
            transaction.set_rollback(True)
            return found
    except DatabaseError as fault:
        if getattr(fault.__cause__, "sqlstate", "") not in REFUSED:
            raise
        return None


def functions() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text, p.prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
            " WHERE p.pronamespace IN ('public'::regnamespace, 'vault'::regnamespace) AND l.lanname IN ('sql', 'plpgsql')"
        )
        yield from cursor.fetchall()


def unqualified(body: str, relations: set[str]) -> list[str]:
    """What a function looks for on whatever path its caller has: relations, and types that the grammar does not know."""
    words = re.sub(r"--[^\n]*|'[^']*'", "", body)
    types = "record|text|name|date|uuid|jsonb?|timestamptz|bytea"
    return [
        *(one for one in relations if re.search(rf"(?<![\w.]){one}(?![\w(])", words)),
        *re.findall(rf"::(?:{types})\b", words),
        *re.findall(rf"\s(?:{types})(?:\[\])?\s*(?:;|:=)", words),
    ]


def test_every_function_names_the_schema_of_what_it_asks() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace IN ('public'::regnamespace, 'vault'::regnamespace)"
            " AND relkind IN ('r', 'v')"
        )
        relations = {name for (name,) in cursor.fetchall()}
    found = {name: unqualified(body, relations) for name, body in functions()}
    assert len(found) > 120 and {name: what for name, what in found.items() if what} == {}
    assert unqualified(
        "DECLARE a text; BEGIN SELECT 1 FROM cases_case WHERE x::uuid = y", relations
    )  # it would find one


def test_a_table_of_her_own_takes_the_place_of_none() -> None:
    """A tier fell by a proposal that nobody made; a stranger's person was hers to see; every file was on the move."""
    case, other = managed(RED), call(YELLOW, by="gao")
    lowering = f"SELECT '{case.pk}'::uuid AS case_id, NULL::timestamptz AS ended_at, 'red' AS from_tier"
    alone = (
        f"CREATE TEMPORARY TABLE cases_lowering AS {lowering}, 'orange' AS to_tier, 0::bigint AS proposed_by_id,"
        " app_now() AS proposed_at",
        f"UPDATE public.cases_case SET tier = 'orange' WHERE id = '{case.pk}'",
    )
    for name in ("chen", "lin", "zhou"):
        assert says(name, *alone, told=case) is None, name
    her_own = (
        f"CREATE TEMPORARY VIEW cases_case AS SELECT '{case.pk}'::uuid AS id, '{other.person_id}'::uuid AS person_id"
    )
    asked = (
        "SELECT app_sees_person({0}), EXISTS (SELECT 1 FROM public.cases_person WHERE id = {0}),"
        " EXISTS (SELECT 1 FROM vault.vault_datakey WHERE owner_id = {0})"
    )
    assert says("chen", her_own, asked.format(f"'{other.person_id}'")) == [(False, False, False)]
    moves = f"CREATE TEMPORARY TABLE cases_transfer AS SELECT '{case.pk}'::uuid AS case_id, txid_current() AS moved_in"
    assert says("chen", moves, "SELECT app_moving_cases()") == [([],)]
    role = "CREATE TEMPORARY TABLE people_desk AS SELECT group_id, 'security_admin' AS role FROM public.people_desk"
    assert says("chen", role, "SELECT app_administers('security_admin')") == [(False,)]
    policy = (
        "CREATE TEMPORARY TABLE cases_policyversion AS SELECT app_now() AS effective_from, 1 AS number, '{}'::jsonb"
    )
    assert says("chen", policy + " || '{\"second_person\": []}' AS body", "SELECT app_lowers_alone('red')") == [
        (False,)
    ]


def test_what_somebody_left_to_a_connection_takes_no_place_for_the_next_one() -> None:
    case = call(RED)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE cases_case AS SELECT * FROM public.cases_case")
        assert fresh(case).pk == case.pk, "what is hers comes last"
        cursor.execute("SET search_path = pg_temp, public, vault")
        with identity(actor("zhou")):
            assert Case.objects.filter(pk=case.pk).exists()


def test_nothing_of_hers_runs_as_the_role_that_reads_past_the_walls() -> None:
    """A view's function, or the check of a type, ran as whoever asked it: it read every case, key and session."""
    case = call(RED)
    view = (
        "CREATE TEMPORARY VIEW people_desk AS SELECT d.group_id, d.role FROM public.people_desk d WHERE pg_temp.spies()",
        "GRANT ALL ON pg_temp.people_desk TO PUBLIC",
        "SELECT app_calls_since(ARRAY['x'::bytea], now())",
    )
    assert says("lin", *SPIES, *view, "SELECT DISTINCT who FROM got") == []
    body = f'{{"actor": null, "act": "x", "at": "2026-01-01", "id": "{case.pk}"}}'
    types = (
        "CREATE DOMAIN pg_temp.timestamptz AS timestamp with time zone CHECK (pg_temp.spies())",
        f"SELECT audit_append('{case.pk}', seq, hash, false, '{body}', sha256('x'), sha256('x') || sha256('y'))"
        f" FROM audit_end('{case.pk}')",
    )
    assert says("mallory", *SPIES, *types, "SELECT DISTINCT who FROM got") == []


def test_a_trigger_of_ours_stands_on_no_table_of_hers() -> None:
    """Whoever saw the grants on a case ended each of them for good, the county's before a red one: what is kept of a grant
    that ended is written by a trigger."""
    case = managed(RED)
    copy = (
        "CREATE TEMPORARY TABLE t AS SELECT seal, expires_at, granted_at - interval '1 hour' AS granted_at"
        f" FROM public.cases_casegroupobjectpermission WHERE content_object_id = '{case.pk}'"
    )
    for name in ("chen", "lin"):
        assert (says(name, copy) or 0) > 0
        trigger = "CREATE TRIGGER x AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION app_ends_grant()"
        assert says(name, copy, trigger, "DELETE FROM t", "SELECT count(*) FROM public.access_ended") is None, name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE has_function_privilege('wellbeing_app', p.oid, 'EXECUTE')) FROM pg_proc p"
            " WHERE p.prorettype = 'trigger'::regtype AND p.pronamespace = 'public'::regnamespace"
        )
        every, hers = cursor.fetchone()
    assert every > 30 and hers == 0


def test_a_head_moves_with_as_many_events_as_hashes() -> None:
    case = call(RED)
    append = "SELECT a.seq, a.hash FROM audit_end('{0}') e, audit_append('{0}', e.seq, e.hash, false, {1}) a"
    event = f'{{"actor": null, "act": "x", "at": "2026-01-01", "id": "{case.pk}"}}'
    sound = f"'{event}', sha256('x'), sha256('x') || sha256('y')"
    for wrong in (
        "'', sha256('forged'), sha256('forged')",
        "'', sha256('forged'), ''",
        "'', '', sha256('y')",
        f"'{event}', sha256('x'), sha256('x')",
        f"'{event}', 'x', sha256('x') || sha256('y')",
        f"'{event}', NULL, sha256('x') || sha256('y')",
        "NULL, sha256('x'), sha256('x') || sha256('y')",
    ):
        assert says("mallory", append.format(case.pk, wrong)) is None, wrong
    assert says("mallory", append.format(case.pk, sound)) == [(None, None)]


def test_an_event_that_lies_ahead_is_no_trace_of_what_comes_after_it() -> None:
    case = managed(RED)
    event = (
        "SELECT a.seq FROM audit_end('{0}') e, audit_append('{0}', e.seq, e.hash, false, json_build_object('actor', app_user(),"
        " 'act', 'x', 'at', app_now(){1}, 'id', gen_random_uuid())::text, sha256('x'), sha256('x') || sha256('y')) a"
    )
    for name in ("chen", "zhou"):
        for later in ("+ interval '1 microsecond'", "+ interval '1 year'"):
            assert says(name, event.format(case.pk, later)) is None, (name, later)
        assert says(name, event.format(case.pk, "")) == [(None,)]


def test_a_referral_begins_where_its_flow_does_and_about_ones_own_case(wait: Any) -> None:
    """One that was written as come to its end stood behind the closing of a red case, by one person."""
    case, other = red(), call(GREEN, by="gao")
    referral = referred(call(YELLOW))
    wait(minutes=5)
    pk, grants = "'01990000-0000-7000-8000-000000000001'", "referrals_referralgroupobjectpermission"
    with identity(MACHINE), connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(column_name, ', ') FROM information_schema.columns WHERE table_name ="
            " 'referrals_referral' AND column_name NOT IN ('id', 'case_id', 'reference', 'state', 'ended_at', 'opened_at', 'opened_by_id', 'held_by_id', 'held_since')"
        )
        (rest,) = cursor.fetchone()
        cursor.execute(
            f"CREATE TEMPORARY TABLE pattern AS SELECT * FROM public.referrals_referral WHERE id = '{referral.pk}'"
        )

    def forged(
        name: str, about: Case, state: str, *, ended: str = "NULL", opened: str = "app_now()"
    ) -> tuple[str, ...]:
        mine = desk("xinghe", Role.SCHOOL_COUNSELLOR) if name == "chen" else actor(name).posts[0].desk
        return (
            f"INSERT INTO {grants} (group_id, permission_id, content_object_id, origin, granted_by_id, granted_at, expires_at)"
            f" SELECT {mine.pk}, p.id, {pk}, 'owner', app_user(), app_now(), app_now() + interval '1 day' FROM auth_permission p"
            " JOIN django_content_type t ON t.id = p.content_type_id AND t.model = 'referral'",
            f"INSERT INTO public.referrals_referral (id, case_id, reference, state, ended_at, opened_at, opened_by_id, {rest})"
            f" SELECT {pk}, '{about.pk}', 'GR-2222-2222', '{state}', {ended}, {opened}, app_user(), {rest} FROM pattern",
        )

    for name in ("chen", "zhou"):
        closed = forged(name, case, "closed", ended="app_now()")
        shut = SHUT.replace("%(why)s", "'handed_to_health'").replace("%(case)s", f"'{case.pk}'")
        assert says(name, *closed, shut, told=case) is None, name
        begins = {"chen": "submitted", "zhou": "sent"}[name]
        for more in (
            forged(name, case, "reported"),
            forged(name, case, begins, ended="app_now()"),
            forged(name, case, begins, opened="app_now() - interval '1 day'"),
            forged(name, case, {"chen": "sent", "zhou": "submitted"}[name]),
            forged(name, other, begins),
        ):
            assert says(name, *more) is None, (name, more)
        assert says(name, *forged(name, case, begins)) == 1, name
    assert "handed_to_health" in BY_TWO


def test_a_notice_is_swallowed_by_none_that_somebody_else_wrote() -> None:
    """Whoever works on a red case knows its clock, and so the key of the notice by which it will come up."""
    case = managed(RED)
    with identity(MACHINE):
        clock = Deadline.objects.get(case=case, kind="acknowledge", state="running")
        Deadline.objects.filter(pk=clock.pk).update(next_act="escalate", next_at=now())
    row = (
        "INSERT INTO outbox_notice (id, channel, kind, target, tier, dedupe_key, created_at, not_before, attempts, desk_id{0})"
        " SELECT gen_random_uuid(), 'in_app', 'escalated', '', '', 'escalated:' || '{1}' || ':' || l || ':in_app:' || d.group_id"
        " || ':', app_now(), app_now(){2}, 0, d.group_id{3} FROM people_desk d, generate_series(1, 3) l"
    )
    given = str(clock.pk)
    for columns, later, values in ((", done_at", "", ", app_now()"), ("", " + interval '9 years'", "")):
        assert says("chen", row.format(columns, given, later, values)) is None, (columns, later)
    with identity(actor("chen")), connection.cursor() as cursor:
        cursor.execute(row.format("", given, "", ""))
    actions.escalate(actor=Actor.machine("ticker"), case=fresh(case), deadline=clock)
    with identity(MACHINE):
        (made,) = Escalation.objects.filter(deadline=clock)
        keys = Notice.objects.filter(kind="escalated", desk_id=made.desk_id).values_list("dedupe_key", flat=True)
        assert f"escalated:{clock.pk}:{made.level}:in_app:{made.desk_id}:" in set(keys)
        assert all(key.endswith(f":by{actor('chen').id}") for key in set(keys) if key[-1] != ":")
