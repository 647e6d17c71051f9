"""Take over the exchange's own records: every call of a file, or none. The same file twice changes nothing."""

from collections.abc import Iterable

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.exchange.access import seal_number
from wellbeing.exchange.actions._rings import FIELDS, hotline, known, put
from wellbeing.exchange.actions.forget_numbers import STREAM
from wellbeing.exchange.events import Event, Known, heard
from wellbeing.exchange.models import Ring


@action(P.RING_HEAR)
def import_calls(*, actor: Actor, events: Iterable[Event]) -> Outcome[tuple[int, int]]:
    """Returns how many calls are new and how many are better known now. Numbers are kept of new calls only: an old
    one's has had its hours. Invalid without a hotline."""
    place = hotline()
    seen: dict[str, tuple[Known, str]] = {}
    for event in events:
        before, number = seen.get(event.call, (None, ""))
        seen[event.call] = heard(before, event), number or event.number
    rows = Ring.objects.select_for_update(of=("self",)).filter(hotline=place, exchange_id__in=list(seen))
    old = {ring.exchange_id: ring for ring in rows}
    better = sum(put(ring, _with(known(ring), seen[call][0]), old=True) for call, ring in old.items())
    fresh = []
    for call, (now, number) in seen.items():
        if call not in old:
            ring = Ring(hotline=place, exchange_id=call, **{name: getattr(now, name) for name in FIELDS})
            if number:
                seal_number(ring, number)
            fresh.append(ring)
    Ring.objects.bulk_create(fresh, batch_size=1_000)
    return Outcome((len(fresh), better), stream=STREAM, facts={"new": len(fresh), "better": better})


def _with(one: Known, other: Known) -> Known:
    """What two knowings of one call say together."""
    return Known(
        offered_at=min(one.offered_at, other.offered_at),
        answered_at=min(filter(None, (one.answered_at, other.answered_at)), default=None),
        ended_at=max(filter(None, (one.ended_at, other.ended_at)), default=None),
        line=one.line or other.line,
        seat=one.seat or other.seat,
    )
