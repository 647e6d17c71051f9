"""End sessions of one's own account: the one that the page names, or all but the one that asks."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Forbidden
from wellbeing.signin.sessions import end_sessions


@action(P.ACCOUNT_KEEP, fresh=True)
def end_session(*, actor: Actor, mine: str, only: str = "") -> Outcome[int]:
    """`mine` is the asker's own session key, `only` the handle of another session. Raises Forbidden when there is no
    such session."""
    ended = end_sessions(actor.person, but=mine, only=only)
    if only and not ended:
        raise Forbidden
    return Outcome(ended, stream=user_stream(actor.id), facts={"ended": ended})
