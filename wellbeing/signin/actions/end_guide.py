"""End the guide of a first visit, at its end or by skipping it: it is not offered again."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.people.models import User
from wellbeing.workdays import now


@action(P.ACCOUNT_KEEP)
def end_guide(*, actor: Actor) -> Outcome[None]:
    """Remember it for the account. How far she walked is kept nowhere."""
    User.objects.filter(pk=actor.person, guided_at=None).update(guided_at=now())
    return Outcome(None, stream=user_stream(actor.id))
