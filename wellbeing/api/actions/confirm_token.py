"""Confirm a token as the second person: from now on it counts."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.api.access import standing_of
from wellbeing.api.models import ApiToken, TokenState
from wellbeing.audit.record import user_stream
from wellbeing.errors import Forbidden, WrongState
from wellbeing.workdays import now


@action(P.TOKEN_DECIDE, fresh=True)
def confirm_token(*, actor: Actor, token: ApiToken) -> Outcome[ApiToken]:
    """By somebody other than whom it acts for. Raises Forbidden, and WrongState when it was decided before, has expired
    meanwhile, or its post has ended."""
    decide(actor, token, TokenState.IN_FORCE)
    return Outcome(token, stream=user_stream(token.user_id), facts={"token": token.pk})


def decide(actor: Actor, token: ApiToken, state: TokenState) -> None:
    """Keep the second person's decision. Raises Forbidden for the first one, WrongState."""
    if actor.id == token.user_id:
        raise Forbidden
    standing = standing_of(token)
    if standing != TokenState.WAITING:
        raise WrongState(standing, "confirm_token")
    token.state, token.decided_by_id, token.decided_at = state, actor.person, now()
    token.save(update_fields=["state", "decided_by", "decided_at"])
