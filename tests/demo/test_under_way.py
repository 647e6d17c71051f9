"""The demo's journeys: each at its step, every desk with something to do, once; and the clock is put back."""

from __future__ import annotations

from types import SimpleNamespace

from django.db import connection

from referrals.models import Referral
from referrals.queues import queue
from tests.stage import actor
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.verify import verify
from wellbeing.demo.destinations import load_destinations
from wellbeing.demo.exchange import load_exchange
from wellbeing.demo.rota import load_rota
from wellbeing.demo.under_way import load_under_way
from wellbeing.exchange.queues import ended, running

MACHINE = Actor.machine("verify")


def test_every_desk_finds_something_to_do_and_a_second_start_adds_nothing(committed: SimpleNamespace) -> None:
    load_rota()
    load_destinations()
    assert (load_under_way(), load_under_way()) == (5, 0)
    assert (load_exchange(), load_exchange()) == (4, 0)
    with identity(actor("lin")):
        assert len(ended(all_of_them=False)) == 1 and running() == []
    with identity(MACHINE):
        states = sorted(Referral.objects.values_list("state", flat=True))
        assert verify().faults == []
    assert states == ["appointment", "reported", "returned_for_more", "sent", "submitted"]
    for name in ("zhou", "wu", "fang", "tao"):
        with identity(actor(name)):
            assert queue(actor(name)), name
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_now() = now()")
        assert cursor.fetchone() == (True,)
