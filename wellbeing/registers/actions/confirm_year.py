"""Confirm a hotline's yearly return: the annual report takes it from now on."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.registers.flow import YEAR
from wellbeing.registers.models import HotlineYear
from wellbeing.workdays import now


@action(P.YEAR_CONFIRM)
def confirm_year(*, actor: Actor, hotline_year: HotlineYear) -> Outcome[HotlineYear]:
    """Raises WrongState unless it is filled in and waits."""
    hotline_year.state = YEAR.next(hotline_year.state, "confirm_year")
    hotline_year.confirmed_at, hotline_year.confirmed_by_id = now(), actor.person
    hotline_year.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    return Outcome(hotline_year, stream=hotline_year.pk, facts={"year": hotline_year.year})
