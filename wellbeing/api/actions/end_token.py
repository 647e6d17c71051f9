"""End a token: the next request with it is refused."""

from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.api.access import oversees
from wellbeing.api.models import ApiToken, TokenState
from wellbeing.api.tokens import MACHINE
from wellbeing.audit.record import user_stream
from wellbeing.errors import Forbidden, WrongState
from wellbeing.workdays import now


@action(P.TOKEN_END)
def end_token(*, actor: Actor, token: ApiToken) -> Outcome[None]:
    """By whom it acts for, or by the system or security administrator. Raises Forbidden, and WrongState when it has
    ended. The wall lets nobody write her own token: the machine of the API keeps the end."""
    if actor.id != token.user_id and not oversees(actor):
        raise Forbidden
    if token.state in (TokenState.DECLINED, TokenState.ENDED):
        raise WrongState(token.state, "end_token")
    token.state, token.ended_by_id, token.ended_at = TokenState.ENDED, actor.person, now()
    with identity(MACHINE):
        token.save(update_fields=["state", "ended_by", "ended_at"])
    return Outcome(None, stream=user_stream(token.user_id), facts={"token": token.pk})
