"""Check who asks for records (核验身份): how, and by whom. Nothing is examined before."""

from django.utils.translation import gettext_lazy as _

from cases.actions._records import move
from cases.models import RecordRequest
from cases.record_requests import CHECKS_OF, Asker, Checked
from cases.records_access import open_request
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.RECORDS_CHECK)
def check_asker(*, actor: Actor, reference: str, how: str) -> Outcome[RecordRequest]:
    """Record how the identity was checked, at the desk that received the request. Invalid for a way that proves nothing
    of this kind of asker."""
    row = open_request(actor, reference, P.RECORDS_CHECK, lock=True)
    if how not in CHECKS_OF[Asker(row.asker)]:
        raise Invalid("how", _("This does not prove who asks here."))
    row.checked, row.checked_by_id, row.checked_at = Checked(how), actor.person, now()
    row.save(update_fields=["checked", "checked_by", "checked_at"])
    move(row, "check_asker")
    return Outcome(row, stream=row.pk, facts={"how": Checked(how)}, desk=row.received_desk_id)
