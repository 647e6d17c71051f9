"""What the ticker does for the green channel: a referral follows its case, what nobody answers expires, one-time links
end whose time or whose consent is over, proposed times that all have passed are dropped, and what is under way is kept
in sight."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import F, Max, OuterRef, Q, Subquery

from cases.consent import Consent
from cases.models import ConsentRecord
from cases.stuck import tell_case_stuck
from referrals.access import shut_by_consent
from referrals.actions import drop_times, end_link, expire, follow_case, keep_referral
from referrals.actions.keep_referral import AHEAD, due
from referrals.flow import REFERRAL
from referrals.models import Link, ProposedTime, Referral, ReferralGroupObjectPermission
from wellbeing.access.actor import identity
from wellbeing.access.grants import RECIPIENT_DAYS
from wellbeing.access.machines import TICKER
from wellbeing.errors import WrongState
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")
STATES = tuple(state for state in REFERRAL.states if REFERRAL.allows(state, "expire"))
OUT = tuple(state for state in REFERRAL.states if REFERRAL.allows(state, "go_on"))  # a letter is out
GRACE = timedelta(days=1)  # past the life of the letter, so that nobody loses what still opens


def follow_cases() -> int:
    """Let the referrals follow whose case has another tier by now, or whose guardian took the consent back or gave it
    again. Returns how many did. One that fails stops none, and is looked at again."""
    newest = ConsentRecord.objects.filter(case=OuterRef("case")).order_by("-at", "-id").values("outcome")[:1]
    given = Q(consent=Consent.GIVEN, said__in=(Consent.WITHDRAWN, Consent.REFUSED), state__in=OUT)
    again = Q(consent=Consent.WITHDRAWN, said=Consent.GIVEN, state__in=OUT)
    with identity(TICKER):
        rows = Referral.objects.filter(ended_at=None).annotate(said=Subquery(newest))
        behind = list(rows.filter(~Q(tier=F("case__tier")) | given | again).order_by("case__tier_since"))
    return sum(_does(follow_case, one) for one in behind)


def _does(act: Callable[..., Any], one: Referral) -> bool:
    try:
        return bool(act(actor=TICKER, referral=one))
    except Exception as fault:
        log.exception("a referral could not be looked after", extra={"codes": {"row": one.pk}})
        if not isinstance(fault, WrongState):  # somebody was faster; else its clocks may go on as at a lower tier
            tell_case_stuck(one.case_id)
        return False


def expire_old() -> int:
    """Expire referrals that have stood still for the life of a letter; returns how many. One that fails stops none."""
    with identity(TICKER):
        waiting = Referral.objects.filter(state__in=STATES, ended_at=None).annotate(moved=Max("steps__at"))
        due = list(waiting.filter(moved__lte=now() - RECIPIENT_DAYS - GRACE))
    return sum(_does(expire, one) for one in due)


def end_links() -> int:
    """End the links whose time is over, or whose letter the guardian's consent no longer covers: nobody opens these
    already, and now their sealed copies go too. Returns how many."""
    with identity(TICKER):
        live = list(Link.objects.filter(ended_at=None).select_related("referral"))
        over = [one.referral for one in live if one.expires_at <= now() or shut_by_consent(one.referral)]
    return sum(_does(end_link, one) for one in over)


def drop_passed() -> int:
    """Give a referral whose proposed times have all passed back to the hospital; returns how many."""
    with identity(TICKER):
        still = ProposedTime.objects.filter(ended_at=None)
        passed = still.filter(at__lte=now()).exclude(referral__in=still.filter(at__gt=now()).values("referral"))
        found = list(Referral.objects.filter(pk__in=passed.values("referral")))
    return sum(_does(drop_times, one) for one in found)


def keep_ending() -> int:
    """Renew what ends by its date on referrals that are under way; returns on how many. One that fails stops none."""
    with identity(TICKER):
        rows = ReferralGroupObjectPermission.objects.filter(
            expires_at__lte=now() + AHEAD, content_object__ended_at=None
        )
        found = Referral.objects.filter(pk__in=rows.values("content_object_id")).order_by("pk")
        ending = [one for one in found if due(one).exists()]
    return sum(_does(keep_referral, one) for one in ending)
