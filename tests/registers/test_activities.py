"""Activities of the city's centre: noted by its desk, struck where wrong, seen by those who answer for them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tests.registers.scenes import activity, incident
from tests.stage import actor, fresh
from wellbeing.access.actor import identity
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.models import User
from wellbeing.registers import access, actions
from wellbeing.registers.kinds import ActivityKind
from wellbeing.registers.models import Activity
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db


def seen(name: str) -> list[Activity]:
    with identity(actor(name)):
        return access.activities(actor(name))[0]


def test_noted_seen_and_struck() -> None:
    one, other = activity(), activity(ActivityKind.EVENT, reached=400)
    assert {row.pk for row in seen("he")} == {row.pk for row in seen("shen")} == {one.pk, other.pk}
    for name in ("zhou", "chen", "lin", "mallory"):
        with pytest.raises(Forbidden):
            seen(name)
        with identity(actor(name)):
            assert Activity.objects.count() == 0
    with pytest.raises(Forbidden):
        actions.strike_activity(actor=actor("shen"), activity=one)
    actions.strike_activity(actor=actor("he"), activity=one)
    assert [row.pk for row in seen("shen")] == [other.pk]
    with pytest.raises(Forbidden):
        actions.strike_activity(actor=actor("he"), activity=fresh(one))


def test_what_cannot_be_is_named_by_its_field() -> None:
    good = {
        "kind": ActivityKind.CLASS,
        "title": "亲子课堂",
        "held_on": now().date(),
        "hours": Decimal(2),
        "reached": 30,
    }
    for field, value in (
        ("title", "报名13857201234"),
        ("held_on", now().date() + timedelta(days=1)),
        ("hours", Decimal(0)),
        ("hours", Decimal(101)),
        ("reached", 0),
        ("reached", 10**7),
    ):
        with pytest.raises(Invalid) as refused:
            actions.note_activity(actor=actor("he"), **{**good, field: value})
        assert refused.value.field == field
    assert seen("he") == []


def test_older_ones_stand_on_the_next_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "PER_PAGE", 2)
    held = [activity(held_on=now().date() - timedelta(days=days)) for days in (3, 0, 1, 1, 0)]
    told = [incident(happened_at=now() - timedelta(hours=hours)) for hours in (5, 9, 1)]
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="shen"))
    for address, made, name, order in (
        (reverse("activities"), held, "activities", lambda one: (one.held_on, one.pk)),
        (reverse("incidents"), told, "incidents", lambda one: (one.happened_at, one.pk)),
    ):
        found, query = [], ""
        while query is not None:
            page = client.get(address + query)
            found += [one.pk for one in page.context[name]]
            older = page.context["older"]
            assert (f"before={older}" in page.content.decode()) == bool(older)
            query = f"?before={older}" if older else None
        assert found == [one.pk for one in sorted(made, key=order, reverse=True)]
    assert client.get(reverse("activities") + "?before=nonsense").status_code == 200
