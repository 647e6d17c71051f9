"""Whoever owns the database gives himself nothing: a grant or a post that the application did not write opens no page,
and `verify_audit` names it, as it names what was put back or taken away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from cases import actions
from cases.access import open_case, reveal_covers
from cases.models import Case, CaseUserObjectPermission
from cases.queues import worklist
from tests.audit.test_verify import master
from tests.stage import actor, call, desk, fresh, scene, signed_in
from wellbeing.access import patrol
from wellbeing.access.actor import Actor, identity
from wellbeing.access.adopting import seal_rows
from wellbeing.access.compared import Wrong, faults, sees_rows
from wellbeing.access.ending import renew
from wellbeing.access.explained import lines
from wellbeing.access.grants import hold_id, lend, work_of
from wellbeing.access.holders import holders
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import explain, may, may_each
from wellbeing.access.sound import sound
from wellbeing.audit.models import Event
from wellbeing.audit.record import SYSTEM_STREAM, record
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.outbox.models import Notice
from wellbeing.people.actions import end_post
from wellbeing.people.models import Post, Role, User
from wellbeing.signin.factors import factors_of, made_here
from wellbeing.signin.models import Factor, FactorKind
from wellbeing.vault.envelope import DataKey, Place, seal
from wellbeing.vault.named import named_key
from wellbeing.vault.seals import row_seal
from wellbeing.workdays import now

MACHINE = Actor.machine("verify")
USERS, DESKS = "cases_caseuserobjectpermission", "cases_casegroupobjectpermission"
SIDES = "user", "group"
COLUMNS = "permission_id, content_object_id, origin, granted_by_id, granted_at, expires_at, seal"


def wrong() -> set[tuple[str, int | None]]:
    """What is wrong, and with whom."""
    with identity(MACHINE):
        return {(fault.what, fault.holder) for fault in faults()}


def can(who: Actor, permission: P, case: Case) -> bool:
    with identity(who):
        return may(who, permission, case)


def open_as(who: Actor, case: Case) -> Case:
    with identity(who):
        return open_case(who, case.reference)


def kept_rows(case: Case, who: Actor) -> list[Any]:
    return list(CaseUserObjectPermission.objects.filter(content_object=case, user_id=who.id))


@contextmanager
def undone(committed: SimpleNamespace) -> Iterator[Any]:
    """The database in its owner's hands, and as it was after that."""
    with master(committed), connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield cursor
        transaction.set_rollback(True)


FORGED = {  # statement, who gains by it, and what is wrong with whom
    "copied with its seal": (
        f"INSERT INTO {USERS} (user_id, {COLUMNS}) SELECT %(wu)s, {COLUMNS} FROM {USERS} WHERE user_id = %(lin)s",
        "wu",
        {(Wrong.FORGED, "wu")},
    ),
    "written by hand": (
        f"INSERT INTO {USERS} (user_id, {COLUMNS}) SELECT %(wu)s, permission_id, content_object_id, 'owner', %(lin)s,"
        f" now(), now() + interval '9 days', NULL FROM {USERS} WHERE user_id = %(lin)s",
        "wu",
        {(Wrong.FORGED, "wu")},
    ),
    "for her desk": (
        f"INSERT INTO {DESKS} (group_id, {COLUMNS}) SELECT %(desk)s, {COLUMNS} FROM {USERS} WHERE user_id = %(lin)s",
        "wu",
        {(Wrong.FORGED, "desk")},
    ),
    "moved to her": (
        f"UPDATE {USERS} SET user_id = %(wu)s WHERE user_id = %(lin)s",
        "wu",
        {(Wrong.FORGED, "wu"), (Wrong.GONE, "lin")},
    ),
    "prolonged": (
        f"UPDATE {USERS} SET expires_at = expires_at + interval '1 year' WHERE user_id = %(lin)s",
        "lin",
        {(Wrong.FORGED, "lin")},
    ),
    "for another reason": (
        f"UPDATE {USERS} SET origin = 'court' WHERE user_id = %(lin)s",
        "lin",
        {(Wrong.FORGED, "lin")},
    ),
    "by somebody else": (
        f"UPDATE {USERS} SET granted_by_id = %(wu)s WHERE user_id = %(lin)s",
        "lin",
        {(Wrong.FORGED, "lin")},
    ),
    "since earlier": (
        f"UPDATE {USERS} SET granted_at = granted_at - interval '1 us' WHERE user_id = %(lin)s",
        "lin",
        {(Wrong.FORGED, "lin")},
    ),
}


