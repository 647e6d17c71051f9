"""Why can I, why can I not, on the command line. That every layer gives the same answer is a proof:
tests/proofs/walls.py."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from tests.stage import actor, call
from wellbeing.access.actor import identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import explain
from wellbeing.audit.models import Event


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
