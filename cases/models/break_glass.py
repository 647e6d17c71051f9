"""Break-glass (紧急破窗): a file opened in an emergency without a grant, for hours, and reviewed by somebody else."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class GlassReason(models.TextChoices):
    """Why the glass was broken (SECURITY.md 3.4)."""

    DANGER = "danger", _("Somebody is in danger now")
    RESCUE = "rescue", _("Police, ambulance or rescue ask")
    COVER = "cover", _("Nobody of the desk that holds it can be reached")
    COURT = "court", _("A court or an authority orders it")


class Verdict(models.TextChoices):
    JUSTIFIED = "justified", _("Justified")
    UNCLEAR = "unclear", _("Unclear: goes one level up")
    NOT_JUSTIFIED = "not", _("Not justified")


class BreakGlass(models.Model):
    """One opening. `reason` is sealed under a key of its own, for who opened and for the two desks that review.

    `reference` stands here too: a reviewer judges the opening and sees nothing of the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="openings")
    reference = models.CharField(max_length=16)
    division = models.CharField(max_length=6)  # of the case then: part of where the reason is sealed to
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=8, choices=GlassReason.choices)
    reason = models.BinaryField()
    at = models.DateTimeField()
    until = models.DateTimeField()
    first_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    second_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)  # how far up it went unreviewed

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(first_desk=F("second_desk")), name="glass_two_reviewing_desks"),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("by")), name="glass_reviewed_by_another"
            ),
            models.CheckConstraint(condition=Q(verdict="") | Q(reviewed_at__isnull=False), name="glass_verdict_by"),
        ]
        indexes = [
            models.Index(fields=["by", "-at"], name="glass_of_person"),
            models.Index(fields=["at"], condition=Q(reviewed_at=None), name="glass_to_review"),
        ]
