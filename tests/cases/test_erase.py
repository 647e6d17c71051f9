"""Erasing a case: nothing of it opens again, not even from a backup, once the journal was replayed."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from cases import actions
from cases.models import Case, LegalHold
from tests.cases.export_stage import exported, long_list
from tests.cases.test_attach import address, keep
from tests.cases.test_drafts import save
from tests.cases.test_withdraw import withdraw
from tests.custody.test_rotate_keys import ask, custodian
from tests.files import JPEG, PNG
from tests.stage import RED, YELLOW, acknowledged, actor, call, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.ids import uuid7
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

COUNT = "SELECT count(*) FROM vault_datakey"
DRAFT, FILE, HOLD = (f"SELECT * FROM cases_{table} WHERE id = %s" for table in ("draft", "attachment", "legalhold"))


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


def test_with_the_last_of_her_cases_the_person_is_erased_too(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures")
    first, second = (closed({"caller_kind": "self", "name": "小满"}) for _time in range(2))
    with psycopg.connect(committed.superuser_url) as admin:  # as a screening or a concern finds her again
        admin.execute("UPDATE cases_case SET person_id = %s WHERE id = %s", [first.person_id, second.pk])
    names = ("--ground", "retention", "--first", "shen", "--second", "an")
    assert "1 keys destroyed" in erase(committed, first.reference, *names)
    assert of(committed, first.person_id) == 1, "the other case is read yet"
    assert "2 keys destroyed" in erase(committed, second.reference, *names)
    assert of(committed, first.person_id) == 0


def restored(city: SimpleNamespace, keys: list[tuple[Any, ...]], *rows: tuple[str, tuple[Any, ...]]) -> None:
    """The keys of a backup come back, and these rows (table, row) as they were in it."""
    with psycopg.connect(city.superuser_url) as admin:
        for table, row in (*(("vault.vault_datakey", row) for row in keys), *rows):
            holes = ", ".join(["%s"] * len(row))
            admin.execute("SET LOCAL session_replication_role = replica")  # as a restore does
            admin.execute(f"DELETE FROM {table} WHERE id = %s", [row[0]])  # type: ignore[arg-type]
            admin.execute(f"INSERT INTO {table} VALUES ({holes})", row)  # type: ignore[arg-type]


def one(city: SimpleNamespace, query: str, pk: Any) -> tuple[Any, ...]:
    with psycopg.connect(city.superuser_url) as admin:
        row = admin.execute(query, [pk]).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row


def of(city: SimpleNamespace, pk: Any) -> int:
    """How many keys this owner has."""
    return int(one(city, "SELECT count(*) FROM vault.vault_datakey WHERE owner_id = %s", pk)[0])


def test_the_open_sheet_of_its_call_is_erased_with_it_and_by_the_replay(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    """It was logged while the caller was on the line, and nobody finished it: the caller's words are in it."""
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures")
    pk, words = uuid7(), {"caller_kind": "peer", "narrative": "想找人说说话"}
    case = call(words, draft=pk, goes_on=True)
    save(pk, {**words, "narrative": "还说了学校的事"})
    actions.close_case(actor=actor("lin"), case=case, reason="no_concern")
    backup, sheet = ask(committed, "SELECT * FROM vault_datakey"), one(committed, DRAFT, pk)
    assert (
        of(committed, pk) == 1
        and "还说了学校的事" in signed_in("lin").get(reverse("call_sheet", args=[pk])).content.decode()
    )
    erase(committed, case.reference, "--ground", "retention", "--first", "shen", "--second", "an")
    for again in (False, True):
        if again:
            restored(committed, backup, ("cases_draft", sheet))
            assert of(committed, pk) == 1
            erase(committed, "--replay")
        assert of(committed, pk) == 0 and str(pk) in (tmp_path / "erasures").read_text()
        gone = one(
            committed, "SELECT sealed IS NULL, due_at IS NULL, ended_at IS NOT NULL FROM cases_draft WHERE id = %s", pk
        )
        assert gone == (True, True, True), "a sheet that nobody can open would come up for ever"
        assert signed_in("lin").get(reverse("call_sheet", args=[pk])).status_code != 200


def test_a_case_with_a_grave_sheet_that_nobody_has_logged_is_not_erased(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures")
    pk = uuid7()
    case = call({"caller_kind": "peer"}, draft=pk, goes_on=True)
    actions.close_case(actor=actor("lin"), case=case, reason="no_concern")
    assert save(pk, RED).tier == "red"
    with pytest.raises(CommandError, match="nobody logged"):
        erase(committed, case.reference, "--ground", "error", "--first", "shen", "--second", "an")
    assert of(committed, pk) == 1 and not (tmp_path / "erasures").exists()


def test_a_withdrawn_attachment_is_in_the_journal_and_withdrawn_again_after_a_restore(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures")
    case, zhou = acknowledged(), signed_in("zhou")
    kept, other = keep(case, JPEG, note="放错了的纸"), keep(case, PNG)
    backup, row = ask(committed, "SELECT * FROM vault_datakey"), one(committed, FILE, kept.pk)
    withdraw(case, kept)
    assert "1 withdrawn" in erase(committed, "--confirmed") and erase(committed, "--confirmed") == ""
    (line,) = (tmp_path / "erasures").read_text().splitlines()
    assert json.loads(line) | {"at": ""} == {"at": "", "kind": "file", "owner": str(kept.pk), "ground": "withdrawn"}
    restored(committed, backup, ("cases_attachment", row))
    shown = reverse("person_entry", args=[case.reference, kept.entry_id])
    assert "放错了的纸" in zhou.get(shown).content.decode()
    assert "1 erasures replayed, 1 keys destroyed" in erase(committed, "--replay")
    assert of(committed, kept.pk) == 0 and zhou.get(address(case, kept)).status_code == 404
    page = zhou.get(shown).content.decode()
    assert "放错了的纸" not in page and "撤回" in page and "None" not in page
    page = zhou.get(reverse("person_file", args=[case.reference])).content.decode()
    assert "撤回" in page and "None" not in page
    assert zhou.get(address(case, other)).content == PNG  # and the rest of the file opens as ever


def test_a_hold_that_comes_back_with_a_restore_keeps_its_own_and_stops_no_other_erasure(
    committed: SimpleNamespace, tmp_path: Path, settings: Any
) -> None:
    settings.ERASURE_JOURNAL = str(tmp_path / "erasures")
    held, other = closed({"caller_kind": "peer"}), closed({"caller_kind": "peer"})
    until = now() + timedelta(days=9)
    hold = actions.set_hold(actor=actor("zhou"), reference=held.reference, why="inquiry", until=until)
    backup, row = ask(committed, "SELECT * FROM vault_datakey"), one(committed, HOLD, hold.pk)
    lift(hold)
    for case in (held, other):
        erase(committed, case.reference, "--ground", "retention", "--first", "shen", "--second", "an")
    restored(committed, backup, ("cases_legalhold", row))
    with pytest.raises(CommandError, match="2 of them are kept by legal holds"):
        erase(committed, "--replay")
    assert (of(committed, held.pk), of(committed, other.pk)) == (1, 0)
    lift(hold)
    erase(committed, "--replay")
    assert (of(committed, held.pk), of(committed, held.person_id)) == (0, 0)


def lift(hold: LegalHold) -> None:
    """One asks, and another confirms."""
    for name in ("zhou", "he"):
        actions.lift_hold(actor=actor(name), hold_id=hold.pk)
