"""End an access that the owning desk gave (收回授权), with the reason in the file."""

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.models import Case, EntryKind, Section
from cases.sharing import given, key_of, owns
from wellbeing.access.actor import Actor
from wellbeing.access.grants import revoke
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.models import Desk, User
from wellbeing.workdays import now


@action(P.ACCESS_REVOKE)
def revoke_access(*, actor: Actor, case: Case, holder: Desk | User, because: str) -> Outcome[Case]:
    """Take away what `grant_access` gave; it ends at once. What comes from the work itself (triage, manager,
    escalation) ends with the work, and is Forbidden here like a holder that does not exist. Raises Invalid."""
    if not owns(actor, case) or given(case, key_of(holder)) is None:
        raise Forbidden
    if not because.strip():
        raise Invalid("because", _("Write why the access ends."))
    words = {"ended_for": str(holder), "because": because.strip()}
    entry = writer(case).entry(Section.PLAN, EntryKind.ACCESS, words, actor=actor, at=now(), desk_id=case.owner_desk_id)
    entry.save(force_insert=True)
    revoke(case, holder=holder)
    side = {"user_id": holder.pk} if isinstance(holder, User) else {"desk_id": holder.pk}
    return Outcome(case, stream=case.pk, facts=side)
