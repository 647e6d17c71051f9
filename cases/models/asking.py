"""What two people open (两人启封): one asks, another confirms or refuses within minutes. One shape for all of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.break_glass import BreakGlass
from cases.models.case import Case
from wellbeing.ids import uuid7
from wellbeing.people.models import User


class Asking(models.Model):
    """One asking. `reference` stands here too: whoever confirms judges the asking and sees nothing of the case."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=16)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def two_people(name: str) -> list[models.CheckConstraint]:
    """The answer is another person's, and there is one at most."""
    another = (Q(confirmed_by=None) | ~Q(confirmed_by=F("by"))) & (Q(refused_by=None) | ~Q(refused_by=F("by")))
    once = Q(confirmed_at=None) | Q(refused_at=None)
    return [
        models.CheckConstraint(condition=another, name=f"{name}_two_people"),
        models.CheckConstraint(condition=once, name=f"{name}_one_answer"),
    ]


class SealedReason(models.TextChoices):
    """Why the sealed section is needed. A choice and no words: the opening's own reason stands beside it."""

    DANGER = "danger", _("What is sealed may say where she or he is, or from whom the danger comes")
    RESCUE = "rescue", _("Police, ambulance or rescue ask")
    COURT = "court", _("A court or an authority orders it")


class SealedAsk(Asking):
    """Asked for behind broken glass: once confirmed, the section is open to whoever asked until `until`."""

    glass = models.ForeignKey(BreakGlass, on_delete=models.PROTECT, related_name="asks")
    why = models.CharField(max_length=8, choices=SealedReason.choices)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            *two_people("sealed"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(confirmed_at__isnull=False), name="sealed_open_once_confirmed"
            ),
        ]
        indexes = [models.Index(fields=["glass", "-at"], name="sealed_asks_by_time")]
