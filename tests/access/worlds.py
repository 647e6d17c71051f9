"""Random worlds of posts and grants: what the evaluator decides, what it explains, what the door finds and what the
database shows must be one answer, and that of a second reading written here from the rule alone.

`prove(checks, seed)` is what `make prove` registers; it runs inside a transaction that nobody keeps.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from cases.access import open_case, visible_cases
from cases.models import Case
from cases.sections import READS, WRITES
from tests.stage import call
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import grant, revoke
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import explain, may, may_each
from wellbeing.access.rights import CASE_ROLES, RIGHTS
from wellbeing.errors import Forbidden
from wellbeing.people.models import Absence, Desk, Post, User
from wellbeing.workdays import now

MACHINE = Actor.machine("worlds")
SECTIONS = {
    right: (section, verb) for verb, rights in (("read", READS), ("write", WRITES)) for section, right in rights.items()
}
ASKED = (
    *(P.CASE_SEE, P.FILE_READ, P.TIER_RAISE, P.WARNING_ACKNOWLEDGE, P.CALL_BACK, P.REPORT_WRITE, P.ACCESS_GRANT),
    *(P.TELL, P.MANDATORY_REPORT, *SECTIONS),
)
USERS = ("lin", "chen", "zhou", "mallory", "fang", "shen")


@dataclass
class Proof:
    checked: int = 0
    allowed: int = 0
    away: int = 0  # people on leave who hold a live grant of their own
    differ: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Row:
    """One grant as the second reading knows it."""

    case: Any
    user: int | None
    desk: int | None
    hold: str
    live: bool
    origin: str


def prove(checks: int, seed: int) -> Proof:
    """That many (person, case, permission) asked, in as many worlds as it takes."""
    rng, proof = random.Random(seed), Proof()
    cases = [call(), call(division="330903"), call(by="gao")]
    users, desks = (
        list(User.objects.filter(username__in=USERS)),
        list(Desk.objects.filter(role__in=CASE_ROLES).order_by("pk")),
    )
    while proof.checked < checks:
        with transaction.atomic():
            _world(rng, proof, cases, users, desks)
            transaction.set_rollback(True)
    return proof


def _world(rng: random.Random, proof: Proof, cases: list[Case], users: list[User], desks: list[Desk]) -> None:
    some = rng.sample(desks, 6)
    with identity(MACHINE):
        at = now()
        posts = _posts(rng, users, some, at.date())
        rows = [row for case in cases for row in _grants(rng, case, users, some, at)]
    holders = {row.user for row in rows if row.live and row.user}
    away = _absences(rng, users, at.date(), next((user for user in users if user.pk in holders), None))
    for user in users:
        actor = Actor.of(user)
        present = user.pk not in away
        running = [(desk.pk, desk.role) for desk in posts.get(user.pk, []) if present]
        rests = {row for row in rows if row.user == user.pk and not present}
        with identity(actor):
            shown = set(Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))
            found = set(visible_cases(actor).values_list("pk", flat=True))
            wanted = {row.case for row in rows if row.live and _is_hers(row, user.pk, running) and row not in rests}
            proof.differ["row-level security"] += shown != wanted
            proof.differ["queryset"] += found != wanted
            proof.away += not present and any(row.live for row in rests)
            for permission in ASKED:
                page = may_each(actor, permission, cases)
                wall = _opens(permission, cases)
                for case in cases:
                    wanted = rule(permission, case, user.pk, running, rows)
                    proof.differ["wall of the section"] += wall.get(case.pk, wanted) != wanted
                    _ask(proof, actor, permission, case, page[case.pk], wanted)


def _opens(permission: P, cases: list[Case]) -> dict[Any, bool]:
    """What the database says of the section that a permission is about, for whoever asks it now."""
    if permission not in SECTIONS:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pk, app_opens_section(pk, %s, %s, app_desks()) FROM unnest(%s) pk",
            [*SECTIONS[permission], [case.pk for case in cases]],
        )
        return dict(cursor.fetchall())


def _ask(proof: Proof, actor: Actor, permission: P, case: Case, on_page: bool, wanted: bool) -> None:
    verdict = explain(actor, permission, case)
    try:
        opened = open_case(actor, case.reference, permission).pk == case.pk
    except Forbidden:
        opened = False
    answers = {"may": may(actor, permission, case), "explain": verdict.allowed, "page": on_page, "door": opened}
    proof.checked += 1
    proof.allowed += wanted
    for name, answer in answers.items():
        proof.differ[name] += answer != wanted
    proof.differ["steps"] += all(step.holds for step in verdict.steps) != wanted


def _is_hers(row: Row, user: int, running: list[tuple[int, str]]) -> bool:
    return row.user == user or row.desk in {desk for desk, _role in running}


def rule(permission: P, case: Case, user: int, running: list[tuple[int, str]], rows: list[Row]) -> bool:
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
    Post.objects.filter(user__in=users).update(ends_on=today - timedelta(days=1))
    running: dict[int, list[Desk]] = {}
    for user in users:
        for desk in rng.sample(desks, rng.randint(0, 3)):
            begins, ends = today + timedelta(rng.choice([-9, -1, 0, 1])), rng.choice([None, -1, 0, 3])
            last = None if ends is None else max(begins, today + timedelta(ends))
            Post.objects.create(user=user, desk=desk, starts_on=begins, ends_on=last)
            if begins <= today and (last is None or last >= today):
                running.setdefault(user.pk, []).append(desk)
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
            one = Absence.objects.create(user=user, first_day=first, last_day=last, entered_by=user, entered_at=now())
            cursor.execute("SELECT set_config('app.clock_offset', '', true)")
            if last >= today and rng.random() < 0.25:
                one.last_day, one.ended_by, one.ended_at = max(today, first) - timedelta(days=1), user, now()
                one.save(update_fields=["last_day", "ended_by", "ended_at"])
        if first <= today <= one.last_day:
            away.add(user.pk)
    return away


def _grants(rng: random.Random, case: Case, users: list[User], desks: list[Desk], at: datetime) -> list[Row]:
    revoke(case)
    rows = []
    for to in rng.sample([*users, *desks], rng.randint(0, 5)):
        holds = rng.sample(list(Hold), rng.randint(1, 3))
        live = rng.random() < 0.7
        until = at + timedelta(seconds=rng.choice([1, 3600]) if live else rng.choice([0, -1, -86400]))
        origin = rng.choice([Origin.OWNER, Origin.TRIAGE, Origin.GIVEN, Origin.BREAK_GLASS])
        grant(case, to=to, origin=origin, expires_at=until, by=MACHINE, holds=holds, at=at)
        user, desk = (to.pk, None) if isinstance(to, User) else (None, to.pk)
        rows += [Row(case.pk, user, desk, hold, live, origin) for hold in holds]
    return rows
