"""The one-time link (一次性链接): one packet for somebody without an account, and every time it was opened."""

from django.db import models
from django.db.models import Q

from referrals.models.packet import Packet
from referrals.models.referral import Referral
from wellbeing.ids import uuid7
from wellbeing.people.models import User


class Link(models.Model):
    """Holds digests only: of the token in its address, and of the browser that it belongs to once it was opened.

    `sealed` is a copy of exactly the packet's words under a key made of token and code; blank once the link has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="links")
    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(unique=True)
    salt = models.BinaryField()
    sealed = models.BinaryField()
    tries_left = models.PositiveSmallIntegerField()
    browser = models.BinaryField(default=b"")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral"], condition=Q(ended_at=None), name="one_live_link"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(sealed=b""), name="ended_link_is_blank"),
        ]


class LinkOpening(models.Model):
    """Somebody gave a code at the link's address: when, and whether it was the right one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="openings")
    at = models.DateTimeField()
    succeeded = models.BooleanField()
