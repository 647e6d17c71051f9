"""How a referral ends: nobody works on it any more, and only who must know why reads it for a while, as long as the
file of its case stays where it is."""

from collections.abc import Iterable

from cases.going import Stays
from cases.models import Case
from referrals.models import Referral
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import RECIPIENT_DAYS, grant, revoke, since
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


def file_goes(case: Case, stays: Stays) -> None:
    """Whoever read an ended referral for a while reads it no more once the file has gone to another desk: what a
    hospital reported stays with nobody who lost the file. None is under way then."""
    with identity(GRANTS):
        for referral in Referral.objects.filter(case=case.pk, ended_at__isnull=False):
            for holder, _since in since(referral):
                if not stays(holder):
                    revoke(referral, holder=holder)
