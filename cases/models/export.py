"""An export of rows of persons or cases: a file that waits, sealed, for one receiver."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wellbeing.ids import reference, uuid7
from wellbeing.people.models import Desk, User
from wellbeing.workdays import now

ALONE = 50  # rows; the file of more waits for a second person (0006_walls_of_records says the same of the key)


def export_reference() -> str:
    return reference("DC")


class ExportSort(models.TextChoices):
    INTERVIEWS = "interviews", _("Interviews that wait")
    ROLL = "roll", _("Roll of a school with its codes")
    HANDOVER = "handover", _("List of cases handed over")


class ExportForm(models.TextChoices):
    XLSX = "xlsx", _("Excel (XLSX)")
    CSV = "csv", _("Table as text (CSV)")


class ExportReason(models.TextChoices):
    """Why rows leave the system. A choice and no words: whoever confirms sees no row."""

    WORK = "work", _("Work without a connection: on an island, in a classroom")
    SIGNED = "signed", _("A signed list for the records of the house")
    ORDER = "order", _("An authority has ordered it in writing")


class Export(models.Model):
    """Asked by one, confirmed by a second above ALONE rows, fetched once by its receiver until `until`. `row_count` are
    its rows, or those of a day that it makes too many for one person (export_access.counts_for). `sealed` goes,
    and its key with it, with the fetching or when its time is over. `cases` are those whose rows it holds, so that the
    erasure of one of them destroys it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=16, unique=True, default=export_reference)
    sort = models.CharField(max_length=12, choices=ExportSort.choices)
    form = models.CharField(max_length=4, choices=ExportForm.choices)
    why = models.CharField(max_length=8, choices=ExportReason.choices)
    row_count = models.PositiveIntegerField()
    cases = ArrayField(models.UUIDField(), default=list)
    division = models.CharField(max_length=6)  # part of where the file is sealed to
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    above = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    second = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second=None) | (~Q(second=F("by")) & ~Q(second=F("receiver"))), name="export_second_person"
            ),
            models.CheckConstraint(
                condition=Q(fetched_at=None) | Q(row_count__lte=ALONE) | Q(second_at__isnull=False),
                name="export_fetched_once_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=Q(sealed__isnull=False), name="exports_that_wait"),
            models.Index(fields=["-at"], name="exports_by_time"),
        ]

    @property
    def waits(self) -> bool:
        """Whether there is still a file to fetch, whoever must confirm it first."""
        return self.fetched_at is None and self.until > now()
