"""From the exchange onto the call sheet: what rings is seen, what is spoken is taken over, what is logged is settled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from cases.models import Call
from tests.exchange.stage import EXCHANGE, NUMBER, rang, seated
from tests.stage import actor, fresh, signed_in
from wellbeing.access.actor import identity
from wellbeing.audit.models import Event as Audited
from wellbeing.audit.tags import Tag
from wellbeing.exchange import actions
from wellbeing.exchange.events import Event, EventKind
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db


def told() -> int:
    with identity(actor("jian")):
        return Audited.objects.filter(act=Tag.READ_NUMBER).count()


def test_a_running_call_comes_onto_the_sheet_and_logging_it_settles_it() -> None:
    lin, waits, runs = signed_in("lin"), rang("1", answered=False, ended=False), rang("2", ended=False)
    page = lin.get(reverse("new_call")).content.decode()
    line = lin.get(reverse("call_line")).content.decode()
    take = reverse("ring_onto_sheet", args=[runs.pk])
    assert take in page and take in line and str(waits.pk) not in line, "only what is answered can be taken"
    assert NUMBER not in page + line and told() == 0
    said = lin.post(take).json()
    begun = localtime(runs.answered_at).strftime("%Y-%m-%dT%H:%M")
    assert said == {
        "ring": str(runs.pk),
        "started_at": begun,
        "answered_after_s": "9",
        "line": "2912345",
        "caller_number": NUMBER,
        "since": int(runs.answered_at.timestamp() * 1000),
    }
    assert told() == 1
    actions.hear(actor=EXCHANGE, event=Event("2", EventKind.ENDED, now() - timedelta(minutes=2)))
    said.pop("since")  # of the clock, no field of the sheet
    logged = lin.post(reverse("new_call"), {**said, "narrative": "想找人说说话", "key": str(uuid4())})
    assert logged.status_code == 302
    ring = fresh(runs)
    assert (ring.settled_by_id, ring.number) == (actor("lin").id, None)
    with identity(actor("lin")):
        call = Call.objects.get()
    assert (call.line, call.answered_after_s) == ("2912345", 9)
    assert localtime(call.started_at).strftime("%Y-%m-%dT%H:%M") == begun
    assert lin.post(take).status_code == 409 and told() == 1
    assert lin.get(reverse("new_call"), {"ring": runs.pk})["Location"] == reverse("rings")


def test_a_call_that_has_ended_opens_its_sheet_by_its_id() -> None:
    ring, lin = rang("3"), signed_in("lin")
    assert f"?ring={ring.pk}" in lin.get(reverse("rings")).content.decode()
    page: Any = lin.get(reverse("new_call"), {"ring": ring.pk})
    first = page.context["form"].initial
    assert (first["caller_number"], first["length_min"], first["ring"]) == (NUMBER, 20, ring.pk)
    assert f'name="ring" value="{ring.pk}"' in page.content.decode() and told() == 1
    for wrong in ("x", uuid4()):
        assert lin.get(reverse("new_call"), {"ring": wrong}).status_code == 404
    chen = signed_in("chen")
    assert {
        chen.get(reverse("call_line")).status_code,
        chen.get(reverse("new_call"), {"ring": ring.pk}).status_code,
    } == {404}


def test_the_desk_knows_the_call_at_ones_own_seat() -> None:
    """What F7 takes where several are spoken (web/ring.js), and who it says so to."""
    seated("8001", "lin", ago=timedelta(hours=1))
    rang("1", ended=False)
    here, elsewhere = (signed_in(who).get(reverse("call_line")).content.decode() for who in ("lin", "gao"))
    assert "data-mine" in here and "（您）" in here
    assert "data-take" in elsewhere and "data-mine" not in elsewhere and "（您）" not in elsewhere
