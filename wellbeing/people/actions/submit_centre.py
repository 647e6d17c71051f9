"""Submit the check-list of a centre: the city is to come and see."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.actions._moving import move_centre
from wellbeing.people.models import StandardCentre


@action(P.CENTRE_FILL)
def submit_centre(*, actor: Actor, centre: StandardCentre) -> Outcome[StandardCentre]:
    """From here on the county waits for the inspection. Raises WrongState, Forbidden."""
    move_centre(actor, P.CENTRE_FILL, centre, "submit_centre")
    centre.save()
    return Outcome(centre, stream=centre.pk, facts={"centre": centre.pk})
