"""AU-6: whatever an owner of the database writes into the rows that say who may see, or puts back of what has ended,
nobody gains anything by it, and the comparison with seals and events names it (tests/access/test_sealed.py has each kind
by itself)."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import psycopg
from django.db import IntegrityError, connection, transaction

from cases import actions
from cases.models import Case
from referrals.models import Referral
from tests.audit.test_verify import master
from tests.proofs.city import may_stand_idle
from tests.proofs.proof import Found, Proof, each_caught
from tests.stage import actor, call, scene
from wellbeing.access import compared, grants
from wellbeing.access.actor import Actor, identity
from wellbeing.access.compared import faults
from wellbeing.access.grants import all_tables, held_each
from wellbeing.access.models import Hold
from wellbeing.people.models import Post, User
from wellbeing.workdays import now

MACHINE = Actor.machine("verify")
LATER = "{column} + (random() * 90 + 1) * interval '1 day'"
# What is written into which column of a grant: of a row that stands, or of a copy of it for somebody else.
WRITES = {
    "content_object_id": "(SELECT content_object_id FROM {table} WHERE content_object_id <> t.content_object_id"
    " ORDER BY random() LIMIT 1)",
    "permission_id": "(SELECT id FROM auth_permission WHERE id <> t.permission_id AND content_type_id ="
    " (SELECT content_type_id FROM auth_permission WHERE id = t.permission_id) ORDER BY random() LIMIT 1)",
    "origin": "CASE origin WHEN 'court' THEN 'owner' ELSE 'court' END",
    "granted_by_id": "(SELECT id FROM people_user WHERE id IS DISTINCT FROM t.granted_by_id ORDER BY random() LIMIT 1)",
    "granted_at": LATER,
    "expires_at": LATER,
    "seal": "sha256(seal)",
    "user_id": "(SELECT id FROM people_user WHERE id <> t.user_id ORDER BY random() LIMIT 1)",
    "group_id": "(SELECT group_id FROM people_desk WHERE group_id <> t.group_id ORDER BY random() LIMIT 1)",
}
PUT_BACK = "INSERT INTO cases_caseuserobjectpermission SELECT * FROM kept_by_owner"
COPIED = "permission_id, content_object_id, origin, granted_by_id, granted_at, expires_at, seal"
OF_POSTS = (
    "UPDATE people_post t SET user_id = (SELECT id FROM people_user WHERE id <> t.user_id ORDER BY random() LIMIT 1) {row}",
    "UPDATE people_post t SET desk_id = (SELECT group_id FROM people_desk WHERE group_id <> t.desk_id ORDER BY random()"
    " LIMIT 1) {row}",
    "UPDATE people_post t SET starts_on = starts_on - 1 {row}",
    "UPDATE people_organisation t SET division_id = (SELECT code FROM people_division WHERE code <> t.division_id ORDER BY"
    " random() LIMIT 1) WHERE id = (SELECT organisation_id FROM people_desk JOIN people_post p ON p.desk_id = group_id"
    " ORDER BY random() LIMIT 1)",
    "INSERT INTO people_post (user_id, desk_id, starts_on, seal) SELECT (SELECT id FROM people_user WHERE id <> t.user_id"
    " ORDER BY random() LIMIT 1), desk_id, starts_on, seal FROM people_post t {row}",
)


def statement(chance: random.Random) -> str:
    """One deed of the owner, on a row by chance."""
    model = chance.choice([*all_tables(), None])
    if chance.random() < 0.1:
        return PUT_BACK
    if model is None:
        return chance.choice(OF_POSTS).format(row=_row("people_post"))
    table, holder = model._meta.db_table, "user_id" if hasattr(model, "user_id") else "group_id"
    columns = [name for name in WRITES if name not in ("user_id", "group_id") or name == holder]
    how = chance.choice(("delete", "copy", *columns))
    if how == "delete":
        return f"DELETE FROM {table} t {_row(table)}"
    if how == "copy":
        other = WRITES[holder].format(table=table, column=holder)
        return f"INSERT INTO {table} ({holder}, {COPIED}) SELECT {other}, {COPIED} FROM {table} t {_row(table)}"
    return f"UPDATE {table} t SET {how} = {WRITES[how].format(table=table, column=how)} {_row(table)}"


def _row(table: str) -> str:
    return f"WHERE t.id = (SELECT id FROM {table} ORDER BY random() LIMIT 1)"


def rights() -> set[tuple[Any, ...]]:
    """Who holds what, and who sits where, as the doors see it."""
    found: set[tuple[Any, ...]] = set()
    with identity(MACHINE):
        users, things = list(User.objects.all()), (list(Case.objects.all()), list(Referral.objects.all()))
    for user in users:
        actor = Actor.of(user)
        found |= {(user.pk, post.desk_id) for post in actor.posts}
        with identity(actor):
            for rows in things:
                found |= {(user.pk, pk, one) for pk, held in held_each(actor, rows).items() for one in held}
    return found


def tried(tries: int, seed: int, city: SimpleNamespace, *, enough: int | None = None) -> Found:
    """So many deeds, each undone: one by which somebody gained, or that nothing named, counts as broken; no more once
    `enough` are."""
    chance, done, broken, first = random.Random(seed), 0, 0, ""
    if not _staged():
        scene()
        call(by="gao")
    _ended(city)
    with master(city), connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        may_stand_idle()
        cursor.execute("SELECT setseed(%s)", [chance.random()])
        before = rights()
        broken += bool(_named())
        while done < tries and broken != enough:
            deed, mark = statement(chance), transaction.savepoint()
            try:
                with transaction.atomic():
                    cursor.execute(deed)
                    changed = cursor.rowcount
            except IntegrityError:  # such a row stands there
                changed = 0
            if changed:
                done += 1
                if rights() - before or not _named():
                    broken, first = broken + 1, first or deed
            transaction.savepoint_rollback(mark)
        transaction.set_rollback(True)
    with master(city), connection.cursor() as cursor:
        cursor.execute("DROP TABLE kept_by_owner")
    return Found(done, broken, first)


def _ended(city: SimpleNamespace) -> None:
    """A grant that was ended before its day, of which the owner has kept the rows."""
    with identity(MACHINE):
        case, gao = Case.objects.filter(closed_at=None, tier="red").earliest("pk"), User.objects.get(username="gao")
        until = now() + timedelta(days=9)
    actions.grant_access(actor=actor("lin"), case=case, to=gao, hold=Hold.READ, until=until, because="会诊")
    with master(city), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE kept_by_owner AS SELECT * FROM cases_caseuserobjectpermission"
            " WHERE user_id = %s AND content_object_id = %s",
            [gao.pk, case.pk],
        )
    actions.revoke_access(actor=actor("lin"), case=case, holder=gao, because="完")


def _staged() -> bool:
    with identity(MACHINE):
        return Referral.objects.exists()


def _named() -> bool:
    with identity(MACHINE):
        return bool(faults())


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each by itself: no seal of a grant is looked at, none of a post, and what was kept of ended grants is gone."""
    plants = {}
    with ExitStack() as stack:
        for module in (grants, compared):
            stack.enter_context(mock.patch.object(module, "seal_holds", return_value=True))
        plants["seals of grants"] = tried(tries, seed, city, enough=1)
    with mock.patch.object(Post, "holds", return_value=True):
        plants["seals of posts"] = tried(tries, seed, city, enough=1)
    with mock.patch(f"{__name__}._ended", _ended_and_forgotten):
        plants["ended grants"] = tried(tries, seed, city, enough=1)
    return each_caught(plants)


def _ended_and_forgotten(city: SimpleNamespace, ended: Callable[[SimpleNamespace], None] = _ended) -> None:
    ended(city)
    with psycopg.connect(city.superuser_url, autocommit=True) as admin:
        admin.execute("DELETE FROM access_ended")


PROOF = Proof("AU-6", "rows of grants and posts by SQL that count", tried, planted, 40, 400, 20_000, 40, city=True)
