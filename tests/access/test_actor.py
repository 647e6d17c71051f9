"""Who acts, and what the database knows of her while she does: for one transaction, and by no other way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from tests.stage import actor, call, desk
from wellbeing.access.actor import NOBODY, Actor, identity, naming, reading
from wellbeing.access.permissions import P
from wellbeing.access.policy import asks_second_factor, may_enter
from wellbeing.access.proof import CLOCKS_DIFFER, is_fresh, seconds
from wellbeing.people.models import Desk, Organisation, Post, Role, User
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
SETTINGS = ("app.user_id", "app.system", "app.machine", "app.post_id", "app.named", "transaction_read_only")
TOKEN = UUID(int=5)


def told() -> tuple[str, ...]:
    """What the database knows of who asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"coalesce(current_setting('{one}', true), '')" for one in SETTINGS))
        return tuple(cursor.fetchone())


def names() -> list[str]:
    """The references that the walls of a case go by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_names()")
        return list(cursor.fetchone()[0])


def seats(name: str, *more: Desk) -> User:
    """One of the cast, with posts at some more desks."""
    user = User.objects.get(username=name)
    with identity(Actor.machine("test")):
        for one in more:
            Post.objects.create(user=user, desk=one, starts_on=now().date())
    return user


def test_somebody_is_who_she_is_with_the_posts_of_today() -> None:
    xinghe = Organisation.objects.get(code="xinghe")
    chen = Actor.of(seats("chen", desk("xinghe", Role.SCHOOL_CRISIS_LEAD)))
    counsel, lead = chen.posts
    assert (counsel.desk, counsel.desk.role) == (desk("xinghe", Role.SCHOOL_COUNSELLOR), Role.SCHOOL_COUNSELLOR)
    assert counsel.desk.organisation == xinghe and counsel.division == xinghe.division_id
    assert (chen.person, chen.post_id, chen.system) == (User.objects.get(username="chen").pk, counsel.id, False)
    assert chen.desks == (counsel.desk_id, lead.desk_id) and chen.divisions == {counsel.division}
    assert chen.roles == {Role.SCHOOL_COUNSELLOR, Role.SCHOOL_CRISIS_LEAD}
    assert chen.post_as(Role.CITY_DUTY, Role.SCHOOL_CRISIS_LEAD) == lead and chen.post_as(Role.CITY_DUTY) is None
    program = chen.by_token(TOKEN, lead.id)
    assert (program.posts, program.token, program.id) == ((lead,), TOKEN, chen.id)
    assert chen.by_token(TOKEN, 0).posts == () and chen.token is None
    gone = User.objects.get(username="chen")
    gone.is_active = False
    for nobody in (Actor.of(gone), Actor.of(User()), NOBODY):
        assert (nobody.id, nobody.posts, nobody.post_id, nobody.name, nobody.system) == (
            None,
            (),
            None,
            "nobody",
            False,
        )
        assert not any(may_enter(nobody, permission) for permission in P)
        with pytest.raises(AssertionError):
            nobody.person  # noqa: B018
    machine = Actor.machine("ticker")
    assert (machine.name, machine.system, machine.fresh, machine.roles) == ("system:ticker", True, True, frozenset())
    assert not chen.fresh and replace(chen, proved_at=seconds()).fresh


def test_a_second_factor_is_fresh_for_minutes_and_owed_by_every_post_but_a_reporters(settings: Any) -> None:
    at = seconds()
    assert [is_fresh(at - ago) for ago in (settings.FRESH_SECONDS - 2, settings.FRESH_SECONDS + 2)] == [True, False]
    assert [is_fresh(at + ahead) for ahead in (0, CLOCKS_DIFFER - 2, CLOCKS_DIFFER + 3)] == [True, True, False]
    assert not is_fresh(None) and not is_fresh(0) and CLOCKS_DIFFER == 60
    owed = {name: asks_second_factor(actor(name)) for name in ("lin", "ding", "shen", "jian", "mallory")}
    assert owed == {"lin": True, "ding": False, "shen": True, "jian": True, "mallory": False}
    assert asks_second_factor(Actor.of(seats("ding", desk("xinghe", Role.SCHOOL_COUNSELLOR))))


def test_the_database_knows_who_asks_for_one_block_alone() -> None:
    lin, chen, machine = actor("lin"), actor("chen"), Actor.machine("ticker")
    case, nothing, known = call(), ("", "", "", "", "", "off"), (str(lin.id), "", "", "", "", "off")
    program = lin.by_token(TOKEN, lin.posts[0].id)
    assert told() == nothing
    with identity(lin):
        assert told() == known
        with identity(lin):
            assert told() == known
        with identity(machine):
            assert told() == ("", "on", "system:ticker", "", "", "off")
            with pytest.raises(ZeroDivisionError), identity(chen):
                raise ZeroDivisionError
            assert told()[1] == "on"
        with identity(program):
            assert told() == (*known[:3], str(lin.post_id), "", "off")
        with identity(lin.by_token(TOKEN, 0)):
            assert told()[3] == "0"
        assert told() == known
        assert names() == []  # nothing named is no case, not an unknown one: what stands behind it is not asked at all
        with naming(case.reference):
            assert told()[4] == case.reference and names() == [case.reference]
        with pytest.raises(ZeroDivisionError), naming(case.reference):
            raise ZeroDivisionError
        assert told() == known
        with pytest.raises(DatabaseError), transaction.atomic(), naming(case.reference), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert told() == known
    assert told() == nothing


def test_the_moment_comes_with_the_identity_and_is_not_asked_again() -> None:
    with identity(actor("lin")), CaptureQueriesContext(connection) as asked:
        at = now()
        assert not asked.captured_queries
        with connection.cursor() as cursor:
            cursor.execute("SELECT app_now()")
            assert cursor.fetchone() == (at,)


def test_a_machine_that_only_counts_writes_nothing() -> None:
    case, machine = call(), Actor.machine("figures")
    with reading(machine):
        assert Case.objects.filter(pk=case.pk).exists() and told()[1:3] == ("on", "system:figures")
        assert told()[5] == "on"
    with pytest.raises(DatabaseError, match="read-only"), reading(machine):
        Case.objects.filter(pk=case.pk).update(tier="blue")
    with identity(machine):
        assert told()[5] == "off"
