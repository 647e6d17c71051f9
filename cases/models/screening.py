"""Screenings (普测): one batch per imported file, its rows while they wait, and one sealed result per student and
instrument."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.flow import BATCH
from cases.models.person import Person
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, Division, Organisation, User


class Consenting(models.TextChoices):
    """How guardians are asked (PRACTICE.md 1.3)."""

    TOLD = "told", _("Guardians are told and may opt out")
    SIGNED = "signed", _("Guardians are asked for a signed yes")


class Campaign(models.Model):
    """A screening of some schools in some weeks. The answers that students give themselves come together in one batch
    per school, which collects until the last day; files may belong to it too.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=60)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    codes = models.CharField(max_length=60)  # of the instruments, by comma
    grades = models.CharField(max_length=120, blank=True)  # by comma; all where empty
    schools = models.JSONField(default=list)  # their ids
    consent = models.CharField(max_length=8)  # Consenting
    first = models.DateField()
    last = models.DateField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="campaign_ends_after_start")
        ]


class ScreeningBatch(models.Model):
    """One file of one school, or of several (`school` is empty then). Its keyed hash makes a second import of the same
    file change nothing.

    `taken` of its `rows` are imported: the progress, and the place where a killed import goes on. `sealed` holds the
    figures of the preview under the batch's own key, which ends with the last row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")  # whose file; none: machine
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="batches")
    digest = models.CharField(max_length=64)
    instruments = models.CharField(max_length=300)
    state = models.CharField(max_length=10, default=BATCH.initial)
    rows = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)  # rows that an earlier file had already
    incomplete = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    day = models.DateField()  # of answering, where a row has none of its own
    staged_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "digest", "instruments"],
                condition=~Q(state="dropped"),
                nulls_distinct=False,
                name="one_import_per_file",
            ),
            models.CheckConstraint(condition=Q(state__in=BATCH.states), name="batch_state_known"),
        ]
        indexes = [models.Index(fields=["staged_at"], condition=Q(state="running"), name="batches_to_finish")]


class ScreeningPart(models.Model):
    """Some rows of a file that wait for their import, sealed under the batch's key; gone once they are taken."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(ScreeningBatch, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_part_per_number")]


class ScreeningResult(models.Model):
    """One student's answers, score and band for one instrument, sealed under the person's key.

    `row_key` is a keyed hash of student, instrument, day and answers: the same line in another file adds nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(ScreeningBatch, on_delete=models.PROTECT, related_name="results")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="results")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=12)
    at = models.DateTimeField()
    row_key = models.BinaryField(null=True, unique=True)
    sealed = models.BinaryField()


class ScreeningMapping(models.Model):
    """Which columns of a school's files hold the items of some instruments, as they were last confirmed; of files that
    name the schools themselves where `school` is empty. `titles` are the columns' own, where they were picked by hand:
    in the next file they may stand elsewhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    codes = models.CharField(max_length=60)  # of the instruments, by comma
    mapping = models.CharField(max_length=300)
    titles = models.JSONField(default=dict)  # per instrument, in the order of its items

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "codes"], nulls_distinct=False, name="one_mapping_per_school")
        ]


class ScreeningTally(models.Model):
    """How many students of a school's grade came to one band of an instrument in a term (`instrument` empty: to one
    tier), and their points together. Numbers alone, written by the import: nobody opens an answer to count it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    term = models.CharField(max_length=6)  # cases.terms
    grade = models.PositiveSmallIntegerField()  # 1 to 12; 0 where the file does not say
    instrument = models.CharField(max_length=12, blank=True)
    band = models.CharField(max_length=20)
    students = models.PositiveIntegerField()
    points = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "term", "grade", "instrument", "band"], name="one_tally_per_band")
        ]
