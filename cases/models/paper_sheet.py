"""A numbered sheet of paper (纸质单) for the days when the system is down: printed blank, entered once."""

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from wellbeing.people.models import Desk, User


class PaperSheet(models.Model):
    """One sheet; its key is its serial number (cases/paper_number.py). Nothing of what is written on it stands here.

    `occurred_at` is when it happened, to the minute, as the paper says; `entered_at` when it was recorded.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.UUIDField(db_index=True)  # sheets that were printed together
    kind = models.CharField(max_length=10)  # paper_number.PaperKind
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    printed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="papers")
    occurred_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case=None, occurred_at=None, entered_at=None, entered_by=None)
                | Q(
                    case__isnull=False,
                    occurred_at__isnull=False,
                    entered_at__isnull=False,
                    entered_by__isnull=False,
                ),
                name="sheet_entered_whole",
            )
        ]
