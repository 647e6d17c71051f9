"""Hold a case (法律保全): it is not erased before a day, whatever its time."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.actions._turn import in_turn
from cases.models import Erasure, LegalHold
from cases.retention import HoldReason
from cases.retention_access import case_within_reach
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import RETENTION
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.desks import triage_desk
from wellbeing.workdays import now


@action(P.HOLD_KEEP)
def set_hold(*, actor: Actor, reference: str, why: str, until: datetime) -> Outcome[LegalHold]:
    """One person is enough, at once; the case may be open or closed. Invalid where none within reach has the reference,
    for one that has been erased, and for a day that lies behind."""
    at = now()
    if until <= at:
        raise Invalid("until", _("This day has passed."))
    try:
        case = case_within_reach(actor, reference)
    except Forbidden:
        raise Invalid("reference", _("No case within your reach has this reference.")) from None
    in_turn(case.pk)
    with identity(RETENTION):
        if Erasure.objects.filter(case=case, erased_at__isnull=False).exists():  # also in the moment just before
            raise Invalid("reference", _("This case has been erased: there is nothing left to hold."))
    made = LegalHold(case=case, reference=case.reference, desk=triage_desk(case.division_id), why=HoldReason(why))
    made.until, made.set_by_id, made.set_at = until, actor.person, at
    made.save(force_insert=True)
    return Outcome(made, stream=case.pk, facts={"why": HoldReason(why), "until": until, "hold": made.pk})
