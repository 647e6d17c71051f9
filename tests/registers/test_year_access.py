"""The hotline's yearly return: filled in by its supervisor, confirmed by the bureau, and then in the annual report."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from tests.registers.scenes import hotline_year
from tests.stage import actor, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.exchange.actions import assign_seat
from wellbeing.outbox.models import Notice
from wellbeing.people.models import User
from wellbeing.registers import actions
from wellbeing.registers.kinds import STAFF_CELLS
from wellbeing.registers.models import HotlineYear
from wellbeing.web.views import address_of
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db


def report(year: int) -> dict[str, tuple[str, str]]:
    """The annual report by field, from its CSV and, as it must be the same, from its page."""
    shen = signed_in("shen")
    page = shen.get(reverse("annual_report", args=[year]))
    lines = list(csv.reader(io.StringIO(shen.get(reverse("annual_export", args=[year, "csv"])).getvalue().decode())))
    fields = [(one.label, one.text, one.lacks) for part in page.context["parts"] for one in part.fields]
    assert [(label, text, lacks) for _part, label, text, lacks in lines[-len(fields) :]] == fields
    return {label: (text, lacks) for label, text, lacks in fields}


def told_of(name: str) -> list[str]:
    """The kinds of the notices of yearly returns for her desk, each of which leads to the list of them."""
    with identity(Actor.machine("messages")):
        found = list(Notice.objects.filter(kind__startswith="year_", desk_id__in=actor(name).desks))
    assert {address_of(one.target) for one in found} <= {reverse("hotline_years")}
    return [one.kind for one in found]


def seen(one: HotlineYear) -> HotlineYear:
    with identity(actor("shen")):
        return HotlineYear.objects.get(pk=one.pk)


def test_a_year_is_filled_in_confirmed_and_stands_in_the_annual_report(wait: Any) -> None:
    year, su, shen = now().year, signed_in("su"), signed_in("shen")
    assert report(year)["坐席数"] == ("–", "热线尚未填报本年度数据。")
    page = su.get(reverse("fill_year", args=[year])).context["form"]
    staff = dict.fromkeys(STAFF_CELLS, "") | {"psychiatrist_part": "1", "counsellor_full": "4"}
    sent = {"key": page["key"].value(), "seats": "3", "hours": "18.5", **staff}
    for field, bad in (
        ("seats", "0"),
        ("seats", "1000000000"),
        ("hours", "24.5"),
        ("nurse_full", "-1"),
        ("hours", "=1"),
    ):
        refused = su.post(reverse("fill_year", args=[year]), {**sent, field: bad})
        assert refused.status_code == 422 and refused.context["form"].errors.get(field), (field, bad)
    assert su.post(reverse("fill_year", args=[year]), sent).status_code == 302
    assert su.post(reverse("fill_year", args=[year]), sent).status_code == 302  # sent twice: once
    assign_seat(actor=actor("su"), seat="8001", counsellor=User.objects.get(username="lin").pk, since=None)
    text, lacks = report(year)["坐席数"]
    assert text == "–" and "确认" in lacks and "：1 个" in lacks  # what the exchange knows stands beside it
    assert told_of("shen") == ["year_waits"]  # sent twice: told once
    with identity(actor("shen")):
        one = HotlineYear.objects.get()
    assert su.get(reverse("fill_year", args=[year + 1])).status_code == 404
    assert shen.post(reverse("confirm_year", args=[one.pk]), {"key": page["key"].value()}).status_code == 302
    told = report(year)
    assert told["坐席数"][0] == "3" and told["每日服务时长"][0] == "18.5"
    assert told["精神科医师，兼职"][0] == "1" and told["护士，专职"][0] == "0" and told["人员合计"][0] == "5"
    late = su.post(reverse("fill_year", args=[year]), {**sent, "key": str(one.pk)})
    assert late.status_code == 409  # confirmed: it changes only after it was sent back
    assert report(year - 1)["坐席数"][0] == "–"
    actions.send_back_year(actor=actor("shen"), hotline_year=seen(one), because="请核对坐席数")
    assert told_of("su") == ["year_sent_back"]
    assert report(year)["坐席数"] == ("–", "热线年度填报已退回，待热线修改。 该年度话务系统中有接线员的坐席：1 个。")
    assert "请核对坐席数" in su.get(reverse("hotline_years")).content.decode()
    wait(minutes=1)
    again = hotline_year(year, seats=2)
    assert (again.pk, again.state, again.note) == (one.pk, "filled", "")
    assert told_of("shen") == ["year_waits"] * 2


def test_nobody_else_sees_fills_in_or_confirms_one(wait: Any) -> None:
    one = hotline_year()
    for name in ("lin", "gao", "zhou", "he", "chen", "fang", "sun", "an", "jian", "mallory"):
        with identity(actor(name)):
            assert HotlineYear.objects.count() == 0, name
        assert signed_in(name).get(reverse("hotline_years")).status_code == 404, name
        for act in (actions.confirm_year, actions.fill_year, actions.send_back_year):
            given: dict[str, Any] = {"hotline_year": one} if act is not actions.fill_year else {"year": 2025}
            given |= {"seats": 2, "hours": Decimal(1), "staff": {}} if "year" in given else {}
            given |= {"because": "x"} if act is actions.send_back_year else {}
            with pytest.raises(Forbidden):
                act(actor=actor(name), **given)
    with identity(actor("su")), pytest.raises(DatabaseError), transaction.atomic():
        HotlineYear.objects.update(state="confirmed")  # the wall, without the door
    with pytest.raises(Invalid):
        hotline_year(2023)
    with pytest.raises(Invalid):
        actions.send_back_year(actor=actor("shen"), hotline_year=one, because="电话13857201234")
    actions.confirm_year(actor=actor("shen"), hotline_year=one)
    with pytest.raises(WrongState):
        actions.confirm_year(actor=actor("shen"), hotline_year=seen(one))
    with pytest.raises(WrongState):
        hotline_year()
    wait(seconds=timedelta(days=400).total_seconds())
    assert hotline_year().pk != one.pk  # the next year is one of its own
