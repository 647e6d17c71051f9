"""Change where notices reach oneself: the mobile that one is on duty with, and the mail."""

from django.core.exceptions import ValidationError

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.people.models import User


@action(P.ACCOUNT_KEEP, fresh=True)
def change_reach(*, actor: Actor, mobile: str, email: str) -> Outcome[None]:
    """From the next notice on. The audit says that it was changed and whether there is one, never the number. Raises
    Invalid by field."""
    private = User.objects.select_for_update(of=("self",)).get(pk=actor.person).private
    try:
        private.reach(mobile=mobile, email=email)
    except ValidationError as wrong:
        field, said = next(iter(wrong.message_dict.items()))
        raise Invalid(field, " ".join(said)) from None
    private.save(update_fields=["mobile", "email"])
    facts = {"mobile": bool(private.mobile), "email": bool(private.email)}
    return Outcome(None, stream=user_stream(actor.id), facts=facts)
