"""The door to the caller's number while a call is not logged yet: sealed by the machine that hears the exchange, told
to the hotline's own desks, each telling recorded."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, through
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.exchange.models import Ring
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import Place


def open_ring(actor: Actor, pk: UUID, permission: P, *, lock: bool = False) -> Ring:
    """A call of the exchange at the actor's hotline (row-level security says which). Forbidden when not hers."""
    rows = Ring.objects.select_for_update(of=("self",)) if lock else Ring.objects
    ring = rows.select_related("hotline").filter(pk=pk).first()
    if ring is None or not may(actor, permission):
        raise Forbidden
    return ring


def seal_number(ring: Ring, number: str) -> None:
    """Keep the caller's number under a key of the call's own; the row is not saved."""
    ring.number = seal_json(keys.new_key("ring", ring.pk, ring.hotline.division_id), _place(ring), number)


def reveal_number(actor: Actor, ring: Ring) -> str:
    """The caller's number, empty when none is kept any more; recorded. Forbidden to others than the hotline's desks."""
    if not may(actor, P.RING_SEE):
        raise Forbidden
    if ring.number is None:
        return ""
    number: str = open_json(keys.key_of(ring.number), _place(ring), bytes(ring.number))
    record(stream=ring.pk, act=Tag.READ_NUMBER, actor=through(actor, P.RING_SEE, ring), facts={})
    return number


def forget_number(ring: Ring) -> None:
    """The number can never be opened again; the row is not saved."""
    keys.destroy("ring", ring.pk)
    ring.number = None


def end_keys(rings: Iterable[UUID]) -> None:
    """Destroy the keys of calls whose numbers are blank already; the wall shows a machine no others."""
    for pk in rings:
        keys.destroy("ring", pk)


def _place(ring: Ring) -> Place:
    return Place("exchange.ring", ring.pk, "number", ring.hotline.division_id)
