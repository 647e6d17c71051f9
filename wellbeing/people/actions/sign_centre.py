"""Sign a centre off: it is a standard centre (建成) from this day."""

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.actions._moving import move_centre
from wellbeing.people.centres import missing_items
from wellbeing.people.models import StandardCentre
from wellbeing.workdays import now


@action(P.CENTRE_SIGN)
def sign_centre(*, actor: Actor, centre: StandardCentre) -> Outcome[StandardCentre]:
    """Raises Invalid while an item of the list is not met, not proven or not inspected; WrongState, Forbidden."""
    move_centre(actor, P.CENTRE_SIGN, centre, "sign_centre")
    lacking = missing_items(centre)
    if lacking:
        raise Invalid("centre", _("%(n)s items are not met, proven and inspected yet.") % {"n": len(lacking)})
    centre.signed_on = now().date()
    centre.save()
    return Outcome(centre, stream=centre.pk, facts={"centre": centre.pk, "signed_at": centre.moved_at})
