"""Note an inspection: which items the city saw with its own eyes, and when."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.actions._moving import move_centre
from wellbeing.people.centre_items import CentreItem
from wellbeing.people.models import StandardCentre
from wellbeing.workdays import now


@action(P.CENTRE_INSPECT)
def inspect_centre(
    *,
    actor: Actor,
    centre: StandardCentre,
    inspected_on: date,
    seen: Iterable[CentreItem],
    filled_from: str | None = None,
) -> Outcome[StandardCentre]:
    """Put the day on the items that were seen, and take it from the others. Raises Invalid for a day to come,
    WrongState before it is submitted, Newer when the list was changed since the form was filled, Forbidden."""
    stands = centre.written
    move_centre(actor, P.CENTRE_INSPECT, centre, "inspect_centre", centre.because)
    stands.still(filled_from, "inspect_centre")
    if inspected_on > now().date():
        raise Invalid("inspected_on", _("This day is still to come."))
    items = sorted(set(seen))
    centre.lines.filter(item__in=items).update(inspected_on=inspected_on)
    centre.lines.exclude(item__in=items).update(inspected_on=None)
    centre.save()
    return Outcome(centre, stream=centre.pk, facts={"centre": centre.pk, "items": items})
