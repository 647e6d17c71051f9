"""What the database believed of whoever said truly who she is, and let her write: each of these went through before
migration access/0007."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from cases import actions
from cases.models import Case, Deadline, Warning
from referrals.models import Referral
from tests.access.test_by_sql import gains
from tests.api.stage import program
from tests.stage import RED, YELLOW, acknowledged, actor, call, desk, fresh, scene
from tests.stage import referred as sent
from wellbeing.access.actor import Actor, identity
from wellbeing.access.models import Hold
from wellbeing.api.actions import end_token
from wellbeing.audit.record import user_stream
from wellbeing.demo.city import CAST
from wellbeing.people import actions as people
from wellbeing.people.models import Post, PostKind, Role, User
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
EVERYBODY = tuple(member.username for member in CAST)
CITY = "ARRAY(SELECT group_id FROM people_desk)"
WALLED = ("app_sealed_covers", "app_sealed_persons", "app_entry_covers")


def finds(name: str, statement: str, **values: Any) -> list[Any]:
    """What somebody finds by a statement of her own."""
    who = actor(name)
    with identity(who), connection.cursor() as cursor:
        cursor.execute(statement, {"me": who.id, **values})
        return cursor.fetchall()


def refused(name: str, statement: str, **values: Any) -> bool:
    """Whether a wall refuses the statement itself."""
    who = actor(name)
    try:
        with transaction.atomic(), identity(who), connection.cursor() as cursor:
            cursor.execute(statement, {"me": who.id, **values})
            transaction.set_rollback(True)
    except DatabaseError as fault:
        return getattr(fault.__cause__, "sqlstate", "") == "42501"
    return False


def managed(words: Any) -> Case:
    """A case on which Lin, her county and Chen work."""
    case = call(words)
    at = desk("xinghe", Role.SCHOOL_COUNSELLOR)
    given = {"manager": User.objects.get(username="chen"), "desk": at}
    actions.assign_manager(actor=actor("zhou"), case=fresh(case), **given)
    return fresh(case)


def test_nobody_is_at_a_desk_because_she_says_so() -> None:
    """Functions that read past the walls were given the desks of whoever asks by herself: all of the city's, and every
    name and identity came, sealed, with the keys that open it."""
    pks = [scene().case.pk, call(YELLOW, by="gao").pk]
    for function in WALLED:
        asks = (
            f"SELECT count(DISTINCT {'case_id' if 'entry' in function else 'of_case'}) FROM {function}(%(pks)s, {{}})"
        )
        for name in EVERYBODY:
            ((hers,),) = finds(name, asks.format("app_desks()"), pks=pks)
            ((named,),) = finds(name, asks.format(CITY), pks=pks)
            assert named == hers, (function, name)
            assert hers == 0 or name not in {"mallory", "ye", "wu", "fang", "shen", "sun", "ding"}, (function, name)
        ((seen,),) = finds("zhou", asks.format(CITY), pks=pks)
        assert seen == 2, function
    besides = f"SELECT app_written_besides(%(pk)s, ARRAY['x'], {CITY})"
    assert [finds(name, besides, pk=pks[0]) for name in ("zhou", "mallory")] == [[(True,)], [(False,)]]


def test_on_leave_no_desk_is_named_either() -> None:
    case = call(RED)
    people.take_absence(actor=actor("zhou"), first_day=now().date(), last_day=now().date(), known=True)
    for function in WALLED:
        assert finds("zhou", f"SELECT 1 FROM {function}(ARRAY[%(pk)s], {CITY})", pk=case.pk) == [], function


def test_where_the_audit_ends_is_told_by_the_stream_alone_and_nobody_writes_it() -> None:
    """Its streams are the cases: whoever is known read all of their ids, and how much happens in each."""
    case = call(RED)
    end = "SELECT seq > 0 FROM audit_end(%(stream)s)"
    for name in EVERYBODY:
        found = finds(name, "SELECT stream FROM audit_head")
        assert bool(found) == (Role.AUDIT_ADMIN in actor(name).roles), name  # who reads every event as well
        for statement in (
            "UPDATE audit_head SET seq = seq + 1",
            "UPDATE audit_head SET hash = sha256(hash), mac = NULL",
            "INSERT INTO audit_head (stream, seq, hash) VALUES (gen_random_uuid(), 1, 'x')",
            "INSERT INTO audit_waiting (stream, seq, urgent, since) VALUES (%(stream)s, 9, false, app_now())",
            "INSERT INTO audit_event (id, stream, seq, at, actor_id, act, body, hash, mac) VALUES (gen_random_uuid(),"
            " %(stream)s, 9, app_now(), %(me)s, 'x', 'x', 'x', 'x')",
        ):
            assert gains(name, statement, stream=case.pk) == 0, (name, statement)
    assert finds("chen", end, stream=case.pk) == [(True,)]
    assert finds("chen", end, stream=user_stream(0)) == [(False,)]
    appends = (
        "SELECT audit_append(%(stream)s, 0, sha256('x'), false, '{{\"actor\": {}, \"act\": \"x\"}}', sha256('x'),"
        " sha256('x') || sha256('x'))"
    )
    stream = user_stream(0)
    assert refused("chen", appends.format(actor("zhou").id), stream=stream), "in another's name"
    with pytest.raises(DatabaseError, match="nobody is known"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(appends.format("null"), {"stream": stream})


def test_the_keys_of_a_file_end_where_it_moves_and_by_nobody_who_sees_it() -> None:
    case = scene().case
    for kind in ("case", "person"):
        for name in EVERYBODY:
            assert gains(name, f"DELETE FROM vault.vault_datakey WHERE owner_kind = '{kind}'", told=case) == 0, (
                kind,
                name,
            )


CLOCK = (
    "WITH old AS (UPDATE cases_deadline SET state = 'void', ended_at = {ended}, next_at = NULL"
    " WHERE kind = 'acknowledge' AND state = 'running' RETURNING *)"
    " INSERT INTO cases_deadline (id, kind, tier, tier_rank, started_at, due_at, next_at, level, state, case_id, desk_id,"
    " policy_id, next_act, step, pauses, pause_why) SELECT gen_random_uuid(), kind, {tier}, tier_rank, {begun}, {due},"
    " {next}, 0, {state}, case_id, {desk}, policy_id, next_act, 0, 0, '' FROM old"
)
SOUND = {
    "ended": "app_now()",
    "tier": "tier",
    "begun": "app_now()",
    "due": "due_at",
    "next": "due_at",
    "state": "'running'",
    "desk": "desk_id",
}


def test_a_clock_gives_way_to_none_that_is_due_later(wait: Any) -> None:
    """Chen and Lin work on a red case that waits for its county. What they write in the place of its clock is due no later
    and looked at in time; the page of raising goes on writing it."""
    case = managed(RED)
    wait(minutes=1)
    for name in ("chen", "lin", "zhou"):
        for column, value in (
            ("due", "app_now() + interval '10 years'"),
            ("due", "app_now() + interval '15 minutes'"),
            ("next", "NULL"),
            ("next", "due_at + interval '1 day'"),
            ("tier", "'blue'"),
            ("begun", "app_now() + interval '1 day'"),
            ("state", "'paused'"),
            ("ended", "app_now() - interval '1 day'"),
            ("desk", "%(school)s"),
        ):
            forged = CLOCK.format(**SOUND | {column: value})
            at = desk("xinghe", Role.SCHOOL_COUNSELLOR).pk
            assert gains(name, forged, told=case, school=at) == 0, (name, column, value)
    assert gains("chen", CLOCK.format(**SOUND), told=case) == 1
    with identity(Actor.machine("test")):
        kept = Deadline.objects.get(case=case, kind="acknowledge", state="running")
    assert kept.due_at < now() + timedelta(minutes=15)

    other = acknowledged(RED)
    again = CLOCK.replace("'acknowledge'", "'reassess'")
    for column, value in (("due", "app_now() + interval '10 years'"), ("next", "NULL")):
        assert gains("zhou", again.format(**SOUND | {column: value}), told=other) == 0, column


RINGS = (
    "WITH old AS (UPDATE cases_warning SET ended_at = {ended}, ring_at = NULL WHERE ended_at IS NULL AND case_id = %(case)s"
    " RETURNING *) INSERT INTO cases_warning (id, tier, raised_at, case_id, desk_id, raised_by_id, ring_at, rings)"
    " SELECT gen_random_uuid(), {tier}, {raised}, case_id, {desk}, %(me)s, {ring}, {rings} FROM old"
)


def test_a_warning_gives_way_to_a_graver_one_that_rings(wait: Any) -> None:
    case, yellow = managed(RED), managed(YELLOW)
    wait(minutes=1)
    sound = {"ended": "app_now()", "tier": "tier", "raised": "app_now()", "desk": "desk_id", "rings": "0"}
    sound["ring"] = "app_now() + interval '3 minutes'"
    for name in ("chen", "lin", "zhou"):
        for column, value in (
            ("ring", "NULL"),
            ("ring", "app_now() + interval '3 minutes'"),
            ("ended", "app_now() - interval '1 day'"),
            ("tier", "'blue'"),
        ):
            statement = RINGS.format(**sound | {column: value})
            assert gains(name, statement, told=case, case=case.pk) == 0, (name, column, value)
    raises = "UPDATE cases_case SET tier = 'red', tier_since = app_now(), status = 'opened' WHERE id = %(case)s"
    given = {"case": yellow.pk, "school": desk("xinghe", Role.SCHOOL_COUNSELLOR).pk}
    with identity(Actor.machine("test")), connection.cursor() as cursor:
        cursor.execute(raises, given)
    wait(minutes=1)
    sound["tier"] = "'red'"
    for column, value in (
        ("ring", "NULL"),
        ("ring", "app_now() + interval '1 day'"),
        ("rings", "99"),
        ("raised", "app_now() + interval '1 day'"),
        ("desk", "%(school)s"),
    ):
        assert gains("chen", RINGS.format(**sound | {column: value}), told=yellow, **given) == 0, (column, value)
    assert gains("chen", RINGS.format(**sound), told=yellow, **given) == 1
    with identity(Actor.machine("test")):
        assert Warning.objects.get(case=yellow, ended_at=None).ring_at


def test_how_a_case_came_stays_what_it_was() -> None:
    """As a concern it would close as another one's duplicate, by one person."""
    case = managed(RED)
    for name in ("chen", "lin", "zhou"):
        assert gains(name, "UPDATE cases_case SET channel = 'concern'", told=case) == 0, name


