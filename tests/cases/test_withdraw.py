"""A file that was added to the wrong case is withdrawn for good: gone for everybody, and that it was there stays."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import F
from django.urls import reverse

from cases import actions
from cases.access import Purpose, reveal, writer
from cases.attachment import Attached
from cases.attachments import open_attachment
from cases.models import Attachment, AttachmentRecord, Case, Entry, EntryKind, Section
from cases.retention import HoldReason
from tests.cases.test_attach import address, count, keep
from tests.cases.transfer_stage import ask
from tests.files import JPEG, PNG, scan
from tests.stage import acknowledged, actor, fresh, managed, signed_in
from wellbeing.access.actor import identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

PAGES = scan(b"Consent", b"Page two")


def withdraw(case: Case, kept: Attachment, by: str = "zhou", **more: Any) -> Entry:
    who = actor(by)
    given = {"typed": case.reference, "desk_id": who.desks[0], **more}
    made: Entry = actions.withdraw_attachment(actor=who, case=case, entry_id=kept.entry_id, **given)
    return made


def later(committed: SimpleNamespace, days: int = 2) -> None:
    """What was attached was attached that many days ago."""
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute("UPDATE cases_entry SET at = at - %s WHERE kind = 'attachment'", [timedelta(days=days)])


def words(case: Case, by: str = "zhou") -> list[Any]:
    with identity(actor(by)):
        file = reveal(actor(by), fresh(case), Section.values, Purpose.CARE)
    return [(one.kind, dict(one.words)) for one in file.entries if one.kind in ("attachment", "withdrawal")]


def test_it_is_gone_for_everybody_and_a_line_says_who_when_and_why(committed: SimpleNamespace) -> None:
    case, zhou = acknowledged(), signed_in("zhou")
    kept, other = keep(case, PAGES, note="妈妈签的字"), keep(case, JPEG)
    person, opened = (
        reverse("person_file", args=[case.reference]),
        reverse("person_entry", args=[case.reference, kept.entry_id]),
    )
    before = zhou.get(opened).content.decode()
    way = reverse("withdraw_attachment", args=[case.reference]) + f"?entry={kept.entry_id}"
    assert "妈妈签的字" in before and way in before
    form = zhou.get(way).content.decode()
    assert str(kept.entry_id) in form and address(case, kept) in form and "妈妈签的字" not in form
    sent = {"key": uuid4(), "entry": kept.entry_id, "because": "放错了个案", "typed": case.reference}
    wrong = zhou.post(way, {**sent, "typed": "ZX-0000-0000"})
    assert (
        wrong.status_code == 422
        and "放错了个案" in wrong.content.decode()
        and zhou.get(address(case, kept)).status_code == 200
    )
    assert zhou.post(way, sent).status_code == 302
    assert zhou.post(way, sent).status_code == 302  # sent again
    for where in (address(case, kept), reverse("attachment_page", args=[case.reference, kept.entry_id, 1])):
        assert zhou.get(where).status_code == 404
    after = zhou.get(opened).content.decode()
    assert "妈妈签的字" not in after and "同意书.pdf" not in after and "file_" not in after and "撤回" in after
    lines = zhou.get(person).content.decode()
    assert lines.count("由") and "撤回" in lines and opened not in lines
    assert "附件已撤回" in zhou.get(reverse("case", args=[case.reference])).content.decode()
    attached = next(said for kind, said in words(case) if kind == "attachment" and "file_name" not in said)
    assert set(attached) == {"attached", "withdrawn"} and words(case)[-1] == ("withdrawal", {"because": "放错了个案"})
    assert zhou.get(address(case, other)).content == JPEG  # the other one is untouched
    with psycopg.connect(committed.superuser_url) as admin:
        left = admin.execute(
            "SELECT (SELECT count(*) FROM cases_attachmentrecord WHERE attachment_id = %(pk)s),"
            " (SELECT count(*) FROM vault.vault_datakey WHERE owner_kind = 'file' AND owner_id = %(pk)s),"
            " (SELECT sealed IS NULL AND withdrawn_by_id IS NOT NULL FROM cases_attachment WHERE id = %(pk)s)",
            {"pk": kept.pk},
        ).fetchone()
    assert left == (0, 0, True)


def test_whoever_attached_it_for_a_day_then_who_answers_for_the_case_with_a_reason(committed: SimpleNamespace) -> None:
    case = managed()  # Chen's school
    hers, ours = keep(case, by="chen"), keep(case, by="zhou")
    with pytest.raises(Invalid) as told:
        withdraw(case, ours, typed="")
    assert told.value.field == "typed"
    assert fresh(case).manager_id == actor("chen").person
    with pytest.raises(Invalid) as told:  # the manager, of somebody else's: with a reason
        withdraw(case, ours, by="chen")
    assert told.value.field == "because"
    later(committed)
    with pytest.raises(Invalid) as told:
        withdraw(case, ours, by="zhou", because="放错了")  # her own, but too late, and she answers for nothing here
    assert told.value.field == "typed"
    page = signed_in("zhou").get(reverse("person_entry", args=[case.reference, ours.entry_id])).content.decode()
    assert "withdraw-attachment" not in page  # no button that leads to a refusal
    withdraw(case, ours, by="chen", because="放错了")
    with pytest.raises(WrongState):
        withdraw(case, ours, by="chen", because="放错了")
    withdraw(case, hers, by="chen", because="也放错了")
    assert count(AttachmentRecord, "chen") == 0


def test_strangers_find_nothing_and_a_hold_keeps_it(committed: SimpleNamespace) -> None:
    case = acknowledged()
    kept = keep(case)
    for name in ("wu", "ye", "gao", "mallory", "shen"):
        with pytest.raises(Forbidden):
            who = actor(name)
            actions.withdraw_attachment(actor=who, case=case, entry_id=kept.entry_id, typed=case.reference, because="x")
    with pytest.raises(Forbidden):
        withdraw(case, SimpleNamespace(entry_id=uuid4()))  # type: ignore[arg-type]
    actions.set_hold(
        actor=actor("zhou"), reference=case.reference, why=HoldReason.INQUIRY, until=now() + timedelta(days=9)
    )
    with pytest.raises(Invalid, match="typed"):
        withdraw(case, kept)
    blanked = {"sealed": None, "withdrawn_at": now(), "withdrawn_by": actor("zhou").person}
    with identity(actor("zhou")), pytest.raises(IntegrityError, match="hold keeps this file"), transaction.atomic():
        Attachment.objects.filter(pk=kept.pk).update(**blanked)
    with psycopg.connect(committed.superuser_url) as admin, pytest.raises(psycopg.Error, match="hold keeps this key"):
        admin.execute("DELETE FROM vault.vault_datakey WHERE owner_kind = 'file'")
    assert signed_in("zhou").get(address(case, kept)).status_code == 200


def test_the_wall_lets_nobody_blank_in_anothers_name_or_write_anew(committed: SimpleNamespace) -> None:
    case = acknowledged()
    kept, chen = keep(case), actor("chen").person
    rows, key = Attachment.objects.filter(pk=kept.pk), DataKeyRow.objects.filter(owner_kind="file", owner_id=kept.pk)
    for change in (
        {"sealed": b"x"},
        {"sealed": None, "withdrawn_at": now(), "withdrawn_by": chen},
        {"withdrawn_at": now()},
    ):
        with (
            identity(actor("zhou")),
            pytest.raises(ProgrammingError, match=r"row-level|signs for herself"),
            transaction.atomic(),
        ):
            rows.update(**change)
    with identity(actor("zhou")):
        assert key.delete()[0] == 0 and AttachmentRecord.objects.all().delete()[0] == 0  # while it stands
        assert key.count() == 1
    for name in ("ye", "wu", "lin"):
        with identity(actor(name)):
            assert key.count() == (1 if name == "lin" else 0), name
    withdraw(case, kept)
    with identity(actor("zhou")):
        assert rows.update(withdrawn_at=F("withdrawn_at")) == 0  # what is withdrawn stays so


def test_one_from_before_there_were_keys_of_files_is_withdrawn_too(committed: SimpleNamespace) -> None:
    """Its words stood in its entry, which is never changed: no door shows them any more, and its records are gone."""
    case = acknowledged()
    kept = keep(case, PNG, what=Attached.RECEIPT, note="旧附件")
    with identity(actor("zhou")):
        (found,) = words(case)
        old = writer(case).entry(Section.PLAN, EntryKind.ATTACHMENT, found[1], actor=actor("zhou"), at=now())
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute("UPDATE cases_attachment SET sealed = NULL")
        admin.execute("DELETE FROM vault.vault_datakey WHERE owner_kind = 'file'")
    with identity(actor("zhou")):
        old.save(force_insert=True)
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute("UPDATE cases_attachment SET entry_id = %s", [old.pk])
    kept.entry_id = old.pk
    with identity(actor("zhou")):
        assert open_attachment(actor("zhou"), case, old.pk, Purpose.CARE).content == PNG
    withdraw(case, kept)
    assert "旧附件" not in str(words(case)) and count(AttachmentRecord) == 0
    assert signed_in("zhou").get(address(case, kept)).status_code == 404


def test_a_file_that_has_moved_is_withdrawn_where_it_is(committed: SimpleNamespace) -> None:
    case = managed()
    kept = keep(case, PNG, note="转县")
    ask(case)
    actions.accept_transfer(actor=actor("ye"), case=case)
    assert words(fresh(case), "ye")[0][1]["note"] == "转县"
    later(committed)
    with pytest.raises(Invalid, match="typed"):
        withdraw(fresh(case), kept, by="ye", because="x")
    with identity(actor("ye")):
        assert DataKeyRow.objects.filter(owner_kind="file", owner_id=kept.pk).count() == 1
