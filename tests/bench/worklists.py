"""The first page of a worklist, covers opened, row-level security on: against guardian, against size, against the floor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guardian.shortcuts import get_objects_for_user

from cases.access import reveal_covers
from cases.models import Case
from cases.queues import PAGE, worklist
from tests.bench import crowd
from tests.bench.figure import Figure, median, ratio
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import User

SIZES = {"full": 1_000_000, "small": 100_000}
GOALS = {"full": (300, 10), "small": (10, 2)}


def page(actor: Actor) -> Any:
    """What the worklist page does: one transaction, one page, the names opened, the reading recorded."""
    with identity(actor):
        cases = worklist(actor)
        assert len(reveal_covers(actor, cases)) == len(cases) == PAGE
    return cases


def by_guardian(actor: Actor, user: User) -> Any:
    """The same rows by guardian's own shortcut."""
    with identity(actor):
        found = get_objects_for_user(user, "cases.see", klass=Case, with_superuser=False, accept_global_perms=False)
        cases = list(found.order_by("-pk")[:PAGE])
        assert len(cases) == PAGE
    return cases


def by_key(actor: Actor, keys: list[Any]) -> Any:
    """The floor: the ORM reading 25 rows by key, in the same transaction and identity."""
    with identity(actor):
        cases = list(Case.objects.filter(pk__in=keys).order_by("-pk"))
        assert len(cases) == PAGE
    return cases


def figures(scale: str) -> Iterator[Figure]:
    """Six figures: two holders, three questions each."""
    size, goals = SIZES[scale], GOALS[scale]
    who = (("counsellor with 50 grants", "gao", goals[0]), ("desk with a quarter of all", "zhou", goals[1]))
    crowd.database(10_000)
    small = {name: median(lambda a=_actor(name): page(a), times=41) for _text, name, _goal in who}
    crowd.database(size)
    for text, name, goal in who:
        actor, user = _actor(name), User.objects.get(username=name)
        keys = [case.pk for case in page(actor)]
        yield Figure(
            f"worklist of a {text}: guardian ÷ ours",
            ratio(lambda a=actor, u=user: by_guardian(a, u), lambda a=actor: page(a), times=7), "times", goal, at_least=True,
        )  # fmt: skip
        yield Figure(
            f"worklist of a {text}: {size:,} cases ÷ 10,000", median(lambda a=actor: page(a), times=41) / small[name], "times", 1.5
        )  # fmt: skip
        yield Figure(
            f"worklist of a {text}: ours ÷ 25 rows by key",
            ratio(lambda a=actor: page(a), lambda a=actor, k=keys: by_key(a, k), times=41), "times", 4,
        )  # fmt: skip


def _actor(name: str) -> Actor:
    return Actor.of(User.objects.get(username=name))
