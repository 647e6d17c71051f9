"""Decline a token as the second person: it never counts."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.api.actions.confirm_token import decide
from wellbeing.api.models import ApiToken, TokenState
from wellbeing.audit.record import user_stream


@action(P.TOKEN_DECIDE, fresh=True)
def decline_token(*, actor: Actor, token: ApiToken) -> Outcome[ApiToken]:
    """Raises Forbidden for whom it would act for, WrongState when it was decided before."""
    decide(actor, token, TokenState.DECLINED)
    return Outcome(token, stream=user_stream(token.user_id), facts={"token": token.pk, "declined": True})
