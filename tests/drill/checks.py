"""What must be true after a round, asked of the rows themselves: by the superuser, whom no wall hides anything from.

lost: an acknowledged write, a due clock or a notice that is not there. twice: there more than once. unproven: a state
without its event, an event without its state, a chain that does not verify, or a lateness that is not written down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from cases import clocks
from cases.actions._ladder import LADDER
from cases.models import Deadline, DeadlineState
from cases.tiers import Tier
from tests.drill.engines import Ground
from tests.drill.writers import Write
from tests.endpoints import Endpoint
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.verify import verify
from wellbeing.workdays import now

MACHINE = Actor.machine("drill")
Admin = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be: codes and references only."""

    kind: str  # lost, twice, late, unproven
    what: str


DUE = {
    "notice": "SELECT id FROM outbox_notice WHERE done_at IS NULL AND dead_at IS NULL"
    " AND (not_before <= app_now() OR created_at > app_now())",  # a clock set back holds up nothing
    "clock": "SELECT id FROM cases_deadline WHERE next_at <= app_now()",
    "ring": "SELECT id FROM cases_warning WHERE ring_at <= app_now()",
}


UNDER_WAY = "SELECT id FROM outbox_notice WHERE done_at IS NULL"  # also what is put off, or on its way to a channel


def outstanding(admin: Admin, *, whole: bool = False) -> list[tuple[str, UUID]]:
    """What is due and not done; `whole`: and every notice of any time that is not done."""
    asked = {**DUE, "notice": UNDER_WAY} if whole else DUE
    return [(what, pk) for what, sql in asked.items() for (pk,) in admin.execute(sql).fetchall()]


def all_of(ground: Ground, writes: Iterable[Write], cases: list[UUID], since: UUID) -> list[Finding]:
    """Every check, on the writes and cases of the rounds that are still open; `since` is older than any of theirs."""
    connection.close()  # the server may have died since; and a new connection sees the clock as it is
    with ground.admin() as admin:
        found = [*written(admin, list(writes), cases), *notices(admin, since)]
        found += [*handed_over(admin, ground.endpoints, since), *proven(admin, cases)]
    with identity(MACHINE):
        return [*found, *fired(cases), *chains(cases)]


def new_cases(admin: Admin, since: UUID) -> list[UUID]:
    """The cases made since then: their keys are time-ordered by the real clock, which nobody steps."""
    return [pk for (pk,) in admin.execute("SELECT id FROM cases_case WHERE id > %s", [since]).fetchall()]


RESULT = {
    "take_call": "SELECT reference FROM cases_case WHERE id = %s",
    "open_channel": "SELECT reference FROM referrals_referral WHERE id = %s",
    "receive": "SELECT r.reference FROM referrals_referral r JOIN referrals_step s ON s.referral_id = r.id"
    " WHERE r.id = %s AND s.state = 'received'",
    "book": "SELECT r.reference FROM referrals_referral r JOIN referrals_appointment a ON a.referral_id = r.id"
    " WHERE r.id = %s",
    "assess_risk": "SELECT c.reference FROM cases_assessment a JOIN cases_case c ON c.id = a.case_id WHERE a.id = %s",
    "acknowledge": "SELECT c.reference FROM cases_case c JOIN cases_warning w ON w.case_id = c.id"
    " WHERE c.id = %s AND w.acknowledged_at IS NOT NULL",
}


DONE = "SELECT key, action, object_id FROM access_done WHERE key = ANY(%s)"


def answered(admin: Admin, writes: list[Write]) -> Iterator[Finding]:
    """Of everything that was ever answered yes, what is not there any more."""
    done = {key for key, _action, _pk in admin.execute(DONE, [[w.key for w in writes]]).fetchall()}
    for write in writes:
        if write.done and write.key not in done:
            yield Finding("lost", f"{write.what} of an earlier round is gone: {write.reference}")