def test_a_guest_writes_beside_no_section_that_is_not_hers() -> None:
    """Gao was given Lin's case until tomorrow: she may act, and writes neither of the home nor what is sealed."""
    case = acknowledged(YELLOW)
    until = now() + timedelta(days=1)
    guest = User.objects.get(username="gao")
    actions.grant_access(actor=actor("lin"), case=case, to=guest, hold=Hold.WORK, until=until, because="值班交接")
    actions.stop_contact(actor=actor("zhou"), case=case, because="家中有暴力")
    actions.ask_contact(actor=actor("zhou"), case=case, because="已由民政接走")
    lifts = "UPDATE cases_contactstop SET lifted_at = app_now(), lifted_by_id = %(me)s"
    assert gains("gao", lifts) == 0 and not refused("luo", lifts)
    its = "(SELECT id FROM cases_entry WHERE case_id = %(case)s LIMIT 1)"
    rows = {
        "cases_contactstop (id, case_id, set_by_id, set_at) VALUES (gen_random_uuid(), %(case)s, %(me)s, app_now())": "",
        "cases_consentrecord (outcome, by_id, case_id, entry_id) VALUES ('given', %(me)s, %(case)s, {})": its,
        "cases_telling (whom, how, told, by_id, case_id) VALUES ('guardian', 'phone', 'told', %(me)s, %(case)s)": "",
        "cases_mandatoryreport (authority, by_id, case_id, entry_id) VALUES ('police', %(me)s, %(case)s, {})": its,
        "cases_attachment (id, case_id, entry_id) VALUES (gen_random_uuid(), %(case)s, {})": its,
    }
    for row, entry in rows.items():
        statement = f"INSERT INTO {row.format(entry)}"
        assert refused("gao", statement, case=case.pk) and not refused("lin", statement, case=case.pk), row
    calls = "INSERT INTO cases_callback (by_id, case_id) VALUES (%(me)s, %(case)s)"
    asks = (
        "INSERT INTO cases_callerask (id, number_id, case_id, reference, why, by_id, at) SELECT gen_random_uuid(), n.id,"
        " c.id, c.reference, 'danger', %(me)s, app_now() FROM cases_callernumber n JOIN cases_case c ON c.id = n.case_id"
    )
    red = managed(RED)  # a school calls nobody back for the hotline, and asks for no caller's number
    for statement in (calls, asks):
        assert refused("chen", statement, case=red.pk) and not refused("lin", statement, case=red.pk), statement


