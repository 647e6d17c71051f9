"""The demo's telephone exchange: an evening of invented calls, one of them not logged yet, so that the page of the calls
shows what it is for."""

from __future__ import annotations

from datetime import timedelta

from wellbeing.access.actor import identity
from wellbeing.access.machines import EXCHANGE
from wellbeing.demo.red_case import actor
from wellbeing.exchange import actions
from wellbeing.exchange.events import Event, EventKind
from wellbeing.exchange.models import Ring, WhyNot
from wellbeing.people.models import User
from wellbeing.workdays import now

NUMBER = "0580-0000000"  # nobody's: no number here begins with 0
# Minutes ago, seconds until it was answered (None: given up after 40), minutes spoken, and why it needs no sheet.
EVENING: tuple[tuple[int, int | None, int, str], ...] = (
    (190, 6, 1, WhyNot.MISDIAL),
    (150, None, 0, ""),
    (95, 11, 3, WhyNot.SILENT),
    (35, 8, 21, ""),
)


def load_exchange() -> int:
    """Let the exchange tell of the calls; nothing where it has told of any. Returns how many there are."""
    with identity(EXCHANGE):
        if Ring.objects.exists():
            return 0
        lin = User.objects.get(username="lin").pk
    actions.assign_seat(actor=actor("su"), seat="8001", counsellor=lin, since=now() - timedelta(hours=8))
    for number, (ago, answered, spoken, why) in enumerate(EVENING):
        call, rang = f"demo-{number}", now() - timedelta(minutes=ago)
        end = rang + timedelta(seconds=40 if answered is None else answered + 60 * spoken)
        said = [Event(call, EventKind.RINGING, rang, "2912345", NUMBER)]
        if answered is not None:
            said.append(Event(call, EventKind.ANSWERED, rang + timedelta(seconds=answered), seat="8001"))
        for event in (*said, Event(call, EventKind.ENDED, end)):
            ring: Ring = actions.hear(actor=EXCHANGE, event=event)
        if why:
            actions.settle_ring(actor=actor("lin"), ring_id=ring.pk, why_not=why)
    return len(EVENING)
