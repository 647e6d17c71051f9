"""Take one of one's own second factors away."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import asks_second_factor
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Forbidden, Invalid
from wellbeing.signin.models import Factor, FactorKind, RecoveryCode


@action(P.ACCOUNT_KEEP, fresh=True)
def drop_factor(*, actor: Actor, factor_id: UUID) -> Outcome[None]:
    """With the last one its recovery codes go too; where posts ask for one the last one stays. Raises Forbidden for
    one that is not the actor's, Invalid for the last."""
    mine = list(Factor.objects.select_for_update().filter(user_id=actor.person))
    factor = next((one for one in mine if one.pk == factor_id), None)
    if factor is None:
        raise Forbidden
    if len(mine) == 1:
        if settings.SECOND_FACTOR == "required" and asks_second_factor(actor):
            raise Invalid("", _("This is your only second factor: set up another one first."))
        RecoveryCode.objects.filter(user_id=actor.person).delete()
    facts = {"factor": factor.pk, "kind": FactorKind(factor.kind)}
    factor.delete()
    return Outcome(None, stream=user_stream(actor.id), facts=facts)
