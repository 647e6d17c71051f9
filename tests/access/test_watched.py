"""What watches a red case is ended by nobody's statement, nor by two at the same moment; and nobody asks past the walls
whether there is a case. Each of these went through before migration cases/0035."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from cases import actions
from cases.models import Case, Deadline, Draft
from tests.access.test_by_sql import gains
from tests.access.test_not_by_their_word import CLOCK, SOUND, managed
from tests.cases.test_closing import SHUT, red
from tests.cases.test_drafts import save
from tests.stage import GREEN, RED, acknowledged, actor, call, desk, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.ids import uuid7
from wellbeing.people.models import Role

MACHINE = Actor.machine("test")
ENDS = "UPDATE cases_deadline SET state = 'void', ended_at = app_now(), next_at = NULL WHERE case_id = %s AND kind = %s"
SAYS = "SELECT set_config('app.user_id', %s, true)"
EVENT = (
    "SELECT audit_append(%(case)s, e.seq, e.hash, false, json_build_object('actor', app_user(), 'act', 'x', 'at', app_now(),"
    " 'id', gen_random_uuid())::text, sha256('x'), sha256('x') || sha256('y')) FROM audit_end(%(case)s) e"
)
CHECKED = "SET CONSTRAINTS traced, traced_on IMMEDIATE"


@contextmanager
def session(city: SimpleNamespace, name: str, isolation: str = "READ COMMITTED") -> Iterator[psycopg.Connection[Any]]:
    """A transaction in which somebody truly says who she is."""
    options = "-c search_path=public,vault,pg_temp -c lock_timeout=700"
    with psycopg.connect(city.app_url, options=options) as link:
        link.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        link.execute(SAYS, [str(actor(name).id)])
        yield link


def watching(case: Case) -> set[str]:
    with identity(MACHINE):
        running = Deadline.objects.filter(case=case, kind__in=("acknowledge", "reassess"), state="running")
        return set(running.values_list("kind", flat=True))


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_two_who_each_end_a_clock_leave_one(committed: SimpleNamespace, isolation: str) -> None:
    """Each found the other's still running."""
    case = acknowledged(RED)
    begins = (
        "INSERT INTO cases_deadline (id, kind, tier, tier_rank, started_at, due_at, next_at, level, state, case_id, desk_id,"
        " policy_id, next_act, step, pauses, pause_why) SELECT gen_random_uuid(), 'acknowledge', tier, tier_rank, app_now(),"
        " app_now() + interval '15 minutes', app_now(), 0, 'running', case_id, desk_id, policy_id, 'remind', 0, 0, ''"
        " FROM cases_deadline WHERE case_id = %(case)s AND kind = 'reassess' AND state = 'running'"
    )
    assert gains("zhou", begins, told=case, case=case.pk) == 1
    assert watching(case) == {"acknowledge", "reassess"}
    with session(committed, "zhou") as first, session(committed, "luo", isolation) as second:
        refused = ""
        for link, kind in ((first, "acknowledge"), (second, "reassess")):
            try:
                assert link.execute(ENDS + " AND state = 'running'", [case.pk, kind]).rowcount == 1
                if link is first:
                    link.execute(EVENT, {"case": case.pk})
                    link.execute(CHECKED)
                else:  # her event waits for the first one's: what is asked is the other clock
                    link.execute("SET CONSTRAINTS traced_on IMMEDIATE")
            except psycopg.Error as fault:
                refused = fault.sqlstate or ""
        first.commit()
        assert refused == ("55P03" if isolation == "READ COMMITTED" else "42501")
        second.rollback()
    assert watching(case) == {"reassess"}
    with session(committed, "luo") as link:
        link.execute(ENDS + " AND state = 'running'", [case.pk, "reassess"])
        link.execute(EVENT, {"case": case.pk})
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="keeps a clock that asks"):
            link.commit()


@pytest.mark.django_db
def test_a_clock_begins_where_its_county_looks_for_it_and_with_what_comes_next(wait: Any) -> None:
    """At another county's desk, on no board, or before an act that no ticker knows, it ran and nobody saw it."""
    case = managed(RED)
    wait(minutes=1)
    other, city = desk("putuo-centre", Role.COUNTY_TRIAGE), desk("city-centre", Role.CITY_DUTY)
    given = {"other": other.pk, "city": city.pk}
    for name in ("chen", "lin", "zhou"):
        for sound, column, value in (
            (SOUND, "desk", "%(other)s"),
            (SOUND | {"rank": "9"}, "rank", "9"),
            (SOUND | {"rank": "4"}, "rank", "4"),
            (SOUND | {"act": "'nothing'"}, "act", "'nothing'"),
            (SOUND | {"act": "''"}, "act", "''"),
        ):
            statement = CLOCK.replace(", tier_rank, {begun}", ", {rank}, {begun}").replace(
                "next_act, 0, 0", "{act}, 0, 0"
            )
            values = {"rank": "tier_rank", "act": "next_act"} | sound | {column: value}
            assert gains(name, statement.format(**values), told=case, **given) == 0, (name, column, value)
    assert gains("chen", CLOCK.format(**SOUND | {"desk": "%(city)s"}), told=case, **given) == 1


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_nobody_confirms_from_a_snapshot_of_before(committed: SimpleNamespace, isolation: str) -> None:
    """Two who confirmed each other at the same moment were each the first to do so."""
    actions.ask_caller(actor=actor("lin"), case=call(), why="danger")
    with session(committed, "su", isolation) as link:
        confirms = "UPDATE cases_callerask SET confirmed_by_id = app_user(), confirmed_at = app_now()"
        if isolation == "READ COMMITTED":
            assert link.execute(confirms).rowcount == 1
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="there now"):
                link.execute(confirms)
        link.rollback()