def written(admin: Admin, writes: list[Write], cases: list[UUID]) -> Iterator[Finding]:
    """Every acknowledged write is there, and nothing is there that nobody wrote."""
    done = {key: (action, pk) for key, action, pk in admin.execute(DONE, [[w.key for w in writes]]).fetchall()}
    for write in writes:
        if not write.done:
            yield Finding("lost", f"{write.what} was never answered yes: {_answers(write)}")
            continue
        if len(write.places) > 1:
            yield Finding("twice", f"{write.what} was answered with {len(write.places)} places")
        action, pk = done.get(write.key, ("", None))
        row = admin.execute(RESULT[write.what], [pk]).fetchone() if action == write.what else None
        if row is None or row[0] not in {place.strip("/").split("/")[-1] for place in write.places}:
            yield Finding("lost", f"{write.what} was answered yes and is not there: {write.reference}")
    meant = {
        "cases_case": Counter(pk for action, pk in done.values() if action == "take_call"),
        "cases_assessment": Counter(pk for action, pk in done.values() if action == "assess_risk"),
        "referrals_referral": Counter(pk for action, pk in done.values() if action == "open_channel"),
    }
    for pk in cases:
        if pk not in meant["cases_case"]:
            yield Finding("twice", f"case {pk} was opened by no form of ours")
    extra = "SELECT id FROM {} WHERE case_id = ANY(%s) AND id <> ALL(%s){}"
    first = " AND entry_id IN (SELECT id FROM cases_entry WHERE kind = 'assessment')"
    for table, more in (("cases_assessment", first), ("referrals_referral", "")):
        for (pk,) in admin.execute(extra.format(table, more), [cases, list(meant[table])]).fetchall():  # type: ignore[arg-type]
            yield Finding("twice", f"{table} {pk} was made by no form of ours")


def notices(admin: Admin, since: UUID) -> Iterator[Finding]:
    """Every notice handed over, in one inbox once; none given up, none posted twice."""
    for pk, channel in admin.execute("SELECT id, channel FROM outbox_notice WHERE dead_at IS NOT NULL").fetchall():
        yield Finding("lost", f"notice {pk} for {channel} was given up")
    sql = (
        "SELECT n.id, count(i.id) FROM outbox_notice n LEFT JOIN outbox_inboxitem i ON i.notice_id = n.id"
        " WHERE n.id > %s AND n.channel = 'in_app' AND n.done_at IS NOT NULL GROUP BY n.id HAVING count(i.id) <> 1"
    )
    for pk, count in admin.execute(sql, [since]).fetchall():
        yield Finding("twice" if count else "lost", f"notice {pk} stands in {count} inboxes")
    sql = "SELECT dedupe_key, count(*) FROM outbox_notice WHERE id > %s GROUP BY dedupe_key HAVING count(*) > 1"
    for key, count in admin.execute(sql, [since]).fetchall():
        yield Finding("twice", f"notice {key} was posted {count} times")


def handed_over(admin: Admin, endpoints: Mapping[str, Endpoint], since: UUID) -> Iterator[Finding]:
    """What the house calls delivered has arrived at the other end, at least once, signed, with nothing said too much."""
    sql = "SELECT id, channel FROM outbox_notice WHERE id > %s AND channel = ANY(%s) AND done_at IS NOT NULL"
    for pk, channel in admin.execute(sql, [since, ["email", "sms"]]).fetchall():
        if not endpoints[channel].accepted[str(pk)]:
            yield Finding("lost", f"notice {pk} never reached {channel}")
    sql = (
        "SELECT g.name, count(*) FROM outbox_notice n JOIN auth_group g ON g.id = n.desk_id"
        " WHERE n.channel = 'robot' AND n.done_at IS NOT NULL GROUP BY g.name"
    )
    for desk, count in admin.execute(sql).fetchall():  # a robot is told no number: counted
        if endpoints["robot"].accepted[desk] < count:
            yield Finding(
                "lost", f"{count - endpoints['robot'].accepted[desk]} notices never reached the robot of {desk}"
            )
    for end in endpoints.values():
        yield from (Finding("unproven", fault) for fault in end.faults)


