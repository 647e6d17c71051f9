"""Rows leave as a file: sealed for one receiver, confirmed by a second person above fifty, fetched once, destroyed."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cases import actions
from cases.export_access import Rows, open_file
from cases.models import Export
from cases.outlived import end_unfetched
from tests.cases.export_stage import exported, long_list
from tests.stage import actor, call, campaign, covered, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import grant, revoke
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.ids import uuid7
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Desk, User
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db


def seen(name: str, export: Export) -> Export:
    with identity(actor(name)):
        return Export.objects.get(pk=export.pk)


def key_seen(name: str) -> int:
    with identity(actor(name)):
        return DataKeyRow.objects.filter(owner_kind="export").count()


def told(kind: str) -> int:
    with identity(Actor.machine("ticker")):
        return Notice.objects.filter(kind=kind).count()


def test_a_long_list_takes_two_people_and_is_fetched_once_by_its_receiver() -> None:
    made = exported()
    assert told("export_asked") == 1 and told("export_ready") == 0
    for name in ("chen", "zhou", "he"):
        assert key_seen(name) == 0, "nobody opens it before a second person has confirmed"
    with pytest.raises(WrongState):
        actions.fetch_export(actor=actor("chen"), export_id=made.pk)
    for name in ("chen", "wu", "ye", "he", "su"):  # herself, another school, another county, not above, no right
        with pytest.raises(Forbidden):
            actions.confirm_export(actor=actor(name), export_id=made.pk)
    with identity(actor("chen")), connection.cursor() as cursor:  # nor by SQL
        cursor.execute("UPDATE cases_export SET second_at = now(), second_id = %s", [actor("zhou").id])
        assert cursor.rowcount == 0
    with identity(actor("zhou")), pytest.raises(DatabaseError), transaction.atomic():
        Export.objects.filter(pk=made.pk).update(receiver_id=actor("zhou").id)
    actions.confirm_export(actor=actor("zhou"), export_id=made.pk)
    with pytest.raises(WrongState):
        actions.confirm_export(actor=actor("luo"), export_id=made.pk)
    assert (key_seen("chen"), key_seen("zhou"), told("export_ready")) == (1, 0, 1)
    for name in ("zhou", "wu", "he"):
        with pytest.raises(Forbidden):
            actions.fetch_export(actor=actor(name), export_id=made.pk)
    with identity(actor("zhou")), pytest.raises(Forbidden), transaction.atomic():
        open_file(Export.objects.get(pk=made.pk))
    export, content = actions.fetch_export(actor=actor("chen"), export_id=made.pk)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        core = parts.read("docProps/core.xml").decode()
        whole = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    assert "<f>" not in whole and "HYPERLINK" in whole
    mark = export.reference
    assert (
        mark in core and whole.count(mark) == 3 and str(actor("chen").name) in core
    )  # a property, the second line, the foot
    with pytest.raises(WrongState):
        actions.fetch_export(actor=actor("chen"), export_id=made.pk)
    assert seen("chen", made).sealed is None and key_seen("chen") == 0
    with identity(Actor.machine("verify")):
        acts = list(
            Event.objects.filter(act__startswith="access:export:").order_by("act").values_list("act", "actor_id")
        )
        bodies = b"".join(bytes(body) for body in Event.objects.values_list("body", flat=True))
    chen, zhou = actor("chen").id, actor("zhou").id
    assert acts == [(P.EXPORT_ASK, chen), (P.EXPORT_CONFIRM, zhou), (P.EXPORT_FETCH, chen)]  # a clock may step back
    assert "学生".encode() not in bodies


def test_what_is_short_needs_nobody_else_lapses_and_is_destroyed(wait: Any) -> None:
    made = exported(50, by="zhou", to="luo", days=1, form="csv")
    with pytest.raises(Forbidden):
        actions.fetch_export(actor=actor("zhou"), export_id=made.pk)  # she asked, it is not for her
    for wrong in ({"to": "ye"}, {"days": 4}, {"rows": long_list(5_001)}):
        with pytest.raises(Invalid):
            exported(**{"number": 1, "by": "zhou", **wrong})
    late = exported(1, by="zhou", days=1)
    _export, content = actions.fetch_export(actor=actor("luo"), export_id=made.pk)
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert seen("zhou", made).reference in lines[1][0] and lines[-1][0].startswith("'=HYPERLINK")
    assert (len(lines), told("export_fetched"), lines[3]) == (53, 1, ["学生0", "00"])
    assert end_unfetched() == 0
    wait(hours=25)
    with pytest.raises(WrongState):
        actions.fetch_export(actor=actor("zhou"), export_id=late.pk)
    assert key_seen("zhou") == 0
    assert end_unfetched() == 1 and end_unfetched() == 0
    with identity(Actor.machine("ticker")):
        assert Export.objects.filter(sealed__isnull=False).count() == 0
        assert DataKeyRow.objects.filter(owner_kind="export").count() == 0


def test_the_pages_ask_for_each_sort_and_only_where_the_rows_are_read() -> None:
    _campaign, ((student, words),) = campaign("S1")
    actions.report_concern(actor=actor("ding"), name="小渔", seen="近来沉默")
    handed = covered(by="chen", to="zhou")
    chen = signed_in("chen")
    given = {"receiver": actor("chen").id, "form": "csv", "why": "work", "days": 1}
    roll = reverse("ask_export", args=[f"roll-{student.batch_id}"])
    assert roll in chen.get(reverse("roll", args=[student.batch_id])).content.decode()
    assert chen.get(roll).status_code == 200
    page = chen.post(roll, {**given, "key": student.pk})
    assert (page.status_code, page.url) == (302, reverse("exports"))
    assert signed_in("wu").get(roll).status_code == 404
    for bad in ("roll", f"interviews-{student.pk}", f"handover-{student.pk}", "all"):
        assert chen.get(reverse("ask_export", args=[bad])).status_code == 404, bad
    empty = chen.post(reverse("ask_export", args=["interviews"]), {**given, "key": uuid7()})
    assert empty.status_code == 422  # nobody waits
    with identity(actor("chen")):
        made = Export.objects.get()
    shown = chen.get(reverse("exports")).content.decode()
    fetch = reverse("fetch_export", args=[made.pk])
    assert fetch in shown and words["name"] not in shown
    assert fetch not in signed_in("zhou").get(reverse("exports")).content.decode()
    answer = chen.post(fetch)
    assert answer["Cache-Control"] == "no-store" and answer["Content-Disposition"].startswith("attachment")
    text = answer.content.decode("utf-8-sig")
    assert words["name"] in text and words["code"] in text and made.reference in text
    assert chen.post(fetch).status_code == 409
    page = chen.post(reverse("ask_export", args=[f"handover-{handed.pk}"]), {**given, "key": handed.pk})
    with identity(actor("chen")):
        listed = Export.objects.get(sort="handover")
    _export, content = actions.fetch_export(actor=actor("chen"), export_id=listed.pk)
    assert page.status_code == 302 and "小渔" not in content.decode() and len(listed.cases) == listed.row_count == 1


def test_fifty_rows_a_day_is_what_one_person_takes_out_in_however_many_files(wait: Any) -> None:
    """The second file of a day waits for a second person where both together are a long list; of a day before, or of a
    colleague's, nothing counts."""
    first, second = exported(30), exported(30)
    exported(50, by="zhou")
    assert told("export_ready") == 2 and told("export_asked") == 1
    actions.fetch_export(actor=actor("chen"), export_id=first.pk)
    with pytest.raises(WrongState):
        actions.fetch_export(actor=actor("chen"), export_id=second.pk)
    with pytest.raises(Forbidden):
        actions.confirm_export(actor=actor("chen"), export_id=second.pk)
    with pytest.raises(Forbidden):
        actions.confirm_export(actor=actor("ye"), export_id=second.pk)
    page = signed_in("zhou").get(reverse("exports")).content.decode()
    assert reverse("confirm_export", args=[second.pk]) in page
    assert reverse("fetch_export", args=[second.pk]) not in signed_in("chen").get(reverse("exports")).content.decode()
    actions.confirm_export(actor=actor("zhou"), export_id=second.pk)
    assert seen("chen", second).second_id == actor("zhou").id
    actions.fetch_export(actor=actor("chen"), export_id=second.pk)
    wait(hours=25)
    actions.fetch_export(actor=actor("chen"), export_id=exported(50).pk)


def test_a_colleague_receives_no_row_that_is_open_to_the_asker_alone() -> None:
    """What is open to one of a desk by a grant of her own does not go to a colleague as a file."""
    case = call()
    rows = Rows("名单", ("姓名",), [("小岚",)], [case.pk])
    with identity(Actor.machine("test")):
        desk_of = Desk.objects.get(pk=actor("zhou").desks[0])
        revoke(case, holder=desk_of)
        grant(
            case,
            to=User.objects.get(username="zhou"),
            origin=Origin.GIVEN,
            expires_at=now() + timedelta(days=1),
            by=actor("lin"),
        )
    mine = exported(by="zhou", sort="interviews", rows=rows)
    with pytest.raises(Invalid):
        exported(by="zhou", to="luo", sort="interviews", rows=rows)
    with identity(Actor.machine("test")):
        revoke(case, holder=User.objects.get(username="zhou"))
    with pytest.raises(Invalid):  # what is not open to her any more is not fetched any more
        actions.fetch_export(actor=actor("zhou"), export_id=mine.pk)
