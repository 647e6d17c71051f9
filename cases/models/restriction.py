"""A caller's number that a supervisor has restricted (限制来电): by its short index, never by the number."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wellbeing.ids import uuid7
from wellbeing.people.models import Organisation, User


class Ended(models.TextChoices):
    """Why a restriction ended before its day."""

    LIFTED = "lifted", _("Lifted")
    DANGER = "danger", _("A risk was answered")
    RENEWED = "renewed", _("Restricted anew")


class Restriction(models.Model):
    """Until a moment, the counsellor who has this number on the line is told to keep the call short. It blocks nothing:
    the line stays open to everybody, and an answered risk ends it (PRACTICE.md 3.7).

    `mark` is the calls' own index under the key of `quarter`; it ends to mean anything when that key is destroyed.
    `harassing` is how many harassing calls there were when it was made; `calls` and `last_at` are those taken since.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hotline = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    mark = models.BinaryField()
    quarter = models.CharField(max_length=6)
    harassing = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=8, choices=Ended.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # None: a machine

    class Meta:
        indexes = [models.Index(fields=["hotline", "-at"], name="restrictions_of_hotline")]
        constraints = [
            models.UniqueConstraint(
                fields=["hotline", "quarter", "mark"], condition=Q(ended_at=None), name="one_restriction_of_a_number"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="restricted_for_a_while"),
            models.CheckConstraint(
                condition=Q(ended="", ended_at=None, ended_by=None) | (~Q(ended="") & Q(ended_at__isnull=False)),
                name="restriction_ended_whole",
            ),
        ]

    @property
    def code(self) -> str:
        """What the hotline's own people call it among each other: the index and its quarter, e.g. `05F1·2026Q4`."""
        return f"{bytes(self.mark).hex().upper()}·{self.quarter}"
