"""The door to the hotline's yearly returns: its supervisor sees her hotline's, the bureau every one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden
from wellbeing.people.access import supervised
from wellbeing.registers.flow import YearState
from wellbeing.registers.kinds import FIRST_YEAR, STAFF_TEXT, TIMES_TEXT
from wellbeing.registers.models import HotlineYear
from wellbeing.workdays import now


def staff_label(cell: str) -> str:
    """What a cell of the staff (kinds.STAFF_CELLS) is called."""
    kind, _line, time = cell.rpartition("_")
    return _("%(kind)s, %(time)s") % {"kind": _(STAFF_TEXT[kind]), "time": _(TIMES_TEXT[time])}


def years() -> list[int]:
    """The years that a return can be filled in for, the newest first."""
    return list(range(now().year, FIRST_YEAR - 1, -1))


def returns(actor: Actor) -> list[HotlineYear]:
    """The returns that the actor sees, the newest year first. Forbidden without the right."""
    if not may(actor, P.YEAR_SEE):
        raise Forbidden
    rows = HotlineYear.objects.select_related("hotline", "filled_by", "confirmed_by")
    return list(rows.order_by("-year", "hotline__code"))


def of_year(actor: Actor, year: int) -> list[HotlineYear]:
    """Every return of one year."""
    return [one for one in returns(actor) if one.year == year]


def open_year(actor: Actor, pk: UUID, permission: P = P.YEAR_SEE) -> HotlineYear:
    """Fetch and check in one call. Forbidden when missing or not hers."""
    found = HotlineYear.objects.select_related("hotline").filter(pk=pk).first()
    if found is None or not may(actor, permission):
        raise Forbidden
    return found


def to_fill(actor: Actor, year: int, permission: P = P.YEAR_FILL) -> HotlineYear:
    """The actor's own return of a year, or an unsaved one that begins with what the last one said. Forbidden for a year
    that no return is of."""
    hotline = supervised(actor, permission)
    if year not in years():
        raise Forbidden
    rows = list(HotlineYear.objects.filter(hotline_id=hotline, year__lte=year).order_by("-year")[:1])
    if rows and rows[0].year == year:
        return rows[0]
    begun = HotlineYear(hotline_id=hotline, year=year)
    if rows:
        begun.seats, begun.hours, begun.staff = rows[0].seats, rows[0].hours, rows[0].staff
    return begun


def confirmed(rows: Sequence[HotlineYear]) -> HotlineYear | None:
    """The city's year, added up from the returns that are confirmed (the longest service of all); None without any."""
    kept = [one for one in rows if one.state == YearState.CONFIRMED]
    if not kept:
        return None
    staff: Counter[str] = Counter()
    for one in kept:
        staff.update(one.staff)
    seats, hours = sum(one.seats for one in kept), max(one.hours for one in kept)
    return HotlineYear(year=kept[0].year, seats=seats, hours=hours, staff=dict(staff))
