"""Confirm a hotline's yearly return: the annual report takes it from now on."""

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.registers.flow import YEAR
from wellbeing.registers.models import HotlineYear
from wellbeing.workdays import now


@action(P.YEAR_CONFIRM)
def confirm_year(*, actor: Actor, hotline_year: HotlineYear) -> Outcome[HotlineYear]:
    """Raises WrongState unless it is filled in and waits, Invalid for whoever filled it in by another of her posts."""
    hotline_year.state = YEAR.next(hotline_year.state, "confirm_year")
    if hotline_year.filled_by_id == actor.id:
        raise Invalid("confirm", _("The second person must be somebody else."))
    hotline_year.confirmed_at, hotline_year.confirmed_by_id = now(), actor.person
    hotline_year.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    return Outcome(hotline_year, stream=hotline_year.pk, facts={"year": hotline_year.year})
