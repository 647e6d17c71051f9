"""What both halves of an erasure check: nothing holds the case, nobody waits for its records, and the reference was
typed."""

from django.utils.translation import gettext_lazy as _

from cases.models import Case, Erasure
from cases.retention_access import asked_about, held
from wellbeing.access.actor import identity
from wellbeing.access.machines import RETENTION
from wellbeing.errors import Invalid, WrongState


def check(row: Erasure, typed: str, verb: str) -> None:
    """WrongState where the case is open again, or was since it was proposed; Invalid where it is held, its records are
    asked for, or something else was typed."""
    with identity(RETENTION):
        status, closed_at = Case.objects.values_list("status", "closed_at").get(pk=row.case_id)
    if status != "closed" or closed_at != row.closed_at:
        raise WrongState("opened" if status == "closed" else status, verb)
    if held(row.case_id):
        raise Invalid("typed", _("This case is under a legal hold and may not be erased."))
    if asked_about(row.case_id):
        raise Invalid("typed", _("A request for records of this case is not answered yet: that comes first."))
    if typed.strip().upper() != row.reference:
        raise Invalid("typed", _("Type the reference exactly: what is erased cannot be brought back."))
