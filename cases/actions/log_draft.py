"""Log a draft that came up and that nobody at the hotline has logged: the city's duty does it in the counsellor's
place, who keeps the case."""

from uuid import UUID

from cases.actions import _drafts
from cases.actions._calling import CallSheet, Taker, open_from
from cases.draft_access import goes_on_in, open_draft
from cases.models import Case, Draft
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, WHOLE, grant
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, WrongState
from wellbeing.outbox.post import post
from wellbeing.people.desks import desk_at
from wellbeing.people.models import Desk, Role, User
from wellbeing.workdays import now


@action(P.DRAFT_LOG)
def log_draft(*, actor: Actor, draft_id: UUID, call: CallSheet) -> Outcome[Case]:
    """Open the case of a draft as it stands, at the tier that is proposed; its owner is told and holds the case, or
    where she has left its desk, the supervisors there.

    Forbidden for a draft that has not come up to a desk of hers; WrongState when it has been logged or dropped.
    """
    draft = open_draft(actor, draft_id, lock=True)
    if draft.with_desk_id not in actor.desks:
        raise Forbidden
    if draft.ended_at or goes_on_in(actor, draft):
        raise WrongState("ended", "log_draft")
    desk = Desk.objects.get(pk=draft.with_desk_id)
    by = Taker(draft.owner_id, draft.desk_id, draft.division, desk)
    case, proposal = open_from(call, by, actor=actor, before=_drafts.logged_before(draft))
    to = _holder(draft)
    with identity(GRANTS):  # the whole of it, also what the duty may not read herself: the number to call back
        origin = Origin.SUPERVISION if isinstance(to, Desk) else Origin.OWNER
        grant(case, to=to, origin=origin, expires_at=now() + OWNER_DAYS, by=actor, holds=WHOLE)
    _drafts.ended(draft, case=case)
    target, key = f"case:{case.reference}", f"draft_logged:{draft.pk.hex}"
    whom = {"desk_id": to.pk} if isinstance(to, Desk) else {"user_id": to.pk}
    post(kind="draft_logged", target=target, tier=case.tier, dedupe_key=key, **whom)
    return Outcome(case, stream=case.pk, facts={"tier": case.tier, "proposed": proposal.tier})


def _holder(draft: Draft) -> User | Desk:
    """Who typed it, while she holds her post there, on leave or not: what ended with a post does not come back by a
    sheet that was left behind."""
    if draft.desk_id in {post.desk_id for post in Actor.of(draft.owner).held}:
        owner: User = draft.owner
        return owner
    return desk_at(draft.desk.organisation_id, Role.HOTLINE_SUPERVISOR) or draft.desk
