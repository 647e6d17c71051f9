"""Break-glass: told first, for hours, three a day, judged by somebody else, and shut while nobody has judged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.access import Purpose, open_case, reveal
from cases.glass import Before, level, rests, reviewing
from cases.models import Section
from cases.tick import escalate_unreviewed
from tests.cases.glass_stage import BECAUSE, opened
from tests.stage import RED, actor, call, desk, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def notices(kind: str) -> set[int | None]:
    with identity(Actor.machine("ticker")):
        return set(Notice.objects.filter(kind=kind).values_list("desk_id", flat=True))


def reads(name: str, reference: str) -> list[str]:
    """What the person reads in the file now; Forbidden where she may not."""
    with identity(actor(name)):
        file = reveal(actor(name), open_case(actor(name), reference), Section.values, Purpose.CARE)
        return [str(value) for entry in file.entries for value in entry.words.values()]


def test_when_the_right_rests() -> None:
    three = [Before(AT - n * HOUR, True, "justified") for n in range(3)]
    rules: dict[str, Any] = {"per_day": 3, "suspend": 72 * HOUR}
    assert rests(three, AT, **rules) == "often"
    assert rests(three[:2], AT, **rules) == ""
    assert rests(three, AT + 24 * HOUR, **rules) == ""
    assert rests([Before(AT - 71 * HOUR, False)], AT, **rules) == ""
    assert rests([Before(AT - 72 * HOUR, False)], AT, **rules) == "unreviewed"
    assert rests([Before(AT - HOUR, True, "not")], AT, **rules) == "refused"
    assert rests([Before(AT - 25 * HOUR, True, "not")], AT, **rules) == ""


def test_who_reviews_and_how_far_up_it_goes() -> None:
    assert reviewing([1, 2, None, 3], mine={1}) == (2, 3)
    assert reviewing([1, 1, 2], mine=()) == (1, 2)
    assert reviewing([1, 2], mine={2}) is None
    spans = [level(AT, AT + hours * HOUR, review=24 * HOUR) for hours in (0, 23.9, 24, 47, 48, 500)]
    assert spans == [0, 0, 1, 1, 2, 2]


@pytest.mark.django_db
def test_two_desks_know_before_a_word_is_read_and_four_hours_later_it_is_shut(wait: Any) -> None:
    case = call(by="gao")
    with pytest.raises(Forbidden):
        reads("lin", case.reference)
    for name, reference in (("ye", case.reference), ("lin", "ZS-2222-2222"), ("chen", case.reference)):
        with pytest.raises(Forbidden):  # another county's, one that does not exist, a role without the right
            actions.break_glass(actor=actor(name), reference=reference, why="danger", because=BECAUSE)
    with pytest.raises(Invalid):
        actions.break_glass(actor=actor("lin"), reference=case.reference, why="danger", because="急")
    glass = opened(case)
    assert notices("glass_broken") == {
        desk("city-centre", Role.CITY_DUTY).pk,
        desk("dinghai-centre", Role.COUNTY_TRIAGE).pk,
    }
    assert RED["narrative"] in reads("lin", case.reference)
    with pytest.raises(Forbidden):  # to read, never to work
        actions.raise_tier(actor=actor("lin"), case=fresh(case), to="red", because="x")
    with pytest.raises(Forbidden):  # nobody judges her own
        actions.review_glass(actor=actor("lin"), glass_id=glass.pk, verdict="justified")
    assert BECAUSE.encode() not in bytes(glass.reason)
    wait(hours=4.1)
    with pytest.raises(Forbidden):
        reads("lin", case.reference)


@pytest.mark.django_db
def test_unreviewed_it_goes_up_and_the_right_rests_until_somebody_has_judged(wait: Any) -> None:
    glass = opened()
    wait(hours=25)
    assert escalate_unreviewed() == 1 and escalate_unreviewed() == 1
    bureau, security = desk("bureau", Role.EDUCATION_ADMIN).pk, desk("office", Role.SECURITY_ADMIN).pk
    assert notices("glass_late") == {bureau}
    wait(hours=48)
    escalate_unreviewed()
    assert notices("glass_late") == {bureau, security}
    with pytest.raises(Invalid) as shut:
        opened()
    assert shut.value.field == "reference"
    actions.review_glass(actor=actor("an"), glass_id=glass.pk, verdict="justified")
    with pytest.raises(WrongState):
        actions.review_glass(actor=actor("he"), glass_id=glass.pk, verdict="not")
    for _third in range(3):
        opened()
    with pytest.raises(Invalid):
        opened()


@pytest.mark.django_db
def test_on_its_pages() -> None:
    def client(name: str) -> Client:
        found = Client()
        found.force_login(User.objects.get(username=name))
        return found

    case = call(by="gao")
    page = client("lin")
    key = page.get(reverse("break_glass")).context["form"]["key"].value()
    form = {"key": key, "reference": case.reference.lower(), "why": "danger", "because": "短"}
    answer = page.post(reverse("break_glass"), form)
    assert answer.status_code == 422 and "短" in answer.content.decode()
    for _again in range(2):  # a browser that sends twice opens once
        answer = page.post(reverse("break_glass"), {**form, "because": BECAUSE})
        assert answer.status_code == 302 and case.reference in answer["Location"]
    shown = client("he").get(reverse("glass")).content.decode()
    assert BECAUSE in shown and case.reference in shown and RED["name"] not in shown
    with identity(actor("he")):
        waiting = list(client("he").get(reverse("glass")).context["rows"])
    assert len(waiting) == 1 and now() < waiting[0]["glass"].until
    address = reverse("review_glass", args=[waiting[0]["glass"].pk])
    form = {"key": client("he").get(address).context["form"]["key"].value(), "verdict": "not"}
    assert client("he").post(address, form).status_code == 302
    assert notices("glass_doubted") == {desk("office", Role.SECURITY_ADMIN).pk}
    assert client("ye").get(reverse("glass")).context["rows"] == []
