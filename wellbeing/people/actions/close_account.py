"""Close the account of somebody who has left. It is kept, because what she did names her."""

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.people.actions._account import note
from wellbeing.people.desks import running
from wellbeing.people.models import AccountAct, User
from wellbeing.signin.sessions import end_sessions


@action(P.ACCOUNT_CLOSE, fresh=True)
def close_account(*, actor: Actor, account: User, because: str) -> Outcome[None]:
    """Once her posts have ended; her sessions end. Raises Invalid while a post runs, for one's own account or without a
    reason."""
    if running(account).exists():
        raise Invalid("", _("End the posts of this account first."))
    note(actor, account, AccountAct.CLOSED, because)
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account.pk)
    return Outcome(None, stream=user_stream(account.pk), facts={"account": account.pk})
