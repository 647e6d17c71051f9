"""Set up an authenticator app: the secret that the page showed, proven by one code of it."""

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.ids import uuid7
from wellbeing.people.models import User
from wellbeing.signin.factors import made_here, sealed, step_of
from wellbeing.signin.models import Factor, FactorKind
from wellbeing.workdays import now


@action(P.ACCOUNT_KEEP)
def enrol_totp(*, actor: Actor, secret: str, code: str, name: str) -> Outcome[Factor]:
    """Keep the app's secret, sealed; the code that proves it is used up. Sent twice, it is one app: a second row would
    let each code count twice. Raises Invalid beside `code`."""
    step = step_of(secret, code)
    if step is None:
        raise Invalid("code", _("This code is not right. Check that the telephone's clock is set automatically."))
    User.objects.select_for_update().get(pk=actor.person)  # two at once see each other's
    for known in Factor.objects.filter(user_id=actor.person, kind=FactorKind.TOTP):
        if made_here(known) == secret.encode():
            return Outcome(known, stream=user_stream(actor.id), facts={"factor": known.pk, "kind": FactorKind.TOTP})
    pk = uuid7()
    made = Factor.objects.create(
        id=pk,
        user_id=actor.person,
        kind=FactorKind.TOTP,
        name=name,
        secret=sealed(pk, actor.person, secret.encode()),
        counter=step,
        made_at=now(),
    )
    return Outcome(made, stream=user_stream(actor.id), facts={"factor": pk, "kind": made.kind})
