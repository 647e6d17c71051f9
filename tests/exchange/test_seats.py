"""Seats and counsellors: a call of the exchange says who took it, and she is shown what she has not logged."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.exchange.stage import rang, seated
from tests.stage import actor, signed_in
from wellbeing.access.actor import identity
from wellbeing.errors import Forbidden, Invalid
from wellbeing.exchange import actions
from wellbeing.exchange.models import Seat
from wellbeing.exchange.queues import ended
from wellbeing.people.models import User
from wellbeing.workdays import now

HOUR = timedelta(hours=1)


def takers() -> dict[str, str | None]:
    with identity(actor("su")):
        return {ring.exchange_id: ring.taken_by for ring in ended(all_of_them=True)}  # type: ignore[attr-defined]


def test_a_call_says_who_took_it_and_she_sees_what_she_has_not_logged(db: None) -> None:
    early, late = rang("early", ago=5 * HOUR), rang("late", ago=HOUR)
    rang("given up", answered=False, ago=HOUR)
    su, page = signed_in("su", "en"), reverse("seats")
    assert "8001" in su.get(page).content.decode()  # a seat that took calls, and nobody is entered
    lin, gao = (User.objects.get(username=name) for name in ("lin", "gao"))
    typed = {"seat": "8001", "counsellor": lin.pk, "since": f"{timezone.localtime(now() - 6 * HOUR):%Y-%m-%dT%H:%M}"}
    assert su.post(page, typed | {"seat": "a b", "key": uuid4()}).status_code == 422
    assert (
        su.post(page, typed | {"counsellor": User.objects.get(username="chen").pk, "key": uuid4()}).status_code == 422
    )
    assert su.post(page, typed | {"key": uuid4()}).status_code == 302
    assert takers() == {"early": str(lin), "late": str(lin), "given up": None}

    second = seated(who="gao", ago=2 * HOUR)  # changed places in between
    assert takers() == {"early": str(lin), "late": str(gao), "given up": None}
    for name, hers, others in (("lin", early, late), ("gao", late, early)):
        for route in ("rings", "shift"):
            text = signed_in(name, "en").get(reverse(route)).content.decode()
            mine = text.split("What became of it")[0] if route == "rings" else text
            assert f"?ring={hers.pk}" in mine and f"?ring={others.pk}" not in mine, (name, route)
    actions.settle_ring(actor=actor("gao"), ring_id=late.pk, why_not="silent")
    assert "that you took" not in signed_in("gao", "en").get(reverse("rings")).content.decode()

    with pytest.raises(Invalid, match="since"):
        seated(who="lin", ago=3 * HOUR)  # before the one who sits there came
    with pytest.raises(Invalid, match="since"):
        actions.assign_seat(actor=actor("su"), seat="8002", counsellor=lin.pk, since=now() + HOUR)
    assert su.post(reverse("leave_seat", args=[second.pk]), {"key": uuid4()}).status_code == 302
    assert su.post(reverse("leave_seat", args=[second.pk]), {"key": uuid4()}).status_code == 409
    assert str(gao) in su.get(page).content.decode()
    with pytest.raises(Forbidden):
        actions.assign_seat(actor=actor("lin"), seat="8003", counsellor=lin.pk)
    for name, sees in (("gao", True), ("zhou", False), ("an", False)):
        with identity(actor(name)):
            assert Seat.objects.exists() == sees, name
            assert Seat.objects.update(until=now()) == 0, name


def test_who_sat_there_before_is_read_page_by_page_and_who_sits_there_now_stands_on_the_first(db: None) -> None:
    for number in range(52):  # the seat changes hands 51 times
        seated("8001", ("lin", "gao")[number % 2], ago=(60 - number) * HOUR)
    su = signed_in("su", "en")
    first = su.get(reverse("seats"))
    assert len(first.context["rows"]) == 1 and len(first.context["left"]) == 50
    older = f"{reverse('seats')}?before={first.context['next_cursor']}"
    assert older in first.content.decode()
    second = su.get(older)
    assert second.context["rows"] == [] and second.context["next_cursor"] is None
    (last,) = second.context["left"]
    assert last.pk not in {one.pk for one in first.context["left"]}
    assert su.get(reverse("seats"), {"before": "nonsense"}).status_code == 200
