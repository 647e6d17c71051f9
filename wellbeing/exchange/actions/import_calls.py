"""Take over the exchange's own records: every call of a file, or none. The same file twice changes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.exchange.access import seal_number
from wellbeing.exchange.actions._rings import FIELDS, hotline, known, put
from wellbeing.exchange.actions.forget_numbers import STREAM
from wellbeing.exchange.events import Event, heard
from wellbeing.exchange.models import Ring


@action(P.RING_HEAR)
def import_calls(*, actor: Actor, events: Iterable[Event]) -> Outcome[tuple[int, int]]:
    """Returns how many calls are new and how many are better known now. Numbers are kept of new calls only: an old
    one's has had its hours. Invalid without a hotline."""
    place = hotline()
    said: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        said[event.call].append(event)
    rows = Ring.objects.select_for_update(of=("self",)).filter(hotline=place, exchange_id__in=list(said))
    old = {ring.exchange_id: ring for ring in rows}
    better = sum(put(ring, reduce(heard, said[call], known(ring)), old=True) for call, ring in old.items())
    fresh = []
    for call, sayings in said.items():
        if call not in old:
            now = reduce(heard, sayings[1:], heard(None, sayings[0]))
            ring = Ring(hotline=place, exchange_id=call, **{name: getattr(now, name) for name in FIELDS})
            if number := next((one.number for one in sayings if one.number), ""):
                seal_number(ring, number)
            fresh.append(ring)
    Ring.objects.bulk_create(fresh, batch_size=1_000)
    return Outcome((len(fresh), better), stream=STREAM, facts={"new": len(fresh), "better": better})