def test_a_grant_by_sql_opens_nothing_and_is_named(
    committed: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page, the API's door, the lists, and the reason why; the command names each, and so does the next patrol."""
    case, lin, wu = call(), actor("lin"), actor("wu")
    number = {"wu": wu.id, "lin": lin.id, "desk": wu.desks[0]}
    assert wrong() == set() and can(lin, P.FILE_READ, case) and not can(wu, P.CASE_SEE, case)
    for how, (statement, name, wanted) in FORGED.items():
        who = {"wu": wu, "lin": lin}[name]
        with undone(committed) as cursor:
            cursor.execute(statement, number)
            assert cursor.rowcount > 0, how
            assert wrong() == {(what, number[whose]) for what, whose in wanted}, how
            assert not can(who, P.FILE_READ, case), how
            with identity(who):
                assert may_each(who, P.CASE_SEE, [case]) == {case.pk: False}, how
                assert worklist(who) == sound(who, [case]) == [] and reveal_covers(who, [case]) == {}, how
                with pytest.raises(Forbidden):
                    open_case(who, case.reference)
                last = lines(who, P.CASE_SEE, explain(who, P.CASE_SEE, case))[-1]
                assert not last.holds and "封印不符" in last.text and last.because, how
            with identity(MACHINE):
                assert str(User.objects.get(pk=who.id)) not in {one.name for one in holders(case)}, how
            assert signed_in(name).get(reverse("case", args=[case.reference]), secure=True).status_code == 404, how
            with pytest.raises(SystemExit) as stopped:
                call_command("verify_audit")
            assert stopped.value.code == 1 and f"grant {Wrong.FORGED}: row " in capsys.readouterr().out, how
            with identity(MACHINE):
                assert Notice.objects.filter(kind="row_forged", target="audit").exists(), how
    call_command("verify_audit")
    assert "every grant and post is sealed" in capsys.readouterr().out
    assert wrong() == set() and open_as(lin, case) == case


def test_what_is_put_back_or_taken_away_is_told_by_the_events(committed: SimpleNamespace) -> None:
    """A row that was right once keeps its seal; one that is taken away leaves none."""
    case, lin, chen = scene().case, actor("lin"), actor("chen")
    gao = actor("gao")
    with identity(lin):
        until = now() + timedelta(days=3)
    actions.grant_access(
        actor=lin, case=case, to=User.objects.get(username="gao"), hold=Hold.READ, until=until, because="会诊"
    )
    assert wrong() == set() and can(gao, P.FILE_READ, case)
    with master(committed), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE kept AS SELECT * FROM {USERS} WHERE user_id = %s", [gao.id])
    actions.revoke_access(actor=lin, case=fresh(case), holder=User.objects.get(username="gao"), because="完")
    assert wrong() == set() and not can(gao, P.CASE_SEE, case)
    with undone(committed) as cursor:
        cursor.execute(f"INSERT INTO {USERS} SELECT * FROM kept")
        assert not can(gao, P.FILE_READ, case) and wrong() == {(Wrong.BACK, gao.id)}, "its end is kept"
        with identity(gao):
            assert sound(gao, [case]) == []
        with identity(MACHINE):
            assert str(User.objects.get(pk=gao.id)) not in {one.name for one in holders(case)}
            tried = {renew(row, now() + timedelta(days=9)) for row in kept_rows(case, gao)}
            assert tried == {False}, "nor is it renewed"
        assert patrol.patrol() == 2
        cursor.execute("DELETE FROM access_ended")
        assert can(gao, P.FILE_READ, case), "the seal alone cannot tell"
        assert wrong() == {(Wrong.UNSAID, gao.id)}, "and the events do"
    with undone(committed) as cursor:
        cursor.execute(f"DELETE FROM {DESKS} WHERE group_id = %s", [chen.desks[0]])
        assert wrong() == {(Wrong.GONE, chen.desks[0])}
    with undone(committed) as cursor:
        cursor.execute("DROP TABLE kept")
        cursor.execute("UPDATE audit_event SET body = 'x' WHERE stream = %s", [case.pk])
        assert {what for what, _whose in wrong()} == {Wrong.UNSAID}, "what the chain names is no reason to stop"
    with identity(MACHINE):
        assert sees_rows()


def test_a_post_by_sql_is_no_post_and_is_told_once(committed: SimpleNamespace) -> None:
    case, wu = call(), actor("wu")
    triage = desk("dinghai-centre", Role.COUNTY_TRIAGE)
    mine = {"wu": wu.id, "desk": triage.pk, "own": wu.desks[0]}
    insert = "INSERT INTO people_post (user_id, desk_id, starts_on, seal) SELECT %(wu)s, desk_id, starts_on, seal"
    forged = {
        "copied": f"{insert} FROM people_post WHERE desk_id = %(desk)s LIMIT 1",
        "moved": "UPDATE people_post SET desk_id = %(desk)s WHERE user_id = %(wu)s",
        "its desk is another": "UPDATE people_desk SET role = 'city_duty' WHERE group_id = %(own)s",
        "its county is another": "UPDATE people_organisation o SET division_id = '330921' FROM people_desk d"
        " WHERE d.organisation_id = o.id AND d.group_id = %(own)s",
    }
    assert can(actor("zhou"), P.FILE_READ, case) and wrong() == set()
    for how, statement in forged.items():
        with undone(committed) as cursor:
            cursor.execute(statement, mine)
            assert cursor.rowcount == 1, how
            assert actor("wu").desks == (wu.desks if how == "copied" else ()), how
            assert not can(actor("wu"), P.FILE_READ, case), how
            assert (Wrong.FORGED, wu.id) in wrong(), how
            assert patrol.patrol() == len(wrong()) == patrol.patrol(), how
            with identity(MACHINE):
                told = Notice.objects.filter(kind="row_forged").count()
                assert told == Event.objects.filter(act=Tag.ROW_FORGED).count() == len(wrong()), how
    posts = Post.objects.filter(user_id=wu.id)
    with undone(committed) as cursor:
        cursor.execute(forged["copied"], mine)
        made = posts.get(desk=triage)
        end_post(actor=actor("sun"), post=made, last_day=now().date() + timedelta(days=1), because="查无此任命")
        end_post(actor=actor("sun"), post=posts.get(desk=triage), last_day=None, because="查无此任命")
        assert not posts.get(desk=triage).sound(), "to end what nobody gave does not make it given"
        assert (Wrong.FORGED, wu.id) in wrong() and patrol.patrol() > 0
    with master(committed), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT * FROM people_post WHERE user_id = %s", [wu.id])
    end_post(actor=actor("sun"), post=posts.get(), last_day=None, because="离职")
    assert wrong() == set() and actor("wu").posts == ()
    with undone(committed) as cursor:
        cursor.execute("UPDATE people_post p SET ends_on = NULL, seal = k.seal FROM kept k WHERE k.id = p.id")
        assert actor("wu").posts and wrong() == {(Wrong.PROLONGED, wu.id)}


def test_what_stood_before_the_seals_is_sealed_once_and_only_by_its_events(
    committed: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    case, lin, wu = scene().case, actor("lin"), actor("wu")
    with master(committed), connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in ("people_post", USERS, DESKS, *(f"referrals_referral{one}objectpermission" for one in SIDES)):
            cursor.execute(f"UPDATE {table} SET seal = NULL")
        cursor.execute("UPDATE audit_event SET body = replace(convert_from(body, 'UTF8'), 'grants', 'x')::bytea")
        cursor.execute(FORGED["written by hand"][0], {"wu": wu.id, "lin": lin.id})
        assert actor("lin").posts == () and len(wrong()) > 15
        call_command("seal_rows")
        assert "4 grants have no event" in capsys.readouterr().out
        assert can(actor("lin"), P.FILE_READ, case) and wrong() == {(Wrong.FORGED, wu.id)}
        assert not can(actor("wu"), P.CASE_SEE, case)
        assert seal_rows() is None, "a row that comes later without a seal was not written here"
        transaction.set_rollback(True)


def test_seals_of_before_counties_and_owners_are_made_anew_once(committed: SimpleNamespace) -> None:
    """A post whose seal does not say its county, an app whose seal does not say whose it is, and a passkey without one."""
    lin, key = actor("lin"), b"a public key"
    secret = pyotp.random_base32().encode()
    with identity(lin):
        app, passkey = (
            Factor.objects.create(user_id=lin.id, kind=kind, name="x", secret=words, made_at=now())
            for kind, words in ((FactorKind.TOTP, b""), (FactorKind.PASSKEY, key))
        )
        old = Place("signin.factor", app.pk, "secret", "")
        app.secret = seal(DataKey(0, named_key("factor")), secret, old)
        app.save()
    with master(committed), connection.cursor() as cursor:
        for post in Post.objects.select_related("desk"):
            said = post.user_id, post.desk_id, post.desk.role, post.desk.organisation_id, post.starts_on, post.ends_on
            cursor.execute(
                "UPDATE people_post SET seal = %s WHERE id = %s", [row_seal("people_post", *map(str, said)), post.pk]
            )
        cursor.execute("UPDATE people_post SET seal = NULL WHERE user_id = %s", [actor("wu").id])
    assert actor("lin").posts == () and made_here(app) is None and made_here(passkey) is None
    with identity(MACHINE):
        record(stream=SYSTEM_STREAM, act=Tag.ROWS_SEALED, actor=MACHINE, facts={"posts": ()})
    done = seal_rows()
    assert done and done.factors == 2 and done.posts == Post.objects.count() - 1 and done.grants == 0
    assert actor("lin").posts and wrong() == {(Wrong.FORGED, actor("wu").id)}, "one without a seal came later"
    with identity(lin):
        assert [made_here(one) for one in factors_of(lin.person)] == [secret, key]
    assert seal_rows() is None


def test_whoever_steps_in_is_not_kept_out_by_a_forged_row(committed: SimpleNamespace) -> None:
    case, gao = call(), actor("gao")
    triage, own = desk("dinghai-centre", Role.COUNTY_TRIAGE), gao.desks[0]
    with master(committed), connection.cursor() as cursor:
        cursor.execute(FORGED["copied with its seal"][0], {"wu": gao.id, "lin": actor("lin").id})
        cursor.execute(f"UPDATE {DESKS} SET origin = 'given' WHERE group_id = %s", [triage.pk])
    with identity(Actor.machine("ticker")) as _none:
        assert not work_of(triage, case) and own
        user = User(pk=gao.id)
        lend(case, to=user, origin=Origin.DUTY, expires_at=now() + timedelta(days=1), by=MACHINE)
    assert can(gao, P.FILE_READ, case)


def test_a_row_that_opens_nothing_takes_nobodys_place_on_a_page(committed: SimpleNamespace) -> None:
    """A page is filled by what stands behind a forged row; and who asks why is told of a seal only where it decides."""
    lin = actor("lin")
    cases = [call() for _ in range(5)][::-1]  # the newest first
    with undone(committed) as cursor:
        cursor.execute(
            f"UPDATE {USERS} SET seal = NULL WHERE content_object_id = ANY (%s)", [[cases[0].pk, cases[2].pk]]
        )
        with identity(lin):
            assert worklist(lin, limit=2) == [cases[1], cases[3]]
            assert worklist(lin, before=cases[1].pk, limit=2) == [cases[3], cases[4]]
        cursor.execute(
            f"DELETE FROM {USERS} WHERE content_object_id = %s AND permission_id <> %s",
            [cases[0].pk, hold_id(Case, Hold.SEE)],
        )
        with identity(lin):
            seen, closed = (lines(lin, one, explain(lin, one, cases[0]))[-1].text for one in (P.CASE_SEE, P.CASE_CLOSE))
        assert "封印不符" in seen and "封印不符" not in closed
