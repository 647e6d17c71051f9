"""Random worlds of posts, leaves and grants: what the evaluator decides, what it explains, what the door finds and what
the database shows must be one answer, and that of a second reading written here from the rule alone.

A world is one case or referral with grants drawn for it alone, among people whose posts and leaves were drawn; ten objects
share a drawing of people, because what it costs is to ask the database, and it answers for ten as fast as for one.
`prove(worlds, seed)` is what `make prove` registers; it runs inside a transaction that nobody keeps.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection, models, transaction

from cases.access import open_case, visible_cases
from cases.models import Case
from cases.sections import READS, WRITES
from referrals.access import open_referral, visible_referrals
from referrals.models import Referral
from tests.referrals.triage_stage import submitted
from tests.stage import call
from wellbeing.access.actor import Actor, as_a_whole, identity
from wellbeing.access.grants import FULL, grant_rows, revoke
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import explain, may, may_each
from wellbeing.access.rights import CASE_ROLES, RIGHTS
from wellbeing.errors import Forbidden
from wellbeing.people.models import Absence, Desk, Post, User
from wellbeing.workdays import now

MACHINE = Actor.machine("worlds")
ASKED = tuple(permission for permission, right in RIGHTS.items() if right.hold)
SECTIONS = tuple(
    (right, section, verb) for verb, rights in (("read", READS), ("write", WRITES)) for section, right in rights.items()
)
PERMISSIONS, WALLS = 14, 5  # of all, how many are asked in one drawing
USERS = ("lin", "chen", "zhou", "mallory", "fang", "shen")
CALLS, SENT, DRAWINGS = 6, 2, 200  # objects of one stage, and how often people are drawn on it before it is set anew


@dataclass
class Proof:
    worlds: int = 0
    checked: int = 0
    allowed: int = 0
    away: int = 0  # people on leave who hold a live grant of their own
    differ: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Row:
    """One grant as the second reading knows it."""

    case: Any
    user: int | None
    desk: int | None
    hold: str
    live: bool
    origin: str


class Kind(NamedTuple):
    """A kind of object that is granted, with its doors."""

    model: type[models.Model]
    visible: Callable[[Actor], models.QuerySet[Any]]
    opener: Callable[[Actor, str, P], models.Model]
    holds: Sequence[Hold]
    objects: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """What all drawings have in common."""

    users: list[User]
    desks: list[Desk]
    kinds: tuple[Kind, ...]

    @property
    def objects(self) -> list[Any]:
        return [one for kind in self.kinds for one in kind.objects]


def prove(worlds: int, seed: int, *, first: bool = False) -> Proof:
    """So many worlds, and in each some of all permissions for everybody; with `first` only until some layers differ."""
    rng, proof = random.Random(seed), Proof()
    while proof.worlds < worlds and not (first and +proof.differ):
        with transaction.atomic():
            stage = _stage()
            for _drawing in range(DRAWINGS):
                if proof.worlds < worlds and not (first and +proof.differ):
                    with transaction.atomic(), as_a_whole():
                        _draw(rng, proof, stage)
                        transaction.set_rollback(True)
            transaction.set_rollback(True)
    return proof


def _stage() -> Stage:
    """Cases and referrals, which nobody is granted, and people, who have no posts."""
    users = list(User.objects.filter(username__in=USERS).order_by("username"))
    desks = list(
        Desk.objects.filter(role__in=CASE_ROLES).select_related("organisation").order_by("pk"),
    )
    referrals = [submitted() for _one in range(SENT)]
    takers = [("330902", "lin"), ("330903", "lin"), ("330902", "gao")]
    cases = [call(division=place, by=who) for place, who in (takers * CALLS)[:CALLS]]
    kinds = (
        Kind(Case, visible_cases, open_case, tuple(Hold), [*cases, *(one.case for one in referrals)]),
        Kind(Referral, visible_referrals, open_referral, FULL, referrals),
    )
    stage = Stage(users, desks, kinds)
    with identity(MACHINE):
        for one in stage.objects:
            revoke(one)
        Post.objects.filter(user__in=users).update(ends_on=now().date() - timedelta(days=1))
    return stage


def _draw(rng: random.Random, proof: Proof, stage: Stage) -> None:
    desks, permissions = rng.sample(stage.desks, 4), rng.sample(ASKED, PERMISSIONS)
    with identity(MACHINE):
        at = now()
        posts = _posts(rng, stage.users, desks, at.date())
        rows = {one.pk: _grants(rng, kind, one, stage.users, desks, at) for kind in stage.kinds for one in kind.objects}
        _written([row for made, _told in rows.values() for row in made])
    told = {pk: told for pk, (_made, told) in rows.items()}
    holders = {row.user for mine in told.values() for row in mine if row.live and row.user}
    away = _absences(rng, stage.users, at.date(), next((one for one in stage.users if one.pk in holders), None))
    proof.worlds += len(told)
    for user in stage.users:
        present = user.pk not in away
        running = [(desk.pk, desk.role) for desk in posts.get(user.pk, []) if present]
        proof.away += not present and any(row.live and row.user == user.pk for mine in told.values() for row in mine)
        with identity(actor := Actor.of(user)):
            for kind in stage.kinds:
                _shown(proof, actor, kind, told, running, present=present)
                _decided(rng, proof, actor, kind, permissions, told, running)
            _walls(proof, actor, stage.kinds[0].objects, rng.sample(SECTIONS, WALLS), told, running)


def _shown(
    proof: Proof,
    actor: Actor,
    kind: Kind,
    told: dict[Any, list[Row]],
    running: list[tuple[int, str]],
    *,
    present: bool,
) -> None:
    """What the database shows her of all there is, and what the door finds: whatever she has a live grant on."""
    seats = {desk for desk, _role in running}
    hers = {
        one.pk
        for one in kind.objects
        if any(
            row.live and (row.desk in seats or (present and row.user == actor.id)) for row in told[one.pk]
        )
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {kind.model._meta.db_table}")  # its own table
        proof.differ["row-level security"] += {pk for (pk,) in cursor.fetchall()} != hers
    proof.differ["queryset"] += set(kind.visible(actor).values_list("pk", flat=True)) != hers


def _decided(
    rng: random.Random,
    proof: Proof,
    actor: Actor,
    kind: Kind,
    permissions: Iterable[P],
    told: dict[Any, list[Row]],
    running: list[tuple[int, str]],
) -> None:
    """The evaluator and its explanation for each permission on each object; and the door, which is what is found and
    what is decided put together, with one of those that she has and one that she has not."""
    wanted = dict[tuple[P, Any], bool]()
    for permission in permissions:
        page = may_each(actor, permission, kind.objects)
        for one in kind.objects:
            is_so = wanted[permission, one] = rule(permission, one, actor.person, running, told[one.pk])
            verdict = explain(actor, permission, one)
            answers = {"may": may(actor, permission, one), "explain": verdict.allowed, "page": page[one.pk]}
            answers["steps"] = all(step.holds for step in verdict.steps)
            for name, answer in answers.items():
                proof.differ[name] += answer != is_so
    proof.checked += len(wanted)
    proof.allowed += sum(wanted.values())
    for is_so in (True, False):
        if some := [asked for asked, answer in wanted.items() if answer == is_so]:
            permission, one = rng.choice(some)
            proof.differ["door"] += _opens(kind, actor, one, permission) != is_so


def _opens(kind: Kind, actor: Actor, one: Any, permission: P) -> bool:
    try:
        return kind.opener(actor, one.reference, permission).pk == one.pk
    except Forbidden:
        return False


def _walls(
    proof: Proof,
    actor: Actor,
    cases: Sequence[Case],
    asked: list[tuple[P, str, str]],
    told: dict[Any, list[Row]],
    running: list[tuple[int, str]],
) -> None:
    """What the database says of sections of each case, for whoever asks it now."""
    by_name = {(section, verb): right for right, section, verb in asked}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pk, section, verb, app_opens_section(pk, section, verb, mine.desks) FROM unnest(%s::uuid[]) pk,"
            " unnest(%s::text[], %s::text[]) asked(section, verb), (SELECT app_desks() AS desks OFFSET 0) mine",
            [[one.pk for one in cases], [section for section, _verb in by_name], [verb for _section, verb in by_name]],
        )
        answers = {(pk, by_name[section, verb]): answer for pk, section, verb, answer in cursor.fetchall()}
    for one in cases:
        for right in by_name.values():
            wanted = rule(right, one, actor.person, running, told[one.pk])
            proof.differ["wall of the section"] += answers[one.pk, right] != wanted


def rule(permission: P, case: Any, user: int, running: list[tuple[int, str]], rows: list[Row]) -> bool:
    """DESIGN.md 3 in one sentence: a live grant of the right hold, one's own with any post of a right role, or a desk's
    through the post of a right role at that very desk."""
    right = RIGHTS[permission]
    seats = {desk for desk, role in running if role in right.roles}
    mine = [row for row in rows if row.case == case.pk and row.live and row.hold == right.hold]
    mine = [row for row in mine if right.origins is None or row.origin in right.origins]
    may = any((row.user == user and bool(seats)) or row.desk in seats for row in mine)
    return may and (right.writes is None or rule(right.writes, case, user, running, rows))


def _posts(rng: random.Random, users: list[User], desks: list[Desk], today: date) -> dict[int, list[Desk]]:
    """New posts for everybody, some over, some not yet begun; returns those that run."""
    running: dict[int, list[Desk]] = defaultdict(list)
    made = []
    for user in users:
        for desk in rng.sample(desks, rng.randint(0, 3)):
            begins, ends = today + timedelta(rng.choice([-9, -1, 0, 1])), rng.choice([None, -1, 0, 3])
            last = None if ends is None else max(begins, today + timedelta(ends))
            made.append(Post(user=user, desk=desk, starts_on=begins, ends_on=last))
            made[-1].seal = made[-1]._sealed()
            if begins <= today and (last is None or last >= today):
                running[user.pk].append(desk)
    Post.objects.bulk_create(made)
    return running


def _absences(rng: random.Random, users: list[User], today: date, holder: User | None) -> set[int]:
    """Leaves of some, each written by herself when it began: some over, some not yet begun, some ended early or taken
    back; one of a person who holds a grant of her own. Returns who is away today."""
    away = set()
    for user in dict.fromkeys([*([holder] if holder else []), *rng.sample(users, 2)]):
        first = today + timedelta(rng.choice([-9, -1, 0, 1]) if user != holder else rng.choice([-1, 0]))
        last = first + timedelta(rng.choice([0, 1, 9]) if user != holder else rng.choice([1, 9]))
        with identity(Actor(id=user.pk, name="herself")), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.clock_offset', '-9 days', true)")
            one = Absence(user=user, first_day=first, last_day=last, entered_by=user, entered_at=now())
            one.save(force_insert=True)
            cursor.execute("SELECT set_config('app.clock_offset', '', true)")
            if last >= today and rng.random() < 0.25:
                one.last_day, one.ended_by, one.ended_at = max(today, first) - timedelta(days=1), user, now()
                one.save(update_fields=["last_day", "ended_by", "ended_at"])
        if first <= today <= one.last_day:
            away.add(user.pk)
    return away


def _grants(
    rng: random.Random, kind: Kind, one: Any, users: list[User], desks: list[Desk], at: datetime
) -> tuple[list[Any], list[Row]]:
    """Grants of one object, made and not yet written, and what the second reading is told of them."""
    made, told = list[Any](), list[Row]()
    for to in rng.sample([*users, *desks], rng.randint(0, 6)):
        holds = rng.sample(list(kind.holds), rng.randint(1, 3))
        live = rng.random() < 0.7
        until = at + timedelta(seconds=rng.choice([1, 3600]) if live else rng.choice([0, -1, -86400]))
        origin = rng.choice([Origin.OWNER, Origin.TRIAGE, Origin.GIVEN, Origin.BREAK_GLASS])
        made += grant_rows(one, to=to, origin=origin, expires_at=until, by=MACHINE, holds=holds, at=at)
        user, desk = (to.pk, None) if isinstance(to, User) else (None, to.pk)
        told += [Row(one.pk, user, desk, hold, live, origin) for hold in holds]
    return made, told


def _written(rows: list[Any]) -> None:
    rows.sort(key=lambda row: type(row)._meta.db_table)
    for model, mine in groupby(rows, key=type):
        model._default_manager.bulk_create(list(mine))
