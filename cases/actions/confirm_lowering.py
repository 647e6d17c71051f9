"""The second person confirms a lowering, or the closing of a case in danger; the same facts are asked again, for they
may have changed."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.access import Purpose, reveal_entry
from cases.actions import _closing
from cases.actions._lowering import lower, standing
from cases.closing import signs
from cases.flow import CASE
from cases.lowering import FAULT_TEXT
from cases.models import Case, CloseReason, Lowering
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.workdays import now


@action(P.LOWERING_CONFIRM)
def confirm_lowering(*, actor: Actor, case: Case, seen: UUID | None = None) -> Outcome[Case]:
    """Confirm the open proposal. `seen` is the one that stood before whoever signs (None: no page asked): Invalid where
    another has come in its place, or a click on a lower tier would close a red case. WrongState when there is none;
    Invalid for the same person or a new fault, and at red for whoever sits neither at a county's triage nor at the
    city's duty where it closes the case."""
    CASE.next(case.status, "lower_tier")
    open_one = Lowering.objects.filter(case=case, ended_at=None).first()
    if open_one is None:
        raise WrongState(case.status, "confirm_lowering")
    if seen is not None and seen != open_one.pk:
        raise Invalid("seen", _("Another proposal has come in the place of the one you saw. To sign it, press again."))
    if open_one.proposed_by_id == actor.id:
        raise Invalid("confirm", _("The second person must be somebody else."))
    open_one.case = case
    if open_one.close_reason:
        return _close(actor, case, open_one)
    asked = standing(case, Tier(open_one.to_tier))
    if asked.faults:
        raise Invalid("confirm", FAULT_TEXT[asked.faults[0]])
    lower(open_one, confirmed_by=actor.id)
    facts = {"from": Tier(open_one.from_tier), "to": Tier(case.tier), "proposed_by": open_one.proposed_by_id}
    return Outcome(case, stream=case.pk, facts=facts)


def _close(actor: Actor, case: Case, proposal: Lowering) -> Outcome[Case]:
    if not signs(case.tier, actor.roles):
        raise Invalid("confirm", _("A red case is closed by the county's triage or the city's duty as second person."))
    _closing.check(case, "confirm")
    if proposal.close_reason == CloseReason.DUPLICATE:
        words = reveal_entry(actor, case, proposal.entry_id, Purpose.of(actor)).words
        _closing.check_named(case, str(words.get("note", "")), "confirm")
    at, reason = now(), CloseReason(proposal.close_reason)
    ended = _closing.end(case, reason, at=at, proposal=proposal, confirmed_by=actor.id)
    facts = {"reason": reason, "grants_ended": ended, "proposed_by": proposal.proposed_by_id}
    return Outcome(case, stream=case.pk, facts=facts)
