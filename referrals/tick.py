"""What the ticker does for the green channel: what nobody answered or received for too long expires, and says so."""

import logging
from datetime import timedelta

from referrals.actions import expire
from referrals.flow import REFERRAL
from referrals.models import Referral, Step
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import RECIPIENT_DAYS
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")
TICKER = Actor.machine("ticker")
STATES = tuple(state for state in REFERRAL.states if REFERRAL.allows(state, "expire"))
GRACE = timedelta(days=1)  # past the life of the letter, so that nobody loses what still opens


def expire_old() -> int:
    """Expire referrals that have stood still for the life of a letter; returns how many. One that fails stops none."""
    with identity(TICKER):
        waiting = list(Referral.objects.filter(state__in=STATES, ended_at=None, opened_at__lte=now() - RECIPIENT_DAYS))
        latest = {one.pk: Step.objects.filter(referral=one).order_by("-at").first() for one in waiting}
    done = 0
    for one in waiting:
        step = latest[one.pk]
        if step is None or step.at > now() - RECIPIENT_DAYS - GRACE:
            continue
        try:
            expire(actor=TICKER, referral=one)
            done += 1
        except Exception:
            log.exception("a referral could not expire", extra={"codes": {"row": one.pk}})
    return done
