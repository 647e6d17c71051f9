"""Grants from their giving to their end: who holds what, who reads it anew, and what is swept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions
from cases.access import visible_cases
from cases.models import Case
from referrals.models import Referral
from tests.stage import GREEN, actor, call, desk, scene
from wellbeing.access import grants
from wellbeing.access.actor import Actor, identity, memory
from wellbeing.access.ending import end_personal, sweep
from wellbeing.access.grants import (
    DUTY_DAYS,
    grant,
    held,
    held_each,
    revoke,
    since,
    work_of,
)
from wellbeing.access.holders import holders
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, may_each
from wellbeing.access.sound import sound
from wellbeing.audit.trail import trail
from wellbeing.people.models import Desk, Role, User
from wellbeing.web.management.commands.ticker import end_grants
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")
SEE, READ, WORK, SEALED = Hold.SEE, Hold.READ, Hold.WORK, Hold.SEALED


def of(who: Actor, case: Case) -> dict[tuple[str, int | None], str]:
    """What somebody holds on a case: (hold, desk) to its origin."""
    with identity(who):
        return {(one.hold, one.desk): one.origin for one in held(who, case)}


def opened(case: Case) -> list[tuple[str, str, str, str]]:
    """Who may open it, in order: name, strongest hold, origin, giver."""
    with identity(MACHINE):
        return [(one.name, one.hold, one.origin, one.by) for one in holders(case)]


def test_who_holds_what_from_its_giving_to_its_end(wait: Any) -> None:
    lin, su, zhou, gao = actor("lin"), actor("su"), actor("zhou"), actor("gao")
    supervisors, triage = desk("hotline", Role.HOTLINE_SUPERVISOR), desk("dinghai-centre", Role.COUNTY_TRIAGE)
    case, other, begun = call(), call(by="gao"), now()
    assert of(lin, case) == {(hold, None): "owner" for hold in (SEE, READ, WORK, SEALED)}
    assert of(zhou, case) == {(hold, triage.pk): "triage" for hold in (SEE, READ, WORK)}
    assert of(su, case) == of(MACHINE, case) == of(Actor(id=None, name=""), case) == {}
    with identity(MACHINE):
        assert held_each(MACHINE, [case, other]) == {case.pk: frozenset(), other.pk: frozenset()}
        assert held_each(lin, []) == {}
    before = opened(case)

    until = begun + timedelta(days=2)
    wait(minutes=1)
    with identity(lin):
        grant(case, to=supervisors, origin=Origin.SUPERVISION, expires_at=until, by=lin, holds=(SEE,), reason=b"a")
    assert of(su, case) == {(SEE, supervisors.pk): "supervision"}
    wait(minutes=1)
    with identity(zhou):  # given again by somebody else, until later, for another reason
        grant(
            case, to=supervisors, origin=Origin.GIVEN, expires_at=until + timedelta(days=1), by=zhou, reason=b"b",
            holds=(SEE, READ),
        )  # fmt: skip
    with identity(lin):
        grant(case, to=User(pk=gao.id), origin=Origin.GIVEN, expires_at=until, by=lin, holds=(WORK, READ, SEE))
    with identity(MACHINE):
        rows = grants.tables(Case)[1].objects.filter(content_object=case, group_id=supervisors.pk)
        assert {bytes(row.reason) for row in rows} == {b"b"} and {row.granted_by_id for row in rows} == {zhou.id}
        (line,) = [one for one in holders(case) if one.key == f"desk:{supervisors.pk}"]
        assert (line.until, line.sealed) == (until + timedelta(days=1), None)
        assert timedelta(minutes=2) <= line.since - begun < timedelta(minutes=3)
        (own,) = [one for one in holders(case) if one.key == f"user:{lin.id}"]
        assert own.sealed == own.until
        whose = dict(since(case))
        assert {str(who) for who in whose} == {name for name, *_rest in opened(case)}
        assert whose[supervisors] == line.since and whose[triage] < begun + timedelta(minutes=1)
        assert [work_of(one, case) for one in (supervisors, triage)] == [False, True]
        revoke(other, holder=triage)
        assert not work_of(triage, other)
    gaos = str(User.objects.get(username="gao"))
    assert opened(case) == [
        *before,
        *((gaos, "work", "given", str(lin.name)), (str(supervisors), "read", "given", str(zhou.name))),
    ]

    wait(days=2)
    assert of(gao, case) == {} != of(su, case)
    assert opened(case) == [*before, (str(supervisors), "read", "given", str(zhou.name))]
    with identity(MACHINE):
        assert gaos not in {str(who) for who, _at in since(case)}
        count = sum(table.objects.count() for table in grants.tables(Case))
        assert sweep(Case) == 3 == count - sum(table.objects.count() for table in grants.tables(Case))
        assert sweep(Case) == sweep(Referral) == 0
        assert revoke(case, holder=supervisors, origin=Origin.SUPERVISION) == 0
        assert revoke(case, holder=supervisors) == 2
        assert revoke(case, holder=Desk(pk=supervisors.pk)) == revoke(case, holder=User(pk=gao.id)) == 0
        assert revoke(case, origin=Origin.TRIAGE) == 3
        assert (end_personal(lin.person), revoke(case, holder=User(pk=lin.id))) == (4, 0)
        assert revoke(other) == 4
    assert all(not of(one, it) for one in (su, zhou, gao) for it in (case, other))


def test_grants_are_read_once_a_transaction_and_anew_after_each_change() -> None:
    """A page of cases costs one question; whoever is given, or loses, something decides anew from there on."""
    zhou, cases = actor("zhou"), [call(), call(), call(by="gao")]
    until = now() + timedelta(days=1)

    def asked(*of: Case) -> int:
        with CaptureQueriesContext(connection) as seen:
            found = may_each(zhou, P.FILE_READ, of)
        assert found == {case.pk: may(zhou, P.FILE_READ, case) for case in of}
        return len(seen)

    assert memory() == {}
    with identity(MACHINE):
        for case in cases:
            revoke(case)
        grant(cases[0], to=User(pk=zhou.id), origin=Origin.GIVEN, expires_at=until, by=MACHINE, holds=(READ,))
        assert asked(cases[0]) == 1 and asked(*cases) == 1 and asked(*cases) == 0
        assert [may(zhou, P.FILE_READ, case) for case in cases] == [True, False, False]
        grant(cases[1], to=User(pk=zhou.id), origin=Origin.GIVEN, expires_at=until, by=MACHINE, holds=(READ,))
        assert asked(cases[0], cases[2]) == 0 and asked(*cases) == 1
        assert [may(zhou, P.FILE_READ, case) for case in cases] == [True, True, False]
        ticker = Actor.machine("ticker")  # has no grants, and is not looked for among them
        with CaptureQueriesContext(connection) as seen:
            assert may(ticker, P.CLOCK_RESUME, cases[0]) and all(may_each(ticker, P.CLOCK_RESUME, cases).values())
            assert not may(zhou, P.CALL_TAKE, cases[0]) and not any(may_each(zhou, P.CALL_TAKE, cases).values())
        assert len(seen) == 0
        revoke(cases[0])
        assert [may(zhou, P.FILE_READ, case) for case in cases] == [False, True, False]
        end_personal(zhou.person)
        assert [may(zhou, P.FILE_READ, case) for case in cases] == [False, False, False]
        with pytest.raises(ZeroDivisionError), identity(zhou):
            memory()["x"] = 1
            raise ZeroDivisionError
        assert "x" not in memory()  # what was read in a block that was undone
    assert memory() == {}


def test_how_long_a_grant_lives() -> None:
    """SECURITY.md 3.1: half a year for those whose case it is, a month for who receives a referral."""
    made, begun = scene(), now()
    with identity(MACHINE):
        lives, receives = (
            {(one.origin, round((one.until - begun) / timedelta(days=1))) for one in holders(it)}
            for it in (made.case, made.referral)
        )
    assert lives == {("owner", 180), ("triage", 180), ("manager", 180)}
    assert receives == {("owner", 180), ("referral", 30)}
    assert DUTY_DAYS.days == 3


def test_an_open_case_is_never_lost_to_those_whose_work_it_is(wait: Any) -> None:
    """Half a year passes, and nobody has touched it: the desks that answer for it still see it, whom it was lent to
    does not, and a closed one ends for everybody."""
    made, alone, shut = scene().case, call(GREEN), call(GREEN)
    until = now() + timedelta(days=90)
    with identity(MACHINE):
        for case in (made, alone):
            grant(case, to=desk("putuo-centre", Role.COUNTY_TRIAGE), origin=Origin.GIVEN, expires_at=until, by=MACHINE)
    actions.close_case(actor=actor("lin"), case=shut, reason="no_concern")

    def seen() -> set[tuple[str, str]]:
        cases = {"made": made, "alone": alone, "shut": shut}
        found = set()
        for who in ("zhou", "chen", "lin", "ye", "gao"):
            with identity(actor(who)):
                mine = {case.pk for case in sound(actor(who), visible_cases(actor(who)))}
            found |= {(who, name) for name, case in cases.items() if case.pk in mine}
        return found

    wait(days=178)
    end_grants()
    wait(days=1, hours=12)
    end_grants()
    wait(days=1)  # 180 days and a half
    end_grants()
    assert seen() >= {("zhou", "made"), ("chen", "made"), ("lin", "alone")}
    assert not {one for one in seen() if one[0] in ("ye", "gao") or one[1] == "shut"}
    assert ("lin", "made") not in seen(), "the county works on it: whoever took the call has done her part"
    wait(days=400)  # and the ticker stood still
    end_grants()
    assert seen() >= {("zhou", "made"), ("chen", "made"), ("lin", "alone")}
    with identity(MACHINE):
        told = [one.facts for one in trail(made.pk, acts=[P.ACCESS_RENEW])]
        assert [one["renewed"] for one in told if "referral" not in one] == [6, 6], "and it is on record"
