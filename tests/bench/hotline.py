"""The hotline desk's pages at 100,000 cases and at 1,000, against an empty signed-in page, with all that stands around
a case there: a hundred calls a day, the exchange's own calls, call-backs, short indexes of numbers, drafts.

More cases are more days: what happens in one day is the same in both. Two counsellors share the calls. How a page is
timed against the empty one, and why: tests/bench/school.py.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
from django.test import Client, override_settings
from django.urls import reverse

from cases import actions
from cases.drafts import DraftKind
from cases.models import Case, CaseGroupObjectPermission, CaseUserObjectPermission, PolicyVersion
from tests.bench import crowd
from tests.bench.figure import Figure, by_round, in_turns
from tests.bench.sealing import long_file
from wellbeing.access.actor import Actor, identity
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, Role, User
from wellbeing.workdays import now

SIZES = (1_000, 100_000)
GROWS, EMPTY = 1.5, 5
A_DAY = 100  # calls
EACH_CALLED_BACK = 30  # every so many-th case
UNLOGGED, RINGING, DRAFTS = 40, 3, 5
DESK = ("new_call", "call_backs", "rings", "shift", "case_list", "search")
ONE_CASE = ("case", "case_file", "call_back")
SUPERVISOR = ("live_desks", "reviews", "restrictions", "callers", "rings", "rota")


def figures(scale: str) -> Iterator[Figure]:
    """Each page twice: as the cases grow, and against the frame alone."""
    timed = {}
    with override_settings(ROOT_URLCONF="tests.bench.empty"):
        for size in SIZES:
            crowd.database(size, "hotline_desk_", _load)
            newest = _newest("gao")
            mine = {name: reverse(name) for name in DESK} | {name: reverse(name, args=[newest]) for name in ONE_CASE}
            timed[size] = _timed("gao", mine) | _timed("su", {name: reverse(name) for name in SUPERVISOR})
    small, large = timed[SIZES[0]], timed[SIZES[1]]
    for who, name in large:
        title = f"hotline desk, {name} for {who}"
        if name != "empty":
            grown = min(large[who, name]) / min(small[who, name])
            frames = by_round(large[who, name], large[who, "empty"])
            yield Figure(f"{title}: 100,000 cases ÷ 1,000", grown, "times", GROWS)
            yield Figure(f"{title} ÷ an empty page", frames, "times", EMPTY)


def _newest(who: str) -> str:
    with identity(Actor.of(User.objects.get(username=who))):
        return Case.objects.order_by("-pk")[0].reference


def _timed(who: str, addresses: dict[str, str]) -> dict[tuple[str, str], list[float]]:
    """Seconds of each page for one person, round by round."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=who))

    def page(address: str) -> Callable[[], object]:
        assert client.get(address).status_code == 200, address
        return lambda: client.get(address)

    return in_turns({(who, name): page(address) for name, address in {"empty": reverse("empty"), **addresses}.items()})


def _load(admin_url: str, cases: int) -> None:
    """Cases, calls, rings, grants and clocks by COPY; then one long file and some drafts through the door."""
    desk = Desk.objects.select_related("organisation").get(role=Role.HOTLINE_COUNSELLOR)
    supervisors = Desk.objects.get(role=Role.HOTLINE_SUPERVISOR)
    takers = [User.objects.get(username=name).pk for name in ("gao", "lin")]
    begin, dice = now(), random.Random(6)
    with identity(Actor.machine("import")):
        policy = PolicyVersion.current().pk
    promised = range(0, cases, EACH_CALLED_BACK)  # the oldest are due first
    newest = range(cases - 1, cases - 1 - crowd.REAL * len(takers), -1)
    _person, covers = crowd.real({*promised[: crowd.REAL // 2], *newest})
    persons = [uuid7() for _ in range(cases)]
    filler = secrets.token_bytes(114)
    until = begin + timedelta(9999)

    def at(number: int) -> datetime:
        return begin - timedelta(days=(cases - number) / A_DAY)

    def call(number: int) -> tuple[Any, ...]:
        kind = "harassing" if number % 97 == 0 else "silent" if number % 50 == 0 else ""
        mark = secrets.token_bytes(2) if number % 2 else None
        return (uuid7(), crowd.case_id(number), desk.pk, takers[number % 2], "2912345", kind, at(number),
                dice.randrange(40), dice.randrange(5, 50), mark)  # fmt: skip

    def ring(number: int) -> tuple[Any, ...]:
        rang = at(number)
        logged = number < cases - UNLOGGED
        over = None if number >= cases - RINGING else rang + timedelta(minutes=12)
        return (uuid7(), desk.organisation_id, str(uuid4()), "2912345", "8001", rang, rang + timedelta(seconds=9), over,
                "", takers[number % 2] if logged else None, over if logged else None)  # fmt: skip

    with psycopg.connect(admin_url, options="-c search_path=public,vault") as admin, admin.cursor() as cursor:
        every = range(cases)
        columns = "id, division_id, sealed, created_at"
        crowd.copy(cursor, "cases_person", columns, ((person, "330902", b"x", begin) for person in persons))
        crowd.copy(cursor, "cases_case", crowd.CASE, (
            (crowd.case_id(number), f"ZS-{number:08d}", "330902", persons[number], "hotline", "yellow", at(number),
             "following", desk.pk, None, covers.get(number, filler), at(number), "", False)
            for number in every
        ))  # fmt: skip
        crowd.copy(cursor, "cases_caseuserobjectpermission", crowd.GRANT.format("user_id"), (
            row
            for number in every
            for row in crowd.granted(
                CaseUserObjectPermission, crowd.case_id(number), takers[number % 2], "owner", days=(at(number), until)
            )
        ))  # fmt: skip
        crowd.copy(cursor, "cases_casegroupobjectpermission", crowd.GRANT.format("group_id"), (
            row
            for number in every if number % EACH_CALLED_BACK == 0
            for row in crowd.granted(
                CaseGroupObjectPermission, crowd.case_id(number), supervisors.pk, "supervision",
                days=(at(number), until), holds=("see",),
            )
        ))  # fmt: skip
        columns = (
            "id, case_id, desk_id, counsellor_id, line, kind, started_at, answered_after_s, length_min, caller_index"
        )
        crowd.copy(cursor, "cases_call", columns, map(call, every))
        columns = "id, hotline_id, exchange_id, line, seat, offered_at, answered_at, ended_at, why_not, settled_by_id, settled_at"
        crowd.copy(cursor, "exchange_ring", columns, map(ring, every))
        crowd.copy(cursor, "cases_deadline", crowd.CLOCK, (
            (uuid7(), crowd.case_id(number), desk.pk, "callback", "yellow", 2, policy, begin,
             begin + timedelta(days=80 * number / cases - 20), "remind", 0, 0, "running")
            for number in promised
        ))  # fmt: skip
    crowd.freeze(admin_url)
    gao = Actor.of(User.objects.get(username="gao"))
    long_file(gao)
    for _draft in range(DRAFTS):
        actions.save_draft(actor=gao, draft_id=uuid7(), kind=DraftKind.CALL, words={"narrative": "示例"}, base=0)
