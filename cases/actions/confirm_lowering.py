"""The second person confirms a lowering; the same facts are asked again, for they may have changed."""

from django.utils.translation import gettext_lazy as _

from cases.actions._lowering import lower, standing
from cases.flow import CASE
from cases.lowering import FAULT_TEXT
from cases.models import Case, Lowering
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState


@action(P.LOWERING_CONFIRM)
def confirm_lowering(*, actor: Actor, case: Case) -> Outcome[Case]:
    """Confirm the open proposal. WrongState when there is none; Invalid for the same person or a new fault."""
    CASE.next(case.status, "lower_tier")
    open_one = Lowering.objects.filter(case=case, ended_at=None).first()
    if open_one is None:
        raise WrongState(case.status, "confirm_lowering")
    if open_one.proposed_by_id == actor.id:
        raise Invalid("confirm", _("The second person must be somebody else."))
    asked = standing(case, Tier(open_one.to_tier))
    if asked.faults:
        raise Invalid("confirm", FAULT_TEXT[asked.faults[0]])
    open_one.case = case
    lower(open_one, confirmed_by=actor.id)
    facts = {"from": Tier(open_one.from_tier), "to": Tier(case.tier), "proposed_by": open_one.proposed_by_id}
    return Outcome(case, stream=case.pk, facts=facts)
