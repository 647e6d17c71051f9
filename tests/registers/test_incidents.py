"""An incident from its report to its close: who sees it, what its text may not hold, how it stands sealed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.people.scenes import posted
from tests.registers.scenes import STORY, incident
from tests.stage import actor, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.models import Event
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role, User
from wellbeing.registers import access, actions
from wellbeing.registers.kinds import LineKind, long_number
from wellbeing.registers.models import Incident, IncidentLine
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db


def lead(school: str = "xinghe") -> Actor:
    return posted(f"lead-{school}", school, Role.SCHOOL_CRISIS_LEAD)


def told(by: Actor, one: Incident) -> list[access.Told]:
    with identity(by):
        return access.reveal(by, access.open_incident(by, one.reference))


def test_from_report_to_close() -> None:
    principal = lead()
    one = incident(by=principal)
    with identity(Actor.machine("test")):
        assert [n.desk_id for n in Notice.objects.filter(kind="incident")] == list(actor("zhou").desks)
    again = incident()  # by the county: the school is told
    with identity(Actor.machine("test")):
        told_of = Notice.objects.filter(kind="incident", target=f"incident:{again.reference}")
        assert [n.desk_id for n in told_of] == list(principal.desks)
    at = now() - timedelta(minutes=20)
    actions.write_incident(actor=principal, incident=one, kind=LineKind.TOLD, at=at, whom="guardian", text="电话告知")
    with pytest.raises(WrongState):
        actions.close_incident(actor=actor("zhou"), incident=fresh(one))
    actions.review_incident(
        actor=actor("zhou"), incident=fresh(one), held_at=now(), review="校、区两级参加", lessons="天台加锁"
    )
    with pytest.raises(Forbidden):  # the school does not close its own
        actions.close_incident(actor=principal, incident=fresh(one))
    actions.close_incident(actor=actor("zhou"), incident=fresh(one))
    with pytest.raises(WrongState):
        actions.write_incident(actor=principal, incident=fresh(one), kind=LineKind.DONE, at=now(), text="又及")
    for wrong in (principal, actor("ye"), actor("shen")):
        with pytest.raises(Forbidden):
            actions.reopen_incident(actor=wrong, incident=fresh(one), text="又有新的情况")
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="zhou"))
    form = client.get(reverse("reopen_incident", args=[one.reference]))
    given = {"key": form.context["form"]["key"].value(), "text": "次日又有学生上天台"}
    again = client.post(reverse("reopen_incident", args=[one.reference]), given, follow=True).content.decode()
    assert "次日又有学生上天台" in again and reverse("write_incident", args=[one.reference]) in again
    with pytest.raises(WrongState):  # reviewed anew before it is closed
        actions.close_incident(actor=actor("zhou"), incident=fresh(one))
    with pytest.raises(WrongState):
        actions.reopen_incident(actor=actor("zhou"), incident=fresh(one), text="再开")
    lines = told(actor("shen"), one)
    assert [(each.kind, each.whom) for each in lines] == [
        ("happened", ""),
        ("told", "guardian"),
        ("review", ""),
        ("lesson", ""),
        ("happened", ""),
    ]
    assert lines[0].text == STORY
    with identity(Actor.machine("verify")):
        reading = Event.objects.filter(stream=one.pk, act="registers:incident:opened").count()
    assert reading == 2  # by the county, when it was opened again, and by the bureau


def test_its_county_school_and_bureau_read_it_and_nobody_else_finds_a_row() -> None:
    one = incident()
    for name in ("zhou", "luo", "he", "shen"):
        assert told(actor(name), one)[0].text == STORY, name
    assert told(lead(), one)[0].text == STORY
    for by in (*map(actor, ("ye", "chen", "lin", "fang", "sun", "mallory")), lead("bailang")):
        with identity(by):  # the wall, not the application
            found = (Incident.objects.count(), IncidentLine.objects.count(), DataKeyRow.objects.count())
        assert found[:2] == (0, 0), by.name
        with pytest.raises(Forbidden):
            told(by, one)
    with identity(Actor.machine("figures")):
        found = (Incident.objects.count(), IncidentLine.objects.count(), DataKeyRow.objects.count())
    assert found == (1, 0, 0)
    with pytest.raises(Forbidden):
        actions.write_incident(actor=actor("ye"), incident=one, kind=LineKind.DONE, at=now(), text="x")


def test_the_story_stands_nowhere_in_clear() -> None:
    one = incident()
    with identity(actor("zhou")), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(sealed, 'escape'), '') FROM registers_incidentline")
        raw = cursor.fetchone()[0]
        cursor.execute("SELECT to_jsonb(i)::text FROM registers_incident i WHERE id = %s", [one.pk])
        cover = cursor.fetchone()[0]
    assert raw and "天台" not in raw and "天台" not in cover


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("家长电话13857201234", True),
        ("0580 - 2034567", True),
        ("330902 2010 0101 123X", True),
        ("学号 2024010203", True),
        ("１３８５７２０１２３４", True),
        ("2026-11-26 10:30 至 11:45 报 110、120", False),
        ("2026年11月26日由2912345转来,0580-2912345", False),
        ("八年级3班,6人在场", False),
    ],
)
def test_long_numbers(text: str, refused: bool) -> None:
    assert long_number(text) is refused


def test_what_cannot_be_is_named_by_its_field() -> None:
    one, zhou = incident(), actor("zhou")
    write = {"incident": one, "kind": LineKind.DONE, "at": now(), "text": "已联系"}
    wrong: list[tuple[str, Any, dict[str, Any]]] = [
        ("text", actions.write_incident, {**write, "text": "电话13857201234"}),
        ("text", actions.write_incident, {**write, "text": "  "}),
        ("at", actions.write_incident, {**write, "at": now() + timedelta(hours=1)}),
        ("at", actions.write_incident, {**write, "at": now() - timedelta(days=2)}),
        ("whom", actions.write_incident, {**write, "kind": LineKind.TOLD}),
        ("whom", actions.write_incident, {**write, "whom": "police"}),
        ("kind", actions.write_incident, {**write, "kind": LineKind.LESSON}),
        ("lessons", actions.review_incident, {"incident": one, "held_at": now(), "review": "x", "lessons": " "}),
    ]
    for field, act, given in wrong:
        with pytest.raises(Invalid) as refused:
            act(actor=zhou, **given)
        assert refused.value.field == field
    with pytest.raises(Forbidden):
        incident("bailang")
    assert len(told(zhou, one)) == 1


def test_on_its_pages_an_incident_keeps_what_was_typed_and_another_county_finds_none() -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(pk=lead().id))
    page = client.get(reverse("report_incident"))
    key = page.context["form"]["key"].value()
    school = page.context["form"].fields["school"].choices[0][0]
    given = {"key": key, "school": school, "about": "teacher", "happened_at": "2026-01-05T10:00"}
    again = client.post(reverse("report_incident"), {**given, "text": "电话13857201234"})
    assert again.status_code == 422 and "13857201234" in again.content.decode()  # nothing typed is lost
    made = client.post(reverse("report_incident"), {**given, "text": "一名教师突发情绪崩溃"}, follow=True)
    body = made.content.decode()
    assert made.status_code == 200 and "一名教师突发情绪崩溃" in body and made.redirect_chain
    assert client.get(reverse("incidents")).content.decode().count("IN-") >= 1
    client.force_login(User.objects.get(username="ye"))
    assert client.get(made.redirect_chain[-1][0]).status_code == 404
