"""Why can I, why can I not, on the command line. That every layer gives the same answer is a proof:
tests/proofs/walls.py."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cases.models import Case
from tests.stage import actor, call
from wellbeing.access.actor import NOBODY, Actor, identity
from wellbeing.access.explained import lines
from wellbeing.access.grants import grant, held
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import Verdict, explain
from wellbeing.audit.models import Event
from wellbeing.moments import absolute
from wellbeing.people.models import Desk, User
from wellbeing.workdays import now


def test_the_security_administrator_sees_each_step_and_no_word(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    case = call()
    call_command("explain_access", "lin", "cases:file:read", case.reference.lower())
    lin = capsys.readouterr().out
    assert f"lin cases:file:read {case.reference}: yes" in lin and "2912345" in lin
    call_command("explain_access", "ye", "cases:file:read", case.reference)
    ye = capsys.readouterr().out
    assert ": no" in ye and "row-level security shows the case: no" in ye
    assert "小渔" not in lin + ye
    with identity(actor("lin")):
        assert Event.objects.filter(stream=case.pk, act="access:grant:explained").count() == 2
    for wrong in (
        ("nobody", "cases:file:read", case.reference),
        ("lin", "x", case.reference),
        ("lin", P.CASE_SEE, "ZS"),
    ):
        with pytest.raises(CommandError):
            call_command("explain_access", *wrong)
    assert explain(actor("mallory"), P.HOME_SEE).allowed and not explain(actor("mallory"), P.CALL_TAKE).allowed


POST = "A post of a role that may do this runs today"
GRANT = "A grant on this very case is in force, a personal one or of the desk of that post"
NO_GRANT = "No grant on this very case is in force, neither a personal one nor of the desk of such a post"
OWNERS = "Opened it、Triage of the county、Escalated to、On duty、Case manager、Referred to、Supervision"


def test_a_decision_in_words(db: None) -> None:
    """Each step, whether it held, and under it what it rests on or what it would need."""
    case, machine, lin, zhou, he = call(), Actor.machine("test"), actor("lin"), actor("zhou"), actor("he")
    with identity(machine):
        for who, by, origin in ((he, lin, Origin.GIVEN), (zhou, machine, Origin.DUTY)):
            grant(case, to=User(pk=who.id), origin=origin, expires_at=now() + timedelta(days=1), by=by)

    def said(who: Actor, verb: P, target: Case | None = case) -> list[str]:
        with identity(who), translation.override("en"):
            found = lines(who, verb, explain(who, verb, target))
            return [
                text for one in found for text in (f"{'+' if one.holds else '-'} {one.text}", *map(str, one.because))
            ]

    def of(who: Actor, through: str, origin: str, by: str, hold: Hold = Hold.READ) -> str:
        with identity(who), translation.override("en"):
            (one,) = [one for one in held(who, case) if one.hold == hold and Origin(one.origin).label == origin]
            return f"{through}：{origin} · given by {by} · {absolute(one.since)} – {absolute(one.until)}"

    with translation.override("en"):
        seat = {who.name: str(Desk.objects.get(pk=who.desks[0])) for who in (lin, zhou, he, actor("ye"))}
    start = [f"+ {POST}", seat[lin.name], "+ It is about this case", f"+ {GRANT}"]
    assert said(lin, P.FILE_READ) == [*start, of(lin, "personal", "Opened it", lin.name)]
    found = said(zhou, P.FILE_READ)
    assert found[:4] == [f"+ {POST}", seat[zhou.name], "+ It is about this case", f"+ {GRANT}"]
    assert sorted(found[4:]) == sorted(
        [of(zhou, seat[zhou.name], "Triage of the county", lin.name), of(zhou, "personal", "On duty", "System")]
    )
    refused = [f"+ {POST}", seat[actor("ye").name], "+ It is about this case", f"- {NO_GRANT}", "needed: May open"]
    assert said(actor("ye"), P.FILE_READ) == refused
    told = of(he, "personal", "Given by the desk that owns the case", lin.name, Hold.WORK)
    assert said(he, P.TELL) == [
        *(f"+ {POST}", seat[he.name], "+ It is about this case", f"+ {GRANT}", told),
        *("- May not write into the section of the file where it goes", f"needed: {OWNERS}"),
    ]
    assert said(he, P.TIER_RAISE)[-2:] == ["+ May write into the section of the file where it goes", told]
    assert said(lin, P.FILE_READ, None) == [*start[:2], "- It is about no case", f"- {NO_GRANT}", "needed: May open"]
    nobody = "- No post of a role that may do this runs today"
    assert said(zhou, P.CALL_TAKE) == [nobody, "needed: Hotline counsellor、Hotline supervisor"]
    assert said(zhou, P.WARNING_ESCALATE) == [nobody]
    assert (said(zhou, P.HOME_SEE), said(NOBODY, P.HOME_SEE)) == (["+ Signed in"], ["- Not signed in"])
    assert said(machine, P.WARNING_ESCALATE) == ["- This machine may not do it"]
    assert said(Actor.machine("ticker"), P.WARNING_ESCALATE) == ["+ This machine may do it"]
    assert not Verdict(()).allowed


def test_explain_gives_the_tree_that_decides(db: None) -> None:
    from wellbeing.access.policy import explain, may

    case = call()
    for name in ("lin", "zhou", "ye", "shen", "mallory"):
        who = actor(name)
        with identity(who):
            verdict = explain(who, P.TIER_RAISE, case)
            assert verdict.allowed == may(who, P.TIER_RAISE, case) == all(step.holds for step in verdict.steps)
    assert [step.holds for step in explain(actor("ye"), P.TIER_RAISE, case).steps] == [True, True, False, False]
