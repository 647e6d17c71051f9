"""One person, one file: opened line by line, filtered by kind, and every opening recorded."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cases import actions
from cases.attachment import Attached
from cases.instruments import INSTRUMENTS
from cases.models import Case, Entry
from cases.person_file import KINDS
from cases.session import Meeting
from tests.cases.school_stage import report
from tests.cases.test_attach import PNG
from tests.stage import actor, fresh, scene, signed_in
from wellbeing.access.actor import identity
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.audit.tags import Tag
from wellbeing.upload import Content


def test_one_persons_file_opens_line_by_line_and_each_opening_is_recorded(db: None) -> None:
    stage, chen = scene(), signed_in("chen")
    case: Case = stage.case
    by = actor("chen")
    actions.log_session(actor=by, case=case, kind=Meeting.SESSION, words={"free": "秘密的话"}, desk_id=by.desks[0])
    actions.attach(
        actor=by, case=fresh(case), what=Attached.DRAWING, content=Content("画.png", PNG), desk_id=by.desks[0]
    )
    address = reverse("person_file", args=[case.reference])
    page = chen.get(address).content.decode()
    assert "秘密的话" not in page and "<strong>面谈</strong>" in page
    assert "对您的岗位保持封存" in page, "what the hotline heard stays shut"
    with identity(by):
        session, drawing = (Entry.objects.get(case=case, kind=kind) for kind in ("session", "attachment"))
        assert not Entry.objects.filter(case=case, section="narrative", kind="call").exists()  # the wall hides it
        readings = Event.objects.filter(stream=case.pk, act=Tag.READ_FILE).count()
    with identity(actor("lin")):
        heard = Entry.objects.filter(case=case, section="narrative", kind="call")[0]
    opened = chen.get(reverse("person_entry", args=[case.reference, session.pk]), headers={"HX-Request": "true"})
    assert "秘密的话" in opened.content.decode() and "<html" not in opened.content.decode()
    picture = chen.get(reverse("person_entry", args=[case.reference, drawing.pk])).content.decode()
    shown = reverse("attachment", args=[case.reference, drawing.pk]) + "?show"
    assert f'src="{shown}"' in picture
    got = chen.get(shown)
    assert got["Content-Disposition"].startswith("inline") and "sandbox" in got["Content-Security-Policy"]
    with identity(by):
        assert Event.objects.filter(stream=case.pk, act=Tag.READ_FILE).count() == readings + 3
    assert chen.get(reverse("person_entry", args=[case.reference, heard.pk])).status_code == 404
    assert signed_in("wu").get(reverse("person_entry", args=[case.reference, session.pk])).status_code == 404
    first = chen.get(f"{address}?kind=calls&after=2000-01-01T00:00:00%2B00:00~{session.pk}").content.decode()
    assert session.pk.hex not in first.replace("-", "")


def test_a_persons_file_is_filtered_by_each_of_its_kinds(db: None) -> None:
    case, by = scene().case, actor("chen")
    given = {"actor": by, "desk_id": by.desks[0]}
    actions.log_session(case=case, kind=Meeting.SESSION, words={"free": "谈"}, **given)
    actions.attach(case=fresh(case), what=Attached.DRAWING, content=Content("画.png", PNG), **given)
    actions.record_instrument(
        case=fresh(case), instrument="gad7", answers=dict.fromkeys(INSTRUMENTS["gad7"].items, 1), **given
    )
    actions.assess_risk(case=fresh(case), words={"thoughts": "none"}, face_to_face=True, **given)
    actions.plan_return(case=fresh(case), words={"advice": "减半作业"}, **given)
    actions.merge_concern(actor=by, case=report("小渔"), into=case.reference)
    chen, address = signed_in("chen"), reverse("person_file", args=[case.reference])

    def shown(kind: str = "") -> dict[Any, tuple[str, str]]:
        page = chen.get(address, {"kind": kind})
        here = f"{address}?kind={kind}" if kind else address
        assert f'<a href="{here}" aria-current="page">' in page.content.decode(), "the filter says which one it is"
        return {row["line"].id: (row["line"].source, str(row["line"].kind)) for row in page.context["rows"]}

    every, by_kind = shown(), {kind: shown(kind) for kind in KINDS}
    assert {kind: set(found.values()) for kind, found in by_kind.items()} == {
        "calls": {("entry", "call")},
        "sessions": {("entry", "session")},
        "concerns": {("entry", "concern"), ("trace", P.CONCERN_MERGE.value)},
        "screenings": {("entry", "instrument")},
        "tiers": {("entry", "assessment")},
        "referrals": {("trace", P.CHANNEL_OPEN.value)},
        "return": {("entry", "return_plan")},
        "papers": {("entry", "attachment")},
    }
    listed = [pk for found in by_kind.values() for pk in found]
    assert len(listed) == len(set(listed)) and set(listed) <= every.keys(), "each line under one kind, and all in one"
    assert ("entry", "manager") in (every[pk] for pk in every.keys() - set(listed)), "what has no kind stands there too"
    assert chen.get(address, {"kind": "nonsense"}).context["kind"] == ""
