"""New recovery codes; the old ones end."""

import secrets

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.people.models import User
from wellbeing.signin.factors import recovery_digest
from wellbeing.signin.models import RecoveryCode

COUNT, HALF = 10, 5  # ten codes of ten letters: 50 bits each
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@action(P.ACCOUNT_KEEP, fresh=True)
def renew_codes(*, actor: Actor) -> Outcome[list[str]]:
    """The codes such as `K7QXM-2RTPA`, to be shown once: only their keyed hashes are kept. Two at the same moment go
    one after the other, or neither would end the other's codes."""
    User.objects.select_for_update().get(pk=actor.person)
    halves = iter("".join(secrets.choice(ALPHABET) for _letter in range(HALF)) for _half in range(2 * COUNT))
    codes = [f"{first}-{second}" for first, second in zip(halves, halves, strict=True)]
    RecoveryCode.objects.filter(user_id=actor.person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user_id=actor.person, digest=recovery_digest(actor.person, code)) for code in codes
    )
    return Outcome(codes, stream=user_stream(actor.id), facts={"codes": COUNT})
