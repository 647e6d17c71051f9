"""Versions of the policy: who may make one, what is refused, which is in force, and which a running clock keeps."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.actions import change_policy
from cases.actions.change_policy import POLICY_STREAM
from cases.models import Deadline, PolicyVersion
from cases.policy import Policy
from cases.policy_change import digest
from tests.stage import YELLOW, actor, call, policy
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.models import Event
from wellbeing.audit.trail import trail
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.models import User
from wellbeing.workdays import now

SOON = {**Policy().acknowledge, "red": {"minutes": 10}}
SOONER = {**Policy().acknowledge, "red": {"minutes": 5}}
RED_LATE = {**Policy().acknowledge, "red": {"hours": 3}}


def change(made: Policy, **more: Any) -> PolicyVersion:
    begin = more.pop("effective_from", None)
    with identity(actor("shen")):
        after = more.pop("after", None) or PolicyVersion.newest().number
    given = {"because": "试行", "previewed": digest(made, begin, after), **more}
    version: PolicyVersion = change_policy(actor=actor("shen"), policy=made, effective_from=begin, **given)
    return version


def current() -> PolicyVersion:
    with identity(Actor.machine("test")):
        return PolicyVersion.current()


def test_the_administrator_makes_a_version_and_it_is_recorded(db: None) -> None:
    made = policy(acknowledge=SOON, phq_blue=9)
    assert (made.number, made.made_by.username, made.because) == (2, "shen", "试行")
    assert made.effective_from == made.made_at
    assert current() == made and current().policy().acknowledge["red"] == {"minutes": 10}
    with identity(Actor.machine("test")):
        (event,) = trail(POLICY_STREAM)
    assert event.act == "cases:policy:change"
    assert event.facts["fields"] == ["acknowledge", "phq_blue"]
    assert (event.facts["version"], event.facts["after"]) == (2, 1)


def test_nobody_else_makes_one(db: None) -> None:
    for name in ("an", "zhou", "he", "lin", "sun", "mallory"):
        with pytest.raises(Forbidden):
            change_policy(
                actor=actor(name),
                policy=replace(Policy(), phq_blue=9),
                effective_from=None,
                because="试行",
                previewed=digest(replace(Policy(), phq_blue=9), None, 1),
            )
    assert current().number == 1


@pytest.mark.parametrize(
    ("made", "given", "field"),
    [
        (replace(Policy(), acknowledge=RED_LATE), {}, "acknowledge-red"),
        (replace(Policy(), ladder=("county_centre",)), {}, "ladder-0"),
        (replace(Policy(), phq_blue=9), {"because": "  "}, "because"),
        (replace(Policy(), phq_blue=9), {"previewed": "else"}, "previewed"),
        (replace(Policy(), phq_blue=9), {"after": 7}, "previewed"),
        (Policy(), {}, "policy"),
    ],
)
def test_what_is_refused_leaves_nothing(db: None, made: Policy, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        change(made, **given)
    assert refused.value.field == field
    assert current().number == 1


def test_every_reason_is_given(db: None) -> None:
    with pytest.raises(Invalid) as refused:
        change(replace(Policy(), acknowledge=RED_LATE, ladder=(), phq_blue=99))
    assert str(refused.value.message).count("\n") >= 2


def test_it_never_takes_effect_in_the_past(db: None) -> None:
    with pytest.raises(Invalid) as refused:
        change(replace(Policy(), phq_blue=9), effective_from=now() - timedelta(minutes=1))
    assert refused.value.field == "effective_from"


def test_what_changed_meanwhile_is_looked_at_again(db: None) -> None:
    mine = replace(Policy(), phq_blue=9)
    policy(acknowledge=SOON)
    with pytest.raises(Invalid) as refused:
        change(mine, after=1)
    assert refused.value.field == "previewed"


def test_sent_twice_it_is_made_once(db: None) -> None:
    key, made = uuid4(), replace(Policy(), phq_blue=9)
    given = {"policy": made, "effective_from": None, "because": "试行", "previewed": digest(made, None, 1), "key": key}
    first = change_policy(actor=actor("shen"), **given)
    assert change_policy(actor=actor("shen"), **given) == first
    assert current().number == 2


def test_a_version_waits_for_its_day(wait: Any) -> None:
    policy(acknowledge=SOON, effective_from=now() + timedelta(days=3))
    assert current().number == 1
    wait(days=3.01)
    assert current().number == 2


def test_a_waiting_version_is_withdrawn_by_a_newer_one_only(wait: Any) -> None:
    policy(acknowledge=SOON, effective_from=now() + timedelta(days=3))
    back = change(Policy(), effective_from=now() + timedelta(days=2))
    wait(days=4)
    assert current() == back and current().policy() == Policy()


def test_a_waiting_version_before_a_newer_one_still_has_its_time(wait: Any) -> None:
    policy(acknowledge=SOON, effective_from=now() + timedelta(days=1))
    policy(acknowledge=SOONER, effective_from=now() + timedelta(days=5))
    wait(days=2)
    assert current().number == 2
    wait(days=4)
    assert current().number == 3


def test_a_waiting_version_may_be_put_off(wait: Any) -> None:
    waiting = policy(acknowledge=SOON, effective_from=now() + timedelta(days=1))
    later = change(waiting.policy(), effective_from=now() + timedelta(hours=2))
    wait(days=0.5)
    assert current() == later


def test_running_clocks_keep_the_policy_they_started_under(db: None) -> None:
    before = call()
    policy(acknowledge=SOON, escalation_step={**Policy().escalation_step, "red": {"minutes": 5}})
    new = call()
    with identity(Actor.machine("test")):
        old_clock = Deadline.objects.select_related("policy").get(case=before, kind="acknowledge")
        new_clock = Deadline.objects.select_related("policy").get(case=new, kind="acknowledge")
    assert old_clock.policy.number == 1 and old_clock.due_at - old_clock.started_at == timedelta(minutes=15)
    assert new_clock.policy.number == 2 and new_clock.due_at - new_clock.started_at == timedelta(minutes=10)


def test_an_older_version_lives_on_under_its_clocks(wait: Any) -> None:
    """The ticker escalates by the policy of the clock, whatever is in force now."""
    from cases.tick import tick

    case = call()
    policy(escalation_step={**Policy().escalation_step, "red": {"minutes": 1}})
    wait(minutes=16)
    tick()
    with identity(Actor.machine("test")):
        clock = Deadline.objects.get(case=case, kind="acknowledge")
    assert clock.level == 1 and clock.next_at - clock.due_at == timedelta(minutes=15)


def test_the_policy_in_force_costs_one_query(db: None) -> None:
    with (
        identity(actor("lin")),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        PolicyVersion.current()
    assert sum("policyversion" in query["sql"] for query in queries.captured_queries) == 1


def test_the_wall_lets_everybody_known_read_and_the_administrator_add(db: None) -> None:
    values = {"number": 9, "body": Policy().to_json(), "effective_from": now(), "made_at": now()}
    for name in ("an", "zhou", "lin", "mallory"):
        with identity(actor(name)):
            assert PolicyVersion.objects.count() == 1
            with pytest.raises(ProgrammingError, match=r"row-level security|signs for herself"), transaction.atomic():
                PolicyVersion.objects.create(made_by=User.objects.get(username=name), **values)
    with identity(Actor.machine("policy")):
        assert PolicyVersion.objects.count() == 1
        with pytest.raises(ProgrammingError, match=r"row-level security|signs for herself"), transaction.atomic():
            PolicyVersion.objects.create(**values)
    with identity(actor("shen")):
        with pytest.raises(ProgrammingError, match=r"row-level security|signs for herself"), transaction.atomic():
            PolicyVersion.objects.create(made_by=User.objects.get(username="an"), **values)
        for statement in ("UPDATE cases_policyversion SET body = '{}'", "DELETE FROM cases_policyversion"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(statement)


def test_strangers_read_nothing_of_it(committed: Any) -> None:
    with psycopg.connect(committed.app_url) as stranger:
        row = stranger.execute("SELECT count(*) FROM cases_policyversion").fetchone()
    assert row == (0,)


def test_reasons_stay_out_of_the_audit(db: None) -> None:
    policy(acknowledge=SOON)
    with identity(Actor.machine("test")):
        bodies = [bytes(event.body).decode() for event in Event.objects.filter(stream=POLICY_STREAM)]
    assert bodies and all("试行" not in body and "试行" not in json.loads(body)["facts"] for body in bodies)


def test_a_version_that_begins_before_it_was_made_cannot_be_kept(db: None) -> None:
    from django.db import IntegrityError

    shen = actor("shen")
    with identity(shen), pytest.raises(IntegrityError, match="never_in_the_past"), transaction.atomic():
        PolicyVersion.objects.create(
            number=2,
            body=Policy().to_json(),
            effective_from=now() - timedelta(days=1),
            made_at=now(),
            made_by_id=shen.person,
        )


def test_a_yellow_case_starts_by_the_new_times(db: None) -> None:
    policy(acknowledge={**Policy().acknowledge, "yellow": {"hours": 4}})
    with identity(Actor.machine("test")):
        clock = Deadline.objects.get(case=call(YELLOW), kind="acknowledge")
    assert clock.due_at - clock.started_at == timedelta(hours=4)
