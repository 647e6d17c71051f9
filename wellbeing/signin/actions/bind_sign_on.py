"""Bind one's own account to one's subject at the government's single sign-on."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.signin.models import Binding
from wellbeing.workdays import now


@action(P.ACCOUNT_KEEP, fresh=True)
def bind_sign_on(*, actor: Actor, issuer: str, subject: str) -> Outcome[Binding]:
    """A binding made before is replaced. Raises Invalid when the subject is another account's."""
    Binding.objects.filter(user_id=actor.person, issuer=issuer).delete()
    try:
        with transaction.atomic():
            made = Binding.objects.create(user_id=actor.person, issuer=issuer, subject=subject, bound_at=now())
    except IntegrityError:
        raise Invalid("", _("This sign-on cannot be bound to your account.")) from None
    return Outcome(made, stream=user_stream(actor.id), facts={"binding": made.pk})