def test_a_receiver_says_neither_about_whom_a_referral_is_nor_by_whose_leave() -> None:
    referral, other = sent(), call(by="gao")
    given = {"other": other.pk, "referral": referral.pk}
    changes = "UPDATE referrals_referral SET {} WHERE id = %(referral)s"
    for name, change in (
        *((name, "case_id = %(other)s") for name in ("fang", "zhou")),
        *((name, "ended_at = app_now()") for name in ("fang", "zhou")),
        *((name, "opened_at = app_now() + interval '1 day'") for name in ("fang", "zhou")),
        ("fang", "consent = 'refused'"),
        ("fang", "emergency = NOT emergency"),
        ("fang", "from_desk_id = to_desk_id"),
    ):
        assert gains(name, changes.format(change), **given) == 0, (name, change)
    with identity(actor("fang")):
        assert Referral.objects.get().case_id == referral.case_id
    reached = (
        "INSERT INTO referrals_safetycontact (by_id, reached, crossing_id) VALUES (%(me)s, true, gen_random_uuid())"
    )
    assert refused("fang", reached)


def test_what_two_have_decided_is_decided_once(wait: Any) -> None:
    """The security administrator makes neither a post out of what was confirmed when it began, nor a token that has ended
    good again."""
    account, at = User.objects.get(username="mallory"), desk("bailang", Role.SCHOOL_COUNSELLOR)
    given: dict[str, Any] = {"account": account, "desk": at, "kind": PostKind.REGULAR, "starts_on": now().date()}
    proposed = people.appoint(actor=actor("sun"), ends_on=None, because="新任", **given)
    people.confirm_appointment(actor=actor("an"), appointment=proposed, because="已核对")
    token = program("lin").token
    end_token(actor=actor("lin"), token_id=token.pk)
    with identity(actor("sun")):
        post = Post.objects.get(user=account)
        people.end_post(actor=actor("sun"), post=post, last_day=None, because="离任")
    for change in ("state = 'waiting', post_id = NULL", "starts_on = starts_on + 1", "state = 'declined'"):
        assert gains("an", f"UPDATE people_appointment SET {change}") == 0, change
    for change in ("state = 'in_force', ended_at = NULL", "state = 'waiting'"):
        assert gains("an", f"UPDATE api_apitoken SET {change}") == 0, change


