"""The packet (转介资料): a sealed copy of the few fields a purpose needs, under its own key, for one desk, until a
date."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from referrals.models.referral import Referral
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class Purpose(models.TextChoices):
    """What a packet is for; each has its template of fields in referrals/packet.py."""

    REQUEST = "request", _("Request of the school")
    QUESTION = "question", _("Answer of the county centre")
    HOSPITAL = "hospital", _("Assessment at a hospital")
    CITY_CENTRE = "city_centre", _("Help at the city centre")
    WELFARE_CHECK = "welfare_check", _("To find and protect a person")
    CROSSING = "crossing", _("Crossing")
    FEEDBACK = "feedback", _("Report of the hospital")
    CITY_REPORT = "city_report", _("Report of the city centre")
    RETURN_PLAN = "return_plan", _("Return to school")


class Packet(models.Model):
    """Readable by the desk it is for and by the desk that sent it; by nobody after `expires_at`.

    The row stays when its key is destroyed: it says to whom which fields (codes) went, and until when (regulation on
    network data security, article 12: at least three years).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="packets")
    purpose = models.CharField(max_length=16)  # Purpose
    version = models.PositiveSmallIntegerField(default=1)
    from_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    to_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    outside = models.CharField(max_length=12, blank=True)  # cases.telling.Whom, where it left the platform on paper
    fields = models.JSONField(default=list)  # codes
    # Nobody by name where it came through a one-time link.
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            # Numbered by its sender, who sees all it sent; nobody sees what two others wrote to each other.
            models.UniqueConstraint(
                fields=["referral", "purpose", "from_desk", "to_desk", "version"], name="one_packet_per_version"
            )
        ]
