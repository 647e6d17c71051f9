"""How a referral ends: nobody works on it any more, and only who must know why reads it for a while."""

from collections.abc import Iterable

from referrals.models import Referral
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import RECIPIENT_DAYS, grant, revoke
from wellbeing.access.machines import GRANTS
from wellbeing.access.models import Hold, Origin
from wellbeing.people.models import Desk
from wellbeing.workdays import now


def end(referral: Referral, actor: Actor, *, readers: Iterable[Desk] = ()) -> int:
    """Take every grant away; `readers` may look and read for a receiver's time. Returns how many grants ended."""
    at = now()
    with identity(GRANTS):
        ended = revoke(referral)
        for desk in readers:
            grant(
                referral,
                to=desk,
                origin=Origin.REFERRAL,
                expires_at=at + RECIPIENT_DAYS,
                by=actor,
                holds=(Hold.SEE, Hold.READ),
                at=at,
            )
    return ended
