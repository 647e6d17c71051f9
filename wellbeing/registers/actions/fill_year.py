"""Fill in the hotline's yearly return: seats, hours of service, staff by kind."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, Written, WrongState
from wellbeing.people.access import supervised
from wellbeing.people.models import Role
from wellbeing.people.telling import tell_desks
from wellbeing.registers.flow import YEAR, YearState
from wellbeing.registers.kinds import DAY_HOURS, SEATS_MOST, STAFF_CELLS, STAFF_MOST
from wellbeing.registers.models import HotlineYear
from wellbeing.registers.year_access import years
from wellbeing.workdays import now


@action(P.YEAR_FILL)
def fill_year(
    *,
    actor: Actor,
    year: int,
    seats: int,
    hours: Decimal,
    staff: Mapping[str, int],
    filled_from: str | None = None,
) -> Outcome[HotlineYear]:
    """`staff` by kinds.STAFF_CELLS, what is not in it is nobody. The bureau is told. Raises Invalid
    by field, WrongState where the year is confirmed, Newer when it was filled in since the form was."""
    hotline, at = supervised(actor, P.YEAR_FILL), now()
    if year not in years():
        raise Invalid("year", _("A year from 2024 on that has begun."))
    if not 1 <= seats <= SEATS_MOST:
        raise Invalid("seats", _("Between 1 and %(most)s.") % {"most": SEATS_MOST})
    if not 0 < hours <= DAY_HOURS:
        raise Invalid("hours", _("More than 0 and at most %(most)s hours.") % {"most": DAY_HOURS})
    for cell in STAFF_CELLS:
        if not 0 <= staff.get(cell, 0) <= STAFF_MOST:
            raise Invalid(cell, _("Between 0 and %(most)s.") % {"most": STAFF_MOST})
    given = {"seats": seats, "hours": hours, "staff": {cell: staff.get(cell, 0) for cell in STAFF_CELLS}}
    given |= {"filled_at": at, "filled_by_id": actor.person, "note": ""}
    made = HotlineYear(hotline_id=hotline, year=year, **given)
    HotlineYear.objects.bulk_create([made], ignore_conflicts=True)  # two at once: the second finds the first one's row
    found = HotlineYear.objects.select_for_update().filter(hotline_id=hotline, year=year).first()
    if found is None:  # the wall locks a confirmed one for the bureau alone
        raise WrongState(YearState.CONFIRMED, "fill_year")
    (Written() if found.pk == made.pk else found.written).still(filled_from, "fill_year")
    if found.pk != made.pk:
        found.state = YEAR.next(found.state, "fill_year")
        for name, value in given.items():
            setattr(found, name, value)
        found.save()
    key = f"{found.pk}:{at.isoformat()}"  # mended after it was sent back: told again
    tell_desks(Role.EDUCATION_ADMIN, kind="year_waits", target="hotline_years", key=key)
    return Outcome(found, stream=found.pk, facts={"year": year})
