"""Keep a referral that is under way in the sight of those whose work it is: what they hold ends by its date, and their
work may not have (SECURITY.md 3.1)."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from referrals.flow import BEFORE_SENDING, DESTINATION, REFERRAL
from referrals.models import Referral, ReferralGroupObjectPermission
from wellbeing.access.actor import Actor, memory
from wellbeing.access.ending import renew
from wellbeing.access.grants import OWNER_DAYS, RECIPIENT_DAYS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.workdays import now

AHEAD = timedelta(days=1)
# Where the destination has the person, and its letter's time ends nothing by itself.
RECEIVED = tuple(
    state
    for state in REFERRAL.states
    if not REFERRAL.allows(state, "expire")
    and any(one.who == DESTINATION for one in REFERRAL.steps if one.state == state)
)


@action(P.ACCESS_RENEW)
def keep_referral(*, actor: Actor, referral: Referral) -> Outcome[int]:
    """Let the desks that asked and that send keep it for half a year more, and the destination that has received it for
    a month; returns how many grants were renewed. The letter itself ends on its day: a newer one is the sender's."""
    at, renewed = now(), 0
    for row in due(referral):
        received = row.group_id == referral.to_desk_id and referral.state in RECEIVED
        renewed += renew(row, at + (RECIPIENT_DAYS if received else OWNER_DAYS))
    memory().clear()
    return Outcome(renewed, stream=referral.case_id, facts={"referral": referral.pk, "renewed": renewed})


def due(referral: Referral) -> QuerySet[Any]:
    """The rows to renew now; none of a referral that has ended meanwhile."""
    desks = {referral.from_desk_id, referral.asked_by_id}
    if referral.state in (*BEFORE_SENDING, *RECEIVED):
        desks.add(referral.to_desk_id)
    rows = ReferralGroupObjectPermission.objects.filter(content_object=referral, group_id__in=desks - {None})
    return rows.filter(expires_at__lte=now() + AHEAD) if referral.ended_at is None else rows.none()