def test_a_temporary_table_takes_the_place_of_none(wait: Any) -> None:
    """Of what has ended it is kept that it did, whatever table of that name somebody has made for herself."""
    case = acknowledged(YELLOW)
    guest, until = User.objects.get(username="gao"), now() + timedelta(days=1)
    given = {"hold": Hold.WORK, "until": until, "because": "值班交接"}
    actions.grant_access(actor=actor("lin"), case=case, to=guest, **given)
    wait(minutes=1)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE access_ended (seal bytea PRIMARY KEY, until timestamptz) ON COMMIT DROP")
        cursor.execute("GRANT ALL ON pg_temp.access_ended TO PUBLIC")
        cursor.execute("SET LOCAL search_path = public, vault")  # what is hers comes first
        actions.revoke_access(actor=actor("lin"), case=case, holder=guest, because="已下班")
        with identity(Actor.machine("test")):
            cursor.execute(
                "SELECT (SELECT count(*) FROM public.access_ended), (SELECT count(*) FROM pg_temp.access_ended)"
            )
            kept, taken = cursor.fetchone()
    assert kept > 0 and taken == 0


def test_before_anybody_is_known_nobody_writes_the_directory() -> None:
    for statement in (
        "UPDATE people_desk SET role = 'city_duty'",
        "UPDATE people_organisation SET division_id = '330902'",
        "UPDATE people_school SET enrolment = 1",
        "UPDATE auth_permission SET codename = 'work'",
        "INSERT INTO auth_group (name) VALUES ('x')",
        "DELETE FROM django_content_type",
    ):
        with pytest.raises(DatabaseError, match=r"no person writes here|register of schools"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