def fired(cases: list[UUID]) -> Iterator[Finding]:
    """Every due clock was escalated once per level that its policy had it reach by now, and says how late."""
    at = now()
    rows = Deadline.objects.filter(case__in=cases).select_related("case", "policy").prefetch_related("escalations")
    for clock in rows:
        levels = Counter(step.level for step in clock.escalations.all())
        name = f"clock {clock.kind} of {clock.case.reference}"
        for level, times in levels.items():
            if times > 1:
                yield Finding("twice", f"{name}: level {level} came {times} times")
        if set(levels) != set(range(1, clock.level + 1)):
            yield Finding("lost", f"{name}: stands at level {clock.level} by the steps {sorted(levels)}")
        if clock.state == DeadlineState.RUNNING and clock.level < (due := _level(clock, at)):
            yield Finding("lost", f"{name}: stands at level {clock.level} and not at {due}")
        # a clock that was set back took its dates along (catch_up_clocks), after it had gone up
        brought_back = clock.started_at < clock.case.opened_at
        for step in clock.escalations.all():
            late = (step.at - clock.due_at).total_seconds()
            if step.level == 1 and not step.unstaffed and not brought_back and abs(step.late_s - max(0, late)) > 2:
                yield Finding("unproven", f"{name}: was {late:.0f} s late and says {step.late_s}")


def _level(clock: Deadline, at: datetime) -> int:
    """The level that a clock has reached by plan: one when it ran out, and one more after each step of policy."""
    policy = clock.policy.policy()
    most = sum(_desk(step, clock.case.division_id) != clock.desk_id for step in policy.ladder)
    planned, level = clock.due_at, 0
    while level < most and planned <= at:
        planned, level = clocks.escalation_step(Tier(clock.tier), planned, policy), level + 1
    return level


@cache
def _desk(step: str, division: str) -> int:
    return LADDER[step](division).pk


STATES = {
    P.CALL_TAKE: "SELECT case_id FROM cases_call WHERE case_id = ANY(%s)",
    P.WARNING_ACKNOWLEDGE: "SELECT case_id FROM cases_warning WHERE case_id = ANY(%s) AND acknowledged_at IS NOT NULL",
    P.RISK_ASSESS: "SELECT a.case_id FROM cases_assessment a JOIN cases_entry e ON e.id = a.entry_id"
    " WHERE a.case_id = ANY(%s) AND e.kind = 'assessment'",
    P.CHANNEL_OPEN: "SELECT case_id FROM referrals_referral WHERE case_id = ANY(%s)",
    P.REFERRAL_RECEIVE: "SELECT case_id FROM referrals_referral r JOIN referrals_step s ON s.referral_id = r.id"
    " WHERE case_id = ANY(%s) AND s.state = 'received'",
    P.APPOINTMENT_BOOK: "SELECT case_id FROM referrals_referral r JOIN referrals_appointment a ON a.referral_id = r.id"
    " WHERE case_id = ANY(%s)",
    P.WARNING_ESCALATE: "SELECT case_id FROM cases_escalation WHERE case_id = ANY(%s)",
    P.WARNING_RING: "SELECT case_id FROM cases_warning, generate_series(1, rings) WHERE case_id = ANY(%s)",
}
# An act that found nothing left to do has an event as well; those that did something say what.
EVENTS = (
    "SELECT stream, count(*) FROM audit_event WHERE stream = ANY(%s) AND act = %s"
    " AND (act <> 'cases:warning:escalate' OR convert_from(body, 'UTF8')::jsonb #> '{facts,late_s}' IS NOT NULL)"
    " AND (act <> 'cases:warning:ring' OR convert_from(body, 'UTF8')::jsonb #> '{facts,rings}' IS NOT NULL)"
    " GROUP BY stream"
)


def proven(admin: Admin, cases: list[UUID]) -> Iterator[Finding]:
    """As many events as states, case by case and act by act."""
    for act, sql in STATES.items():
        states = Counter(pk for (pk,) in admin.execute(sql, [cases]).fetchall())  # type: ignore[arg-type]
        events = dict(admin.execute(EVENTS, [cases, act]).fetchall())
        for pk in states.keys() | events.keys():
            if states[pk] != events.get(pk, 0):
                yield Finding(
                    "unproven", f"case {pk}: {states[pk]} times {act} by its rows, {events.get(pk, 0)} by events"
                )


def chains(cases: list[UUID]) -> Iterator[Finding]:
    """The chains of the cases verify."""
    for fault in verify(cases).faults:
        yield Finding("unproven", f"chain {fault.stream}: {fault.what} at {fault.seq}")


def _answers(write: Write) -> str:
    return ", ".join(f"{status} × {count}" for status, count in Counter(write.answers).items()) or "nothing sent"
