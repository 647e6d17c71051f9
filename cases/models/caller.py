"""The number of a caller: sealed under a key of its own, and who asked for it, who confirmed, and that it was read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.asking import Asking, two_people
from cases.models.call import Call
from cases.models.case import Case
from wellbeing.ids import uuid7


class CallerReason(models.TextChoices):
    """Why a number is needed. A choice and no words: whoever confirms sees nothing of the case."""

    DANGER = "danger", _("Somebody is in danger now, and the call broke off")
    RESCUE = "rescue", _("Police, ambulance or rescue ask")
    COURT = "court", _("A court or an authority orders it")


class CallerNumber(models.Model):
    """The number of one call; blank once policy's hours have passed since it was logged."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="number")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    division = models.CharField(max_length=6)  # of the case then: part of where the number is sealed to
    sealed = models.BinaryField(null=True)
    logged_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["logged_at"], condition=Q(sealed__isnull=False), name="numbers_to_forget")]


class CallerAsk(Asking):
    """Asked for a number: confirmed by somebody else within minutes, then read once by whoever asked, or lapsed."""

    number = models.ForeignKey(CallerNumber, on_delete=models.PROTECT, related_name="asks")
    why = models.CharField(max_length=8, choices=CallerReason.choices)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            *two_people("caller"),
            models.CheckConstraint(
                condition=Q(read_at=None) | Q(confirmed_at__isnull=False), name="caller_read_once_confirmed"
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="caller_asks_by_time")]
