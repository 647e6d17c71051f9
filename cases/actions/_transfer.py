"""What the steps of a transfer share: what keeps a file where it is, and who answers. Used by this folder only."""

from django.utils.translation import gettext_lazy as _

from cases.actions import _clocks
from cases.flow import TRANSFER
from cases.models import Case, Transfer
from cases.transfer import UNDER_WAY
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import since
from wellbeing.errors import Forbidden, Invalid
from wellbeing.flow import WrongState
from wellbeing.people.models import Desk

GRANTS = Actor.machine("grants")


def check_free(case: Case, field: str) -> None:
    """Invalid while something keeps the file: it is closed, a referral is under way, or the person has another file.

    A person has one sealed identity, in one division, so her open files never part. The other one is not named: who
    asks may not know of it.
    """
    if case.status == "closed":
        raise Invalid(field, _("The case is closed."))
    if _clocks.running(case, *UNDER_WAY):
        raise Invalid(
            field, _("A referral is under way: it comes to its end first, and the file stays here until then.")
        )
    with identity(GRANTS):
        other = Case.objects.filter(person_id=case.person_id, closed_at=None).exclude(pk=case.pk).exists()
    if other:
        raise Invalid(field, _("Another file of this person is open. The city centre knows which; it is closed first."))


def asked(case: Case, verb: str, actor: Actor) -> tuple[Transfer, str]:
    """The transfer that waits and its state after the verb. WrongState when none does, Forbidden for another desk,
    and for whoever asked: two people take part."""
    waiting = Transfer.objects.select_related("to_desk__organisation", "from_desk").filter(case=case, state="asked")
    transfer = waiting.first()
    if transfer is None:
        raise WrongState("none", verb)
    if transfer.to_desk_id not in actor.desks or transfer.asked_by_id == actor.id:
        raise Forbidden
    return transfer, TRANSFER.next(transfer.state, verb)


def sees(desk: Desk, case: Case) -> bool:
    """Whether the desk holds a live grant on the case already."""
    return any(isinstance(holder, Desk) and holder.pk == desk.pk for holder, _since in since(case))
