"""Calls of the exchange to set a scene with, heard as the exchange says them."""

from __future__ import annotations

from datetime import timedelta

from tests.stage import actor
from wellbeing.access.actor import Actor
from wellbeing.exchange import actions
from wellbeing.exchange.events import Event, EventKind
from wellbeing.exchange.models import Ring, Seat
from wellbeing.people.models import User
from wellbeing.workdays import now

EXCHANGE = Actor.machine("exchange")
NUMBER = "13800000000"


def rang(call: str = "1", *, answered: bool = True, ended: bool = True, ago: timedelta = timedelta(minutes=30)) -> Ring:
    begin = now() - ago
    said = [Event(call, EventKind.RINGING, begin, "2912345", NUMBER)]
    if answered:
        said.append(Event(call, EventKind.ANSWERED, begin + timedelta(seconds=9), seat="8001"))
    if ended:
        said.append(Event(call, EventKind.ENDED, begin + timedelta(minutes=20)))
    for one in said:
        ring: Ring = actions.hear(actor=EXCHANGE, event=one)
    return ring


def seated(seat: str = "8001", who: str = "lin", *, ago: timedelta = timedelta(0)) -> Seat:
    """Su enters a counsellor at a seat, from some time ago on."""
    given = {"counsellor": User.objects.get(username=who).pk, "since": now() - ago if ago else None}
    made: Seat = actions.assign_seat(actor=actor("su"), seat=seat, **given)
    return made
