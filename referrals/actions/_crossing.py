"""The open crossing of a referral. Used by this folder only."""

from referrals.models import OPEN_CROSSING, Crossing, Referral
from wellbeing.errors import WrongState


def open_crossing(referral: Referral, verb: str) -> Crossing:
    """The crossing that is not over yet, locked. Raises WrongState when there is none."""
    locked = Crossing.objects.select_for_update()
    crossing = locked.filter(referral=referral, state__in=OPEN_CROSSING).first()
    if crossing is None:
        raise WrongState("no crossing", verb)
    return crossing
