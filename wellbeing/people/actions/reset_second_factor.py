"""Take away all second factors of somebody who has lost them, so that she sets up new ones.

The government's sign-on goes with them: it can bring a second factor of its own, and whoever bound it while she had the
account in her hands would come in by it for ever, past every new password. So do the tokens of its programs, which ask
for neither: whoever asked for one then would read on by it for three months.
"""

from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import SIGNIN
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.people.actions._account import note
from wellbeing.people.models import AccountAct, User
from wellbeing.people.regained import regain
from wellbeing.signin.factors import drop_all, unbind
from wellbeing.signin.sessions import end_sessions


@action(P.SECOND_FACTOR_RESET, fresh=True)
def reset_second_factor(*, actor: Actor, account: User, because: str) -> Outcome[None]:
    """By the security administrator, who can give no password: neither she nor the system administrator takes an
    account over without the other. Every session of the account ends, its binding to the government's sign-on, and what
    programs act for it by (people.regained). Raises Invalid for one's own account or without a reason."""
    note(actor, account, AccountAct.FACTORS, because)
    with identity(SIGNIN):
        facts = {"factors": drop_all(account.pk), "bindings": unbind(account.pk)}
    end_sessions(account.pk)
    regain(actor, account)
    return Outcome(None, stream=user_stream(account.pk), facts=facts)
