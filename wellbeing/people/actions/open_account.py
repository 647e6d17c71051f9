"""Open an account for somebody, without any post: it can do nothing yet."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import POSTS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.people.actions._account import first_password, note
from wellbeing.people.models import AccountAct, Private, User


@action(P.ACCOUNT_OPEN, fresh=True)
def open_account(*, actor: Actor, username: str, name: str, mobile: str, because: str) -> Outcome[str | None]:
    """The first password, to be handed over in person; it is kept nowhere, so a form sent again gives None. Raises
    Invalid by field."""
    user = User(username=username, display_name=name)
    private = Private(mobile=mobile)
    word = first_password(user, private)
    try:
        user.clean_fields()
        private.clean_fields(exclude=["user"])
    except ValidationError as wrong:
        field = next(iter(wrong.message_dict))
        raise Invalid(field, " ".join(wrong.message_dict[field])) from None
    taken = Invalid("username", _("There is an account of this name."))
    if User.objects.filter(username__iexact=username).exists():
        raise taken
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:  # opened at the same moment
        raise taken from None
    private.user = user
    with identity(POSTS):
        private.save(force_insert=True)
    note(actor, user, AccountAct.OPENED, because)
    return Outcome(word, stream=user_stream(user.pk), facts={"account": user.pk})