ANOTHER = (
    "INSERT INTO cases_caseuserobjectpermission (user_id, permission_id, content_object_id, origin, granted_by_id, granted_at,"
    " expires_at) SELECT app_user(), p.id, '{0}', 'owner', app_user(), app_now(), app_now() + interval '1 day'"
    " FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id AND t.model = 'case'",
    "INSERT INTO cases_case (id, reference, channel, tier, tier_since, status, cover, opened_at, closed_at, close_reason,"
    " division_id, manager_id, owner_desk_id, person_id, school_apart) SELECT '{0}', 'ZS-2222-2223', channel, tier, app_now(),"
    " 'opened', cover, app_now(), NULL, '', division_id, manager_id, owner_desk_id, person_id, school_apart FROM cases_case"
    " WHERE id = '{1}'",
)


@pytest.mark.django_db
def test_danger_goes_on_in_no_file_that_nobody_is_told_of() -> None:
    """She wrote another red case about the same person, and closed the first one as its duplicate."""
    case = red()
    pk = uuid7()
    shut = SHUT.replace("%(why)s", "'duplicate'").replace("%(case)s", f"'{case.pk}'")
    with identity(actor("chen")), connection.cursor() as cursor:
        for one in ANOTHER:
            cursor.execute(one.format(pk, case.pk))
    assert gains("chen", shut, told=case) == 0
    with identity(MACHINE), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_warning SET case_id = %s WHERE case_id = %s", [pk, case.pk])
        cursor.execute("UPDATE cases_deadline SET case_id = %s WHERE case_id = %s AND kind = 'reassess'", [pk, case.pk])
    assert gains("chen", shut, told=case) == 1
    for name in ("fang", "tao", "shen", "sun", "mallory"):
        with (
            identity(actor(name)),
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match="row-level security"),
        ):
            with transaction.atomic():
                cursor.execute("INSERT INTO cases_person (id, division_id) VALUES (gen_random_uuid(), '330902')")


@pytest.mark.django_db
def test_a_grave_sheet_ends_in_a_case_and_its_minute_comes_no_later() -> None:
    pk = uuid7()
    save(pk, RED)
    with identity(MACHINE):
        assert Draft.objects.get(pk=pk).tier == "red"
    for change in (
        "due_at = app_now() + interval '10 years'",
        "due_at = NULL",
        "ended_at = app_now(), sealed = NULL, due_at = NULL",
        "flagged_at = app_now() + interval '1 day'",
        "flagged_at = NULL",
        "level = 9",
        "with_desk_id = desk_id",
        "tier = '', due_at = app_now() + interval '1 year'",
        "ended_at = app_now(), sealed = NULL, due_at = NULL, case_id = (SELECT id FROM cases_case LIMIT 1)",
    ):
        assert gains("lin", f"UPDATE cases_draft SET {change}") == 0, change
    assert gains("lin", "UPDATE cases_draft SET saved_at = app_now(), tier = 'red'") == 1
    save(pk, {}, base=1)  # answers that are taken back
    with identity(MACHINE):
        assert Draft.objects.get(pk=pk).tier == ""


@pytest.mark.django_db
def test_nobody_asks_past_the_walls_whether_there_is_a_case() -> None:
    case = call(RED)
    closed = call(GREEN, by="gao")
    actions.close_case(actor=actor("gao"), case=closed, reason="improved")
    for name in ("mallory", "zhou", "lin"):
        for word in ("warned", "clocked", "watched"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                with identity(actor(name)), connection.cursor() as cursor:
                    cursor.execute(f"SELECT app_still_{word}(%s)", [case.pk])
    asks = "SELECT app_was_closed(%s, %s, '-infinity')"
    told = {}
    for name in ("mallory", "fang", "chen", "wu", "gao", "zhou"):
        with identity(actor(name)), connection.cursor() as cursor:
            told[name] = []
            for pk in (closed.pk, None, case.pk):
                cursor.execute(asks, [pk, closed.reference])
                told[name].append(cursor.fetchone()[0])
    nothing, hers = [False, False, False], [True, False, False]
    assert {name: found for name, found in told.items() if found != nothing} == {"gao": hers, "zhou": hers}
    assert fresh(closed).status == "closed"
