"""What every way in shares: the row of a call, and how what is known of it is written."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from wellbeing.errors import Invalid
from wellbeing.exchange.events import Known
from wellbeing.exchange.models import Ring
from wellbeing.people.models import Organisation, OrganisationKind

FIELDS = ("offered_at", "answered_at", "ended_at", "line", "seat")


def hotline() -> Organisation:
    """Whose exchange speaks: the hotline that EXCHANGE_HOTLINE names, or the only one there is. Invalid for none."""
    rows = Organisation.objects.filter(kind=OrganisationKind.HOTLINE)
    if settings.EXCHANGE_HOTLINE:
        rows = rows.filter(code=settings.EXCHANGE_HOTLINE)
    found = list(rows[:2])
    if len(found) != 1:
        raise Invalid("line", _("Set EXCHANGE_HOTLINE to the code of the hotline whose exchange this is."))
    return found[0]


def ring_of(call: str, at: datetime) -> tuple[Ring, bool]:
    """The row of a call, locked, and whether there was one. Two sayings of one new call wait for each other."""
    place = hotline()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('exchange_ring'), hashtext(%s))", [call])
    ring = Ring.objects.select_for_update(of=("self",)).filter(hotline=place, exchange_id=call).first()
    return (ring, True) if ring else (Ring(hotline=place, exchange_id=call, offered_at=at), False)


def known(ring: Ring) -> Known:
    """What a row says, for the rules."""
    return Known(*(getattr(ring, name) for name in FIELDS))


def put(ring: Ring, new: Known, *, old: bool, told: bool = False) -> bool:
    """Write what is known now; False when that is nothing new. `told`: its number was sealed just now."""
    if old and not told and known(ring) == new:
        return False
    for name in FIELDS:
        setattr(ring, name, getattr(new, name))
    ring.save(force_insert=not old)
    return True
