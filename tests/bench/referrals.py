"""The green channel's figures: a queue that does not grow with the city's history, and what sealing a letter costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import psycopg

from cases import actions as cases
from cases.models import Case
from referrals import actions, packet
from referrals.models import ReferralGroupObjectPermission
from referrals.queues import PAGE, QUEUE, by_duty, inbox, queue, reached
from tests.bench import crowd
from tests.bench.figure import Figure, quickest, ratio
from tests.bench.replay import database_url, insert_bare, inserts_of, superuser
from tests.bench.sealing import division_keys
from tests.bench.worklists import SIZES
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import hold_id
from wellbeing.demo.red_case import WORDS
from wellbeing.people.models import Desk, Role, User
from wellbeing.workdays import now

WAITING = 200  # at the desk, in the small city and in the large one
TURNS = 41


def figures(scale: str) -> Iterator[Figure]:
    """Three figures: the queue page by size; a letter against the same rows bare, and against the same act in clear."""
    size = SIZES[scale]
    small, large = (_page_seconds(number) for number in (10_000, size))
    yield Figure(f"referral queue page: {size:,} referrals ÷ 10,000", large / small, "times", 1.5)
    crowd.database(10_000)
    bare, clear = _letter()
    yield Figure("letter sealed and sent ÷ the same rows unsealed", bare, "times", 2)
    yield Figure("letter sealed and sent ÷ the same act, its words in clear", clear, "times", 2)


def _page_seconds(size: int) -> float:
    crowd.database(size)
    _load(size)
    zhou = Actor.of(User.objects.get(username="zhou"))

    def page() -> None:
        with identity(zhou):
            waiting = queue(zhou)
            assert (len(waiting), len(inbox(zhou)), len(by_duty("330902"))) == (QUEUE, PAGE, 3)
            reached(waiting)

    return quickest(page, times=61)


def _load(size: int) -> None:
    """One referral per case, with grants of its county; `WAITING` of them wait at Dinghai's desk.

    The grants are of now: the ticker of another figure may have ended those of an earlier run, and the same ones put back
    would count for nothing.
    """
    county = Desk.objects.get(organisation__code="dinghai-centre", role=Role.COUNTY_TRIAGE)
    hospital = Desk.objects.get(organisation__code="haiyun-hospital", role=Role.HOSPITAL_LIAISON)
    opener = User.objects.get(username="zhou").pk
    every = max(4, size // WAITING // 4 * 4)  # Dinghai holds each fourth case
    number = "('x' || right(c.id::text, 12))::bit(48)::bigint"
    waiting = f"{number} % {every} = 0"
    superuser(
        "DELETE FROM referrals_referralgroupobjectpermission WHERE content_object_id IN"
        " (SELECT id FROM referrals_referral WHERE reference LIKE 'BZ%')",
        "DELETE FROM referrals_referral WHERE reference LIKE 'BZ%'",
        "INSERT INTO referrals_referral (id, reference, case_id, division_id, tier, tier_rank, state, emergency, consent,"
        " from_desk_id, to_desk_id, asked_for, why, due_kind, due_at, turn_id, opened_by_id, opened_at, ended_at)"
        f" SELECT c.id, 'BZ' || {number}, c.id, c.division_id, 'yellow', 2, CASE WHEN {waiting} THEN 'accepted'"
        f" ELSE 'closed' END, false, 'given', {county.pk}, {hospital.pk}, '[]', '', 'appointment', now(),"
        f" CASE WHEN {waiting} THEN {county.pk} END, {opener}, now(), CASE WHEN {waiting} THEN NULL ELSE now() END"
        " FROM cases_case c WHERE c.reference LIKE 'ZS-0%'",
        "ANALYZE referrals_referral",
    )
    rows = ReferralGroupObjectPermission
    with psycopg.connect(database_url()) as admin, admin.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, g.group_id FROM cases_case c JOIN cases_casegroupobjectpermission g ON g.content_object_id = c.id"
            " WHERE g.permission_id = %s AND c.reference LIKE 'ZS-0%%'",
            [hold_id(Case, "see")],
        )
        held = cursor.fetchall()
        days = now(), now() + timedelta(days=1000)
        given = (row for pk, desk in held for row in crowd.granted(rows, pk, desk, "owner", days=days))
        crowd.copy(cursor, rows._meta.db_table, crowd.GRANT.format("group_id"), given)
    superuser("ANALYZE referrals_referralgroupobjectpermission")


def _letter() -> tuple[float, float]:
    """Opening the green channel by the action, against the same rows inserted bare for other cases: all that the act
    costs; and against the same act that makes no key and seals nothing: what sealing costs."""
    lin, zhou = (Actor.of(User.objects.get(username=name)) for name in ("lin", "zhou"))
    hospital = Desk.objects.get(organisation__code="haiyun-hospital", role=Role.HOSPITAL_LIAISON)

    def acknowledged() -> Case:
        case: Case = cases.take_call(actor=lin, call=cases.CallSheet(words=WORDS, division="330902"))
        cases.acknowledge(actor=zhou, case=case)
        return case

    def send(case: Case) -> Any:
        words = {"summary": "请评估", "measures": "母亲陪护"}
        return actions.open_channel(actor=zhou, case=case, destination=hospital, consent="given", words=words)

    ours, others = ([acknowledged() for _ in range(number)] for number in (3 * TURNS + 10, TURNS + 4))
    superuser("UPDATE cases_deadline SET state = 'void', next_at = NULL WHERE kind IN ('appointment', 'channel')")
    one = ours.pop()
    rows, kept = inserts_of(lambda: send(one)), {pk: pk for pk in division_keys(zhou)}
    bare = ratio(
        lambda: send(ours.pop()), lambda: insert_bare(zhou, rows, {one.pk: others.pop().pk, **kept}), times=TURNS
    )
    return bare, ratio(lambda: send(ours.pop()), lambda: _in_clear(lambda: send(ours.pop())), times=TURNS)


def _in_clear(act: Callable[[], Any]) -> None:
    """The act through the same doors; its letter is written as it is, and no key is made for it."""
    with (
        patch.object(packet, "seal_json", lambda _key, _place, words: json.dumps(words).encode()),
        patch.object(packet.keys, "new_key", lambda *_owner: None),
    ):
        act()
