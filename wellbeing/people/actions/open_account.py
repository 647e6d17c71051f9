"""Open an account for somebody, without any post: it can do nothing yet."""

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import POSTS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.people.actions._account import first_password, note
from wellbeing.people.likeness import account_name, looks, persons_name
from wellbeing.people.models import AccountAct, Private, User


@action(P.ACCOUNT_OPEN, fresh=True)
def open_account(*, actor: Actor, username: str, name: str, mobile: str, because: str) -> Outcome[str | None]:
    """The first password, to be handed over in person; it is kept nowhere, so a form sent again gives None. Raises
    Invalid by field, also for a name that is read as somebody else's: whoever opens an account knows its first
    password, and the second person who confirms its post must see that it is a new one."""
    user = User(username=username, display_name=name)
    private = Private()
    try:
        user.clean_fields()
        private.reach(mobile=mobile, email="")
    except ValidationError as wrong:
        field = next(iter(wrong.message_dict))
        raise Invalid(field, " ".join(wrong.message_dict[field])) from None
    if not account_name(username):
        raise Invalid("username", _("Latin letters, digits and . _ - @ + only, beginning with a letter or a digit."))
    _alone()
    if User.objects.filter(username__iexact=username).exists():
        raise Invalid("username", _("There is an account of this name."))
    _check_name(name)
    word = first_password(user, private)
    user.save(force_insert=True)
    private.user = user
    with identity(POSTS):
        private.save(force_insert=True)
    note(actor, user, AccountAct.OPENED, because)
    return Outcome(word, stream=user_stream(user.pk), facts={"account": user.pk})


def _alone() -> None:
    """Two who open accounts at the same moment wait for each other, and see each other's names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('open_account'))")


def _check_name(name: str) -> None:
    if not persons_name(name):
        raise Invalid("name", _("Chinese or Latin letters, and no sign that does not show."))
    like = looks(name)
    if any(looks(str(other)) == like for other in User.objects.filter(is_active=True)):
        raise Invalid("name", _("Somebody is called this already: add what tells them apart, such as the school."))
