"""The first page of a worklist, row-level security on: against guardian, against size, against the floor.

guardian is asked twice: behind the same walls as ours, as the application would have to ask it, and without any wall,
where it is at its fastest. What the walls cost is asked by one connection that steps behind them and out again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, connections
from guardian.shortcuts import get_objects_for_user

from cases.access import reveal_covers
from cases.models import Case
from cases.queues import PAGE, worklist
from tests.bench import crowd
from tests.bench.figure import Figure, quickest, ratio
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import User

SIZES = {"full": 1_000_000, "small": 100_000}
GOALS = {"full": (300, 10), "small": (10, 2)}
UNWALLED = 2  # our own bar for the harder comparison


def listed(actor: Actor) -> Any:
    """The list alone: what guardian's shortcut gives."""
    with identity(actor):
        cases = worklist(actor)
        assert len(cases) == PAGE
    return cases


def page(actor: Actor) -> Any:
    """What the worklist page does: one transaction, one page, the names opened, the reading recorded."""
    with identity(actor):
        cases = worklist(actor)
        assert len(reveal_covers(actor, cases)) == len(cases) == PAGE
    return cases


def by_guardian(user: User, klass: Any) -> Any:
    """The same rows by guardian's own shortcut."""
    found = get_objects_for_user(user, "cases.see", klass=klass, with_superuser=False, accept_global_perms=False)
    cases = list(found.order_by("-pk")[:PAGE])
    assert len(cases) == PAGE
    return cases


def walled(actor: Actor, user: User) -> Any:
    """guardian as the application role, behind row-level security, with all the time it needs."""
    with identity(actor):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        return by_guardian(user, Case)


def by_key(actor: Actor, keys: list[Any]) -> Any:
    """The floor: the ORM reading 25 rows by key, in the same transaction and identity."""
    with identity(actor):
        cases = list(Case.objects.filter(pk__in=keys).order_by("-pk"))
        assert len(cases) == PAGE
    return cases


def figures(scale: str) -> Iterator[Figure]:
    """Ten figures: two holders, five questions each."""
    size = SIZES[scale]
    holders = (("50 grants", "gao", GOALS[scale][0]), (f"{size // 4:,} grants", "zhou", GOALS[scale][1]))
    crowd.database(10_000)
    small = {name: quickest(lambda a=_actor(name): page(a), times=61) for _text, name, _goal in holders}
    crowd.database(size)
    _unwall()
    for text, name, goal in holders:
        actor, user = _actor(name), User.objects.get(username=name)
        keys = [case.pk for case in page(actor)]
        ours = quickest(lambda a=actor: listed(a), times=41)
        behind = quickest(lambda a=actor, u=user: walled(a, u), times=3, warm=0)
        free = quickest(lambda u=user: by_guardian(u, Case.objects.using("unwalled")), times=5)
        yield Figure(f"worklist, {text}: guardian ÷ ours, both walled", behind / ours, "times", goal, at_least=True)
        yield Figure(
            f"worklist, {text}: guardian unwalled ÷ ours walled", free / ours, "times", UNWALLED, at_least=True
        )
        grown = quickest(lambda a=actor: page(a), times=61) / small[name]
        yield Figure(f"worklist, {text}: {size:,} cases ÷ 10,000", grown, "times", 1.5)
        floor = ratio(lambda a=actor: page(a), lambda a=actor, k=keys: by_key(a, k), times=61)
        yield Figure(f"worklist, {text}, covers opened ÷ 25 rows by key", floor, "times", 4)
        yield Figure(f"worklist, {text}: with walls ÷ without", _behind_walls(actor), "times", 1.3)


def _behind_walls(actor: Actor) -> float:
    """The first page as the application's role by the same page, statement for statement, as one whom no wall stops."""
    as_app, admin = dict(connection.settings_dict), urlsplit(os.environ["SUPERUSER_DATABASE_URL"])
    connection.close()
    connection.settings_dict.update(USER=admin.username, PASSWORD=admin.password)
    try:

        def by(role: str) -> None:
            with connection.cursor() as cursor:
                cursor.execute(role)
            page(actor)

        app = f"SET ROLE {as_app['USER']}"
        return ratio(lambda: by(app), lambda: by("RESET ROLE"), times=61)
    finally:
        connection.close()
        connection.settings_dict.update(as_app)


def _unwall() -> None:
    """A second connection, as the superuser, whom no wall stops: only guardian uses it here."""
    admin = urlsplit(os.environ["SUPERUSER_DATABASE_URL"])
    same = {**connection.settings_dict, "USER": admin.username, "PASSWORD": admin.password}
    connections.databases["unwalled"] = {**same, "OPTIONS": {"options": "-c search_path=public,vault"}}


def _actor(name: str) -> Actor:
    return Actor.of(User.objects.get(username=name))
