"""Log a call on the hotline (来电登记): a person, a sealed case, its risk assessment, and the warning it calls for."""

from uuid import UUID

from cases.actions import _drafts
from cases.actions._calling import CallSheet, Taker, open_from
from cases.draft_access import goes_on_in
from cases.drafts import DraftKind
from cases.models import Case
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import WrongState
from wellbeing.people.models import Role, User


@action(P.CALL_TAKE)
def take_call(
    *,
    actor: Actor,
    call: CallSheet,
    tier: str = "",
    ring: UUID | None = None,
    draft: UUID | None = None,
    goes_on: bool = False,
) -> Outcome[Case]:
    """Open a case from a call. `tier` may be higher than the proposal, never lower (Invalid); empty takes the
    proposal. `ring` is the exchange's call that this sheet logs.

    Its `draft` ends in the same transaction, unless the call `goes_on`: then the duty desk has its notice, and the
    sheet stays open for what follows (continue_call). WrongState when the draft has become a case before, unless that
    one was closed under it: the new case names it.
    """
    post = actor.post_as(Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR)
    assert post is not None  # may() has seen the post
    found = _drafts.begun(actor, draft, DraftKind.CALL) if draft else None
    if found and goes_on_in(actor, found):
        raise WrongState("logged", "take_call")
    by = Taker(actor.person, post.desk_id, post.division, User(pk=actor.id))
    stays = found is not None and goes_on
    before = _drafts.logged_before(found) if found else None
    case, proposal = open_from(call, by, actor=actor, tier=tier, ring=ring, goes_on=stays, before=before)
    if found and stays:
        _drafts.goes_on(found, case, call)
    elif found:
        _drafts.ended(found, case=case)
    return Outcome(case, stream=case.pk, facts={"tier": case.tier, "proposed": proposal.tier})
