"""AZ-3: in random worlds of posts and grants the evaluator, its explanation, the door's queryset and row-level security
give one answer, and that of a second reading of the rule (tests/access/worlds.py)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from unittest import mock

import psycopg
from django.db import transaction

from cases.access import visible_cases
from tests.access import worlds
from tests.proofs.city import unwalled
from tests.proofs.proof import Found, Proof, each_caught
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.rights import RIGHTS, Right

WALL = "app_opens_section(uuid, text, text, integer[])"


def tried(tries: int, seed: int, city: SimpleNamespace, *, first: bool = False) -> Found:
    """So many worlds, or until the `first` in which layers differ; where nobody may anything, or nobody is on leave with
    a grant of her own, they would prove nothing and count as broken."""
    with transaction.atomic():
        proof = worlds.prove(tries, seed, first=first)
        transaction.set_rollback(True)
    differ = +proof.differ
    empty = "nobody may" if proof.allowed <= proof.checked / 50 else "" if proof.away else "nobody is away"
    said = f"{proof.checked:,} questions {dict(differ) or empty}".strip(" {}")
    return Found(proof.worlds, differ.total() + bool(empty and not first), said)


def planted(tries: int, seed: int, city: SimpleNamespace) -> Found:
    """Each layer by itself with a fault of its own."""
    plants = {}
    with a_right_without_a_grant():
        plants["the evaluator asks for no grant"] = tried(tries, seed, city, first=True)
    with mock.patch.object(worlds, "visible_cases", by_the_last_desk):
        plants["the queryset asks for one desk alone"] = tried(tries, seed, city, first=True)
    for table in ("cases_case", "referrals_referral"):
        with unwalled(city, table):
            plants[f"no wall around {table}"] = tried(tries, seed, city, first=True)
    with an_open_wall(city):
        plants["the wall of the sections is open"] = tried(tries, seed, city, first=True)
    return each_caught(plants)


@contextmanager
def a_right_without_a_grant() -> Iterator[None]:
    """The table has forgotten that a file is read through a grant; the second reading has not."""
    forgetful = {P.FILE_READ: Right(RIGHTS[P.FILE_READ].roles, None)}
    rule = worlds.rule

    def second(permission: P, *rest: object) -> bool:
        return rule(P.GUARDIAN_READ if permission == P.FILE_READ else permission, *rest)  # type: ignore[arg-type]

    asked = (P.FILE_READ, *worlds.ASKED[: worlds.PERMISSIONS - 1])
    with mock.patch.dict(RIGHTS, forgetful), mock.patch.object(worlds, "rule", second):
        with mock.patch.object(worlds, "ASKED", asked):
            yield


def by_the_last_desk(actor: Actor) -> object:
    """What a person sees by her last desk alone, and her own grants."""
    return visible_cases(replace(actor, posts=actor.posts[-1:]))


@contextmanager
def an_open_wall(city: SimpleNamespace) -> Iterator[None]:
    """The database opens every section to whoever asks."""
    with psycopg.connect(city.superuser_url, autocommit=True) as admin:
        (true,) = admin.execute("SELECT pg_get_functiondef(%s::regprocedure)", [WALL]).fetchone() or ("",)
        begin, end = true.index("$function$"), true.rindex("$function$")
        admin.execute(true[:begin] + "$function$ BEGIN RETURN true; END " + true[end:])
        try:
            yield
        finally:
            admin.execute(true)


PROOF = Proof("AZ-3", "worlds in which the layers of access differ", tried, planted, 60, 2_000, 100_000, 40, city=True)
