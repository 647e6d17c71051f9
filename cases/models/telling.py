"""What was told to whom, tried by telephone, and reported in writing: the codes and times; words are in the entry."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.deadline import Deadline
from cases.models.entry import Entry
from wellbeing.ids import uuid7
from wellbeing.people.models import User


class Telling(models.Model):
    """Somebody was told of the case, or not reached: whom, when, how, by whom. Her name is in the entry."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tellings")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    whom = models.CharField(max_length=12)  # cases.telling.Whom
    how = models.CharField(max_length=12, blank=True)  # cases.telling.How
    told = models.CharField(max_length=12)  # cases.telling.Told
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")


class CallBackOutcome(models.TextChoices):
    """What came of one try to call back."""

    REACHED = "reached", _("Reached")
    UNREACHED = "unreached", _("Not reached")
    DECLINED = "declined", _("Wants no further call")
    TAKEN_BACK = "taken_back", _("Recorded by mistake, taken back")


class CallBack(models.Model):
    """One try to call back: on which half-day, and whether somebody answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="callbacks")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="tries")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=CallBackOutcome.choices)
    half_day = models.CharField(max_length=13)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["at"], name="tries_of_day")]


class MandatoryReport(models.Model):
    """A report that the law asks for: to which authority, when, by whom; whether its receipt number is noted.

    The ground and the number are in the entry: the ground says what happened to a child.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mandatory_reports")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=16)  # cases.mandatory.Authority
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    receipt_at = models.DateTimeField(null=True)


class ReportKind(models.TextChoices):
    """First, follow-up and final written report (初报、续报、终报)."""

    FIRST = "first", _("First report")
    NEXT = "next", _("Follow-up report")
    FINAL = "final", _("Final report")


class WrittenReport(models.Model):
    """A written report, frozen as it was sent: which one, its number, and the entry with its text."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=ReportKind.choices)
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_report_per_number")]
