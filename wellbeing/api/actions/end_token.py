"""End a token: the next request with it is refused."""

from uuid import UUID

from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import API
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.api.access import open_token
from wellbeing.api.models import ApiToken, TokenState
from wellbeing.audit.record import record, user_stream
from wellbeing.errors import WrongState
from wellbeing.people.models import User
from wellbeing.workdays import now

LIVES = (TokenState.WAITING, TokenState.IN_FORCE)


@action(P.TOKEN_END, fresh=True)
def end_token(*, actor: Actor, token_id: UUID) -> Outcome[None]:
    """By whom it acts for, or by the system or security administrator. Raises Forbidden, and WrongState when it has
    ended. The wall lets nobody write her own token: the machine of the API locks it and keeps the end."""
    open_token(actor, str(token_id), P.TOKEN_END)
    with identity(API):
        token = ApiToken.objects.select_for_update().get(pk=token_id)
        if token.state in (TokenState.DECLINED, TokenState.ENDED):
            raise WrongState(token.state, "end_token")
        token.state, token.ended_by_id, token.ended_at = TokenState.ENDED, actor.person, now()
        token.save(update_fields=["state", "ended_by", "ended_at"])
    return Outcome(None, stream=user_stream(token.user_id), facts={"token": token.pk})


def end_tokens_of(actor: Actor, account: User) -> None:
    """End every token that acts, or would, for an account that is taken back out of other hands; each is an event."""
    with identity(API):
        rows = ApiToken.objects.select_for_update().filter(user=account, state__in=LIVES).order_by("pk")
        ended = [token.pk for token in rows]
        changed = {"state": TokenState.ENDED, "ended_by_id": actor.person, "ended_at": now()}
        ApiToken.objects.filter(pk__in=ended).update(**changed)
    for pk in ended:
        record(stream=user_stream(account.pk), act=P.TOKEN_END, actor=actor, facts={"token": pk})
