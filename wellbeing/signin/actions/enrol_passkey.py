"""Set up a passkey: what the browser answered to the challenge that the page set."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.ids import uuid7
from wellbeing.signin import passkeys
from wellbeing.signin.factors import sealed
from wellbeing.signin.models import Factor, FactorKind
from wellbeing.workdays import now


@action(P.ACCOUNT_KEEP)
def enrol_passkey(*, actor: Actor, answer: str, where: passkeys.Site, challenge: bytes, name: str) -> Outcome[Factor]:
    """Keep the passkey's public key, sealed. Raises Invalid when the answer does not hold or the passkey is known."""
    made = passkeys.made(answer, where, challenge)
    refused = Invalid("answer", _("The browser gave no passkey that can be used here. Try again."))
    if made is None:
        raise refused
    pk = uuid7()
    try:
        with transaction.atomic():
            factor = Factor.objects.create(
                id=pk,
                user_id=actor.person,
                kind=FactorKind.PASSKEY,
                name=name,
                secret=sealed(pk, actor.person, made.public_key),
                credential=made.credential,
                counter=made.count,
                made_at=now(),
            )
    except IntegrityError:
        raise refused from None
    return Outcome(factor, stream=user_stream(actor.id), facts={"factor": factor.pk, "kind": factor.kind})
