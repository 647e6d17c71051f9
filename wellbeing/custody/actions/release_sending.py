"""Release a restored copy: from now on it is the system, its clocks run and its notices leave."""

from django.utils.translation import gettext_lazy as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.custody.reasons import WhyRelease
from wellbeing.errors import Invalid, WrongState
from wellbeing.outbox.models import Hold
from wellbeing.people.models import User


@action(P.SENDING_RELEASE)
def release_sending(*, actor: Actor, by: User, why: WhyRelease, unchecked: bool) -> Outcome[None]:
    """`by` answers for it, and `why` stands in the audit. WrongState where nothing is on hold; Invalid while the check
    has not found everything in order, unless `unchecked` says that this is known."""
    hold = Hold.objects.select_for_update().first()
    if hold is None:
        raise WrongState("released", "release_sending")
    if not by.is_active:
        raise Invalid("by", _("There is no such account."))
    if hold.checked_at is None and not unchecked:
        raise Invalid("unchecked", _("The check of this restored copy has not found everything in order."))
    facts = {
        "by": by.pk,
        "why": WhyRelease(why),
        "since": hold.since,
        "checked_at": hold.checked_at,
        "erased_again": hold.ended,
    }
    hold.delete()
    return Outcome(None, stream=SYSTEM_STREAM, facts=facts)
