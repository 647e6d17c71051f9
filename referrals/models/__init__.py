"""The green channel: referrals, what travels in them, and who may see it."""

from referrals.models.crossing import OPEN_CROSSING, Crossing, SafetyContact
from referrals.models.destination import Destination, Slot
from referrals.models.link import Link, LinkOpening
from referrals.models.packet import Packet, Purpose
from referrals.models.proposal import ProposedTime
from referrals.models.referral import (
    SENDABLE,
    Appointment,
    ConsentOutcome,
    Referral,
    ReferralGroupObjectPermission,
    ReferralUserObjectPermission,
    Step,
    Why,
)

__all__ = [
    "OPEN_CROSSING",
    "SENDABLE",
    "Appointment",
    "ConsentOutcome",
    "Crossing",
    "Destination",
    "Link",
    "LinkOpening",
    "Packet",
    "ProposedTime",
    "Purpose",
    "Referral",
    "ReferralGroupObjectPermission",
    "ReferralUserObjectPermission",
    "SafetyContact",
    "Slot",
    "Step",
    "Why",
]
