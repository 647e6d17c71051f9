"""Give somebody who has forgotten the password a new first one."""

from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import POSTS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.people.actions._account import first_password, note
from wellbeing.people.models import AccountAct, User
from wellbeing.signin.sessions import end_sessions


@action(P.PASSWORD_RENEW, fresh=True)
def renew_password(*, actor: Actor, account: User, because: str) -> Outcome[str | None]:
    """By the system administrator, who can take no second factor away. Every session of the account ends. A form sent
    again gives None. Raises Invalid for one's own account or without a reason."""
    note(actor, account, AccountAct.PASSWORD, because)
    with identity(POSTS):
        private = account.private
        word = first_password(account, private)
        private.save(update_fields=["password"])
    account.save(update_fields=["first_password_until"])
    end_sessions(account.pk)
    return Outcome(word, stream=user_stream(account.pk), facts={"account": account.pk})
