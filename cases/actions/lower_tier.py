"""Lower the tier one step (解除): proposed after a fresh assessment; policy says when a second person confirms."""

from cases.access import writer
from cases.actions._lowering import lower, standing
from cases.actions._second import propose
from cases.flow import CASE
from cases.lowering import FAULT_TEXT
from cases.models import Case, EntryKind, Lowering, Section
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.TIER_LOWER)
def lower_tier(*, actor: Actor, case: Case, to: str, because: str) -> Outcome[Lowering]:
    """Propose to lower the case; at blue and yellow one counsellor is enough and it happens at once.

    Raises Invalid naming what forbids it, WrongState on a closed case.
    """
    CASE.next(case.status, "lower_tier")
    asked = standing(case, Tier(to))
    if asked.faults:
        raise Invalid("to", FAULT_TEXT[asked.faults[0]])
    at = now()
    words = {"from": case.tier, "to": to, "because": because}
    entry = writer(case).entry(Section.RISK, EntryKind.LOWERING, words, actor=actor, at=at)
    entry.save(force_insert=True)
    facts = {"from": Tier(case.tier), "to": Tier(to), "second": asked.second}
    made = propose(case, entry, to=Tier(to), actor=actor, at=at, second=asked.second)
    if not asked.second:
        lower(made, confirmed_by=None)
    return Outcome(made, stream=case.pk, facts=facts)
