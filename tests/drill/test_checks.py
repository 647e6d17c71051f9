"""The checks of the drill find what is planted, and nothing where nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from cases import actions
from cases.models import Case
from cases.tick import tick
from tests.drill import checks
from tests.drill.writers import Write
from tests.stage import actor, call
from wellbeing.access.actor import identity
from wellbeing.outbox import relay

EVER = UUID(int=0)  # older than any row


@pytest.fixture
def one(committed: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """A red call, acknowledged too late: written by a form, escalated, told and proven."""
    key = uuid4()
    made = call(key=key)
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {committed.name} SET app.clock_offset = '1200 seconds'")
        admin.execute("SET app.clock_offset = '1200 seconds'")
        connection.close()
        tick()
        actions.acknowledge(actor=actor("luo"), case=made)
        relay.sweep()
        write = Write("lin", "take_call", key, places={f"/cases/{made.reference}/"}, done=True)
        yield SimpleNamespace(admin=admin, case=made, write=write)


def found(one: SimpleNamespace) -> set[str]:
    cases = [one.case.pk]
    all_found = [
        *checks.written(one.admin, [one.write], cases),
        *checks.answered(one.admin, [one.write]),
        *checks.notices(one.admin, EVER),
        *checks.proven(one.admin, cases),
    ]
    with identity(checks.MACHINE):
        all_found += [*checks.fired(cases), *checks.chains(cases)]
    return {finding.kind for finding in all_found}


def test_nothing_is_found_where_nothing_is(one: SimpleNamespace) -> None:
    assert found(one) == set() and checks.outstanding(one.admin, whole=True) == []


PLANTED = {
    "an acknowledgement": ("UPDATE cases_warning SET acknowledged_at = NULL WHERE case_id = %(case)s", "unproven"),
    "its event": ("DELETE FROM audit_event WHERE stream = %(case)s AND act = 'cases:warning:acknowledge'", "unproven"),
    "the answer to a form": ("DELETE FROM access_done WHERE action = 'take_call'", "lost"),
    "a level": ("DELETE FROM cases_escalation", "lost"),
    "the lateness of a level": ("UPDATE cases_escalation SET late_s = 0", "unproven"),
    "an inbox item": (
        "DELETE FROM outbox_inboxitem WHERE id = (SELECT min(id::text)::uuid FROM outbox_inboxitem)",
        "lost",
    ),
    "the patience with a notice": (
        "UPDATE outbox_notice SET dead_at = app_now() WHERE id = (SELECT min(id::text)::uuid FROM outbox_notice)",
        "lost",
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_taken_away_is_found(one: SimpleNamespace, what: str) -> None:
    statement, kind = PLANTED[what]
    one.admin.execute("SET session_replication_role = replica")  # past the triggers that forbid it
    changed = one.admin.execute(statement, {"case": one.case.pk}).rowcount
    assert changed and kind in found(one)


def test_a_form_answered_with_two_places_and_a_case_of_nobody_are_found(one: SimpleNamespace) -> None:
    one.write.places.add("/cases/ZS-2/")
    assert found(one) == {"twice"}
    one.write.places.remove("/cases/ZS-2/")
    stray: Case = call()
    assert {finding.kind for finding in checks.written(one.admin, [one.write], [one.case.pk, stray.pk])} == {"twice"}


def test_what_is_due_is_outstanding_even_behind_a_clock_set_back(one: SimpleNamespace) -> None:
    one.admin.execute("UPDATE outbox_notice SET done_at = NULL, not_before = app_now() + interval '1 day'")
    assert checks.outstanding(one.admin) == []
    one.admin.execute("UPDATE outbox_notice SET created_at = app_now() + interval '1 day'")
    assert checks.outstanding(one.admin)
