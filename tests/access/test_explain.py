"""Why can I, why can I not: the explanation is the decision, and every layer gives the same answer."""

from __future__ import annotations

import os

import pytest
from django.core.management import CommandError, call_command

from tests.access import worlds
from tests.stage import actor, call
from wellbeing.access.actor import identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import RIGHTS, Right, explain
from wellbeing.audit.models import Event


def test_evaluator_explanation_door_and_wall_agree_in_random_worlds(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = worlds.prove(int(os.environ.get("WORLDS", "250")), int(os.environ.get("SEED", "5")))
    assert (sum(proof.differ.values()), proof.differ) == (0, dict.fromkeys(proof.differ, 0))
    assert proof.allowed > proof.checked / 50  # worlds in which nobody may anything prove nothing

    # Positive control: a rule that forgets the role is seen.
    monkeypatch.setitem(RIGHTS, P.FILE_READ, Right(RIGHTS[P.FILE_READ].roles, None))
    rule = worlds._rule
    monkeypatch.setattr(worlds, "_rule", lambda p, *rest: rule(P.CASE_SEE if p == P.FILE_READ else p, *rest))
    assert sum(worlds.prove(300, 6).differ.values()) > 0


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
