"""Change one's own password. Every other session of the account ends with it."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.people.models import User


@action(P.ACCOUNT_KEEP)
def change_password(*, actor: Actor, old: str, new: str) -> Outcome[None]:
    """A first password is replaced by one that only its owner knows. Raises Invalid by field."""
    user = User.objects.select_for_update().get(pk=actor.person)
    if not user.check_password(old):
        raise Invalid("old", _("This is not your present password."))
    if old == new:
        raise Invalid("new", _("The new password is the old one."))
    try:
        validate_password(new, user)
    except ValidationError as weak:
        raise Invalid("new", " ".join(weak.messages)) from None
    user.private.password = make_password(new)
    user.private.save(update_fields=["password"])
    user.first_password_until = None
    user.save(update_fields=["first_password_until"])
    return Outcome(None, stream=user_stream(actor.id), facts={})
