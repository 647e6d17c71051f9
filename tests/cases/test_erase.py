"""Erasing a case: nothing of it opens again, not even from a backup, once the journal was replayed."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from cases import actions
from cases.models import Case
from tests.cases.export_stage import exported, long_list
from tests.custody.test_rotate_keys import ask, custodian
from tests.stage import YELLOW, actor, call, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.vault.models import DataKeyRow

COUNT = "SELECT count(*) FROM vault_datakey"


def erase(city: SimpleNamespace, *words: str) -> str:
    out = io.StringIO()
    with custodian(city):
        call_command("erase", *words, stdout=out)
    return out.getvalue()


def closed(words: dict[str, Any]) -> Case:
    """A green call that its counsellor has closed."""
    case = call(words)
    actions.close_case(actor=actor("lin"), case=case, reason="no_concern")
    return fresh(case)


def test_an_erased_case_is_gone_and_a_restored_backup_forgets_it_again(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures")
    case, other = closed({"caller_kind": "self", "name": "小满", "caller_number": "0580-0000009"}), call(YELLOW)
    names = ("--ground", "retention", "--first", "shen", "--second")
    for words, message in (
        ((other.reference, *names, "an"), "not closed"),
        ((case.reference, *names, "shen"), "两个不同"),
        (("ZS-0000-0000", *names, "an"), "no such"),
        ((), "Say which"),
    ):
        with pytest.raises(CommandError, match=message):
            erase(committed, *words)
    with pytest.raises(CommandError, match="wellbeing_keys alone"):
        call_command("erase", case.reference, *names, "an")
    assert not (tmp_path / "erasures").exists()
    exported(1, rows=replace(long_list(1), cases=[case.pk]))  # what was copied out of it and nobody has fetched
    backup = ask(committed, "SELECT * FROM vault_datakey")
    assert "4 keys destroyed" in erase(committed, case.reference, *names, "an")
    assert (tmp_path / "erasures").stat().st_mode & 0o777 == 0o600
    with custodian(committed), identity(Actor.machine("keys")):
        assert DataKeyRow.objects.filter(owner_id__in=[case.pk, case.person_id]).count() == 0
        assert DataKeyRow.objects.filter(owner_id__in=[other.pk, other.person_id]).count() == 2
        event = Event.objects.get(act=P.CASE_ERASE)
        assert event.stream == case.pk and b'"ground":"retention"' in bytes(event.body)
    assert ask(committed, "SELECT count(*) FROM cases_call WHERE caller_index IS NOT NULL") == [(0,)]
    left = ask(committed, COUNT)[0][0]
    with psycopg.connect(committed.superuser_url) as admin:  # the backup comes back with every key
        holes = ", ".join(["%s"] * len(backup[0]))
        for row in backup:
            admin.execute(f"INSERT INTO vault.vault_datakey VALUES ({holes}) ON CONFLICT DO NOTHING", row)  # type: ignore[arg-type]
    assert ask(committed, COUNT)[0][0] == left + 4
    assert "4 erasures replayed, 4 keys destroyed" in erase(committed, "--replay")
    assert "4 erasures replayed, 0 keys destroyed" in erase(committed, "--replay")
    assert ask(committed, COUNT)[0][0] == left
    with (tmp_path / "erasures").open("a") as file:
        file.write('{"kind": "case"}\n')
    with pytest.raises(ValueError, match="line 5"):
        erase(committed, "--replay")
