"""Special groups: sealed, no tier by themselves, and confirmed anew within a quarter."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.urls import reverse

from cases.models import Deadline, Escalation
from cases.tick import tick
from tests.cases.school_stage import report
from tests.stage import clocks, fresh, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox.models import Notice


def test_special_groups_are_sealed_and_confirmed_anew(db: None, wait: Any) -> None:
    case, chen = report("小帆"), signed_in("chen")
    address = reverse("flag_groups", args=[case.reference])
    form = {"key": uuid4(), "groups": ["left_behind", "boarder"], "note": "奶奶照看"}
    assert chen.post(address, form).status_code == 302 and fresh(case).tier == "green"  # a flag alone is no tier
    begun = chen.get(address).context["form"]
    assert begun["note"].value() == "奶奶照看" and not begun["life_event"].value()
    again = {"key": uuid4(), "filled_from": begun["filled_from"].value(), "groups": ["orphan"], "life_event": "on"}
    assert chen.post(address, again).status_code == 302
    assert fresh(case).tier == "blue"  # a flag and a hard event
    # a quarter later at the latest they are to be confirmed anew: her desk is reminded, and nobody above it is rung
    assert "再次确认特殊群体" in chen.get(reverse("case", args=[case.reference])).content.decode()
    wait(days=100)
    tick()
    with identity(Actor.machine("ticker")):
        clock = Deadline.objects.get(case=case, kind="confirm_groups", state="running")
        told = Notice.objects.filter(kind="due_soon", dedupe_key__contains=str(clock.pk), channel="in_app")
        assert {row.dedupe_key.split(":")[2] for row in told} == {"end"} and clock.next_at is None
        assert not Escalation.objects.filter(deadline=clock).exists()
    for groups, state in ((["orphan"], "running"), ([], "met")):
        newest = chen.get(address).context["form"]["filled_from"].value()
        chen.post(address, {"key": uuid4(), "filled_from": newest, "groups": groups})
        assert clocks(case)["confirm_groups"] == state
