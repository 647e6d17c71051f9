"""The green channel: referrals, what travels in them, and who may see it."""

from referrals.models.packet import Packet, Purpose
from referrals.models.referral import (
    Appointment,
    ConsentOutcome,
    Referral,
    ReferralGroupObjectPermission,
    ReferralUserObjectPermission,
    Step,
    Why,
)

__all__ = [
    "Appointment",
    "ConsentOutcome",
    "Packet",
    "Purpose",
    "Referral",
    "ReferralGroupObjectPermission",
    "ReferralUserObjectPermission",
    "Step",
    "Why",
]
