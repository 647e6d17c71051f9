"""The school desk's pages at 100,000 cases and at 1,000, against an empty signed-in page, and searches that find nobody,
so that all whom they may go through are opened.

One school desk holds a quarter of all cases, far more than any school, and its names really open. Each case has a running
clock, nine of ten at the school, over four months around today.

Against the empty page each page is timed in turns, in one process and on one connection, and the figure is the median of
the rounds' own ratios: what an empty page takes varies by half between runs, and both halves of a round share it. It is
the time that passes, because the database works in a process of its own and what is written has to reach the disk: the
time of the web server's processor would leave both out. Against another city there are no rounds: the quickest of each.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from cases import actions
from cases.access import cover_place, seal_person
from cases.models import Case, CaseGroupObjectPermission, Person, PolicyVersion
from cases.name_access import SCOPE
from cases.search import find
from cases.session import Meeting
from tests.bench import crowd
from tests.bench.figure import Figure, by_round, in_turns, quickest
from wellbeing import bulk
from wellbeing.access.actor import Actor, identity
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, Role, User
from wellbeing.vault import keys
from wellbeing.vault.documents import seal_json
from wellbeing.vault.models import KeyPile
from wellbeing.workdays import now

SIZES = (1_000, 100_000)
PART = 2_000  # persons sealed at once
NOTES = 30  # in the file that is looked at
GROWS, EMPTY, SEARCH = 1.5, 5, 1.5  # seconds of a search are a bar of our own
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑", "雨涵轩怡泽晨曦诺然萱海天帆舟宁"


def figures(scale: str) -> Iterator[Figure]:
    """The slowest page of each comparison, page by page, and the search."""
    timed: dict[int, dict[str, list[float]]] = {}
    for size in SIZES:
        crowd.database(size, "school_desk_", _load)
        with override_settings(ROOT_URLCONF="tests.bench.empty"):
            timed[size] = _timed(size)
    small, large = timed[SIZES[0]], timed[SIZES[1]]
    for name in sorted(large):
        if name != "empty":
            grown, frames = min(large[name]) / min(small[name]), by_round(large[name], large["empty"])
            yield Figure(f"school desk, {name}: 100,000 cases ÷ 1,000", grown, "times", GROWS)
            yield Figure(f"school desk, {name} ÷ an empty signed-in page", frames, "times", EMPTY)
    chen = Actor.of(User.objects.get(username="chen"))
    for what, words in (("initials", "qqq"), ("telephone", "13900000000")):
        connection.close()  # the first of a connection is no slower: it is what most people have
        seconds = quickest(partial(_find, chen, words), times=2, warm=0)
        yield Figure(f"search by {what} through {SCOPE:,} cases", seconds, "s", SEARCH)


def _timed(size: int) -> dict[str, list[float]]:
    """Seconds of each page for Chen, round by round."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="chen"))
    case = Case(reference=f"ZS-{size - 3:08d}")  # the newest that she holds
    one = [case.reference]
    addresses = {
        "empty": reverse("empty"),
        "next steps": reverse("steps"),
        "this week": reverse("steps") + "?from=week",
        "waits for others": reverse("waiting_steps"),
        "one person, one file": reverse("person_file", args=one),
        "meeting": reverse("log_session", args=one),
        "special groups": reverse("flag_groups", args=one),
        "group session": reverse("log_group"),
        "concern": reverse("report_concern"),
        "hand-over": reverse("hand_over"),
        "search": reverse("search"),
    }
    return in_turns({name: _page(client, address) for name, address in addresses.items()})


def _page(client: Client, address: str) -> Callable[[], Any]:
    def get() -> None:
        assert client.get(address).status_code == 200, address

    return get


def _find(actor: Actor, words: str) -> None:
    with identity(actor):
        assert find(actor, words) == []


def _load(admin_url: str, cases: int) -> None:
    """Persons, cases, grants and clocks by COPY; then the notes of one file through the door."""
    chen, desk = (
        User.objects.get(username="chen"),
        Desk.objects.get(organisation__code="xinghe", role="school_counsellor"),
    )
    triage = Desk.objects.get(organisation__code="dinghai-centre", role=Role.COUNTY_TRIAGE)
    held = [number for number in range(cases) if number % 4 == 1]
    dice, at = random.Random(6), now()
    with identity(Actor.machine("import")):
        version = PolicyVersion.current().pk
    last = held[-1]
    persons = {number: Person(pk=uuid7(), division_id="330902", created_at=at) for number in range(cases)}
    covers = _sealed(held, persons, dice)
    mine = set(held)
    with psycopg.connect(admin_url, options="-c search_path=public,vault") as admin, admin.cursor() as cursor:
        crowd.copy(
            cursor,
            "cases_person",
            "id, division_id, sealed, created_at",
            ((one.pk, "330902", bytes(one.sealed) or b"x", at) for one in persons.values()),
        )
        crowd.copy(
            cursor,
            "cases_case",
            crowd.CASE,
            (
                (crowd.case_id(number), f"ZS-{number:08d}", "330902", persons[number].pk, "school", "blue", at,
                 "following", desk.pk, chen.pk, covers.get(number, b"x"), at, "", False)
                for number in range(cases)
            ),
        )  # fmt: skip
        crowd.copy(
            cursor,
            "cases_casegroupobjectpermission",
            crowd.GRANT.format("group_id"),
            (
                row
                for number in range(cases)
                for row in crowd.granted(
                    CaseGroupObjectPermission,
                    crowd.case_id(number),
                    desk.pk if number in mine else triage.pk,
                    "manager",
                    days=(at, at + timedelta(9999)),
                )
            ),
        )
        crowd.copy(
            cursor,
            "cases_deadline",
            crowd.CLOCK,
            (
                (uuid7(), crowd.case_id(number), desk.pk if number in mine and dice.random() < 0.9 else triage.pk,
                 "follow_up", "blue", 3, version, at, at + timedelta(days=dice.uniform(-60, 60)), "remind", 0, 0, "running")
                for number in range(cases)
            ),
        )  # fmt: skip
    crowd.freeze(admin_url)
    _notes(chen, last)


def _sealed(numbers: list[int], persons: dict[int, Person], dice: random.Random) -> dict[int, bytes]:
    """Covers and persons that open, with invented names; their keys written as the application writes many."""
    covers = {}
    for first in range(0, len(numbers), PART):  # a transaction that waits for a minute is ended
        pile = KeyPile()
        with identity(Actor.machine("import")):
            for number in numbers[first : first + PART]:
                case = Case(pk=crowd.case_id(number), division_id="330902")
                name = dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)
                key = keys.new_key("case", case.pk, case.division_id, pile)
                covers[number] = seal_json(key, cover_place(case), {"name": name})
                contact = f"137{dice.randrange(10**8):08d}"
                seal_person(persons[number], {"name": name, "contact": contact, "grade": "八年级"}, pile)
            bulk.copy_in(pile)
    return covers


def _notes(user: User, number: int) -> None:
    chen = Actor.of(user)
    for _note in range(NOTES):
        with identity(chen):
            case = Case.objects.get(pk=crowd.case_id(number))
            actions.log_session(
                actor=chen, case=case, kind=Meeting.SESSION, words={"free": "示例"}, desk_id=chen.desks[0]
            )
