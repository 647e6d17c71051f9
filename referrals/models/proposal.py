"""Times that a hospital proposes (候选时间): it holds them until one is chosen, others are asked for, or they pass."""

from django.db import models
from django.db.models import Q

from referrals.models.referral import Referral
from wellbeing.ids import uuid7
from wellbeing.people.models import User


class ProposedTime(models.Model):
    """One proposed time; while it is open (`ended_at` empty) it holds its slot, if it has one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="proposed")
    at = models.DateTimeField()
    slot = models.ForeignKey("referrals.Slot", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # None: by a link
    proposed_at = models.DateTimeField()
    chosen = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], condition=Q(ended_at=None), name="open_proposals")]
