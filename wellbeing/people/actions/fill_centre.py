"""Fill in the check-list of a county's centre: what there is, and by what it can be seen."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid, Written
from wellbeing.people.access import in_turn
from wellbeing.people.actions._moving import move_centre
from wellbeing.people.centre_items import YES_OR_NO, CentreItem
from wellbeing.people.models import CentreLine, Organisation, StandardCentre
from wellbeing.people.staffing_policy import TARGET_MOST
from wellbeing.workdays import now

Given = Mapping[CentreItem, tuple[int | None, str]]


@action(P.CENTRE_FILL)
def fill_centre(
    *, actor: Actor, organisation: Organisation, given: Given, filled_from: str | None = None
) -> Outcome[StandardCentre]:
    """Keep number and evidence per item. What differs from what the city saw must be seen again. Raises Invalid by
    item, WrongState once it is submitted, Newer when it was changed since the form was filled, Forbidden for another
    county's."""
    if not in_turn(actor, P.CENTRE_FILL, division=organisation.division_id):
        raise Forbidden
    at = now()
    centre, made = StandardCentre.objects.select_for_update().get_or_create(
        organisation=organisation, defaults={"division_id": organisation.division_id, "moved_at": at}
    )
    stands = Written() if made else centre.written
    move_centre(actor, P.CENTRE_FILL, centre, "fill_centre", centre.because)
    stands.still(filled_from, "fill_centre")
    known = {line.item: line for line in centre.lines.all()}
    for item, (actual, evidence) in given.items():
        most = 1 if item in YES_OR_NO else TARGET_MOST
        if actual is not None and not 0 <= actual <= most:
            raise Invalid(item.value, _("Between %(least)s and %(most)s.") % {"least": 0, "most": most})
        line = known.get(item.value) or CentreLine(centre=centre, item=item)
        if (line.actual, line.evidence) != (actual, evidence.strip()):
            line.actual, line.evidence, line.inspected_on = actual, evidence.strip(), None
            line.save()
    centre.save()
    return Outcome(centre, stream=centre.pk, facts={"centre": centre.pk, "items": len(given)})
