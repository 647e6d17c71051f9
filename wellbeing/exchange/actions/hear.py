"""Take down what the exchange says of a call. The same saying twice changes nothing."""

import logging

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.exchange.access import seal_number
from wellbeing.exchange.actions._rings import known, put, ring_of
from wellbeing.exchange.events import Event, EventKind, heard
from wellbeing.exchange.models import Ring

log = logging.getLogger("wellbeing.exchange")


@action(P.RING_HEAR)
def hear(*, actor: Actor, event: Event) -> Outcome[Ring]:
    """One event of one call. The number is sealed the first time it is said, whichever event says it, until the call is
    settled. Invalid without a hotline to ring at."""
    ring, old = ring_of(event.call, event.at)
    if event.kind == EventKind.ANSWERED and not old:  # each call twice: as given up, and as answered without a wait
        log.warning("a call was answered that had not rung: does the dialplan give both events the same id?")
    new = heard(known(ring) if old else None, event)
    told = bool(event.number) and ring.number is None and ring.settled_at is None
    if told:
        seal_number(ring, event.number)
    changed = put(ring, new, old=old, told=told)
    return Outcome(ring, stream=ring.pk, facts={"event": event.kind, "changed": changed})
