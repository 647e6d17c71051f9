"""Say of a call that was answered why it needs no sheet: a wrong number, silence, a test; or that it has one."""

from uuid import UUID

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.exchange.access import forget_number, open_ring
from wellbeing.exchange.models import Ring, WhyNot
from wellbeing.workdays import now

ON_A_SHEET = "sheet"


@action(P.RING_SETTLE)
def settle_ring(*, actor: Actor, ring_id: UUID, why_not: str) -> Outcome[Ring]:
    """`why_not` is a WhyNot, or ON_A_SHEET: it was logged while the exchange could not say so (on paper, or before its
    records were imported), and stands as logged from now on. A call that was settled before is WrongState; one that
    still rings or runs is Invalid.

    The number of a harassing caller is kept until policy's hours are over: a supervisor may need it for the police.
    """
    ring = open_ring(actor, ring_id, P.RING_SETTLE, lock=True)
    if ring.settled_at is not None:
        raise WrongState("settled", "settle_ring")
    if not Ring.objects.filter(Ring.over(now()), pk=ring.pk).exists():
        raise Invalid("why_not", _("This call still runs; it is settled when it has ended."))
    if why_not not in (ON_A_SHEET, *WhyNot.values):
        raise Invalid("why_not", _("Choose why this call needs no sheet."))
    ring.why_not = "" if why_not == ON_A_SHEET else why_not
    ring.settled_by_id, ring.settled_at = actor.person, now()
    if why_not != WhyNot.HARASSING:
        forget_number(ring)
    ring.save()
    facts = {"logged": True} if why_not == ON_A_SHEET else {"why": WhyNot(why_not)}
    return Outcome(ring, stream=ring.pk, facts=facts)
