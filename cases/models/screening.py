"""Screenings (普测): one batch per imported file, one sealed result per student."""

from django.db import models

from cases.models.person import Person
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, Organisation


class ScreeningBatch(models.Model):
    """One file of one school. Its keyed hash makes a second import of the same file change nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    instruments = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    incomplete = models.PositiveIntegerField()
    warnings = models.PositiveIntegerField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "digest", "instruments"], name="one_import_per_file")]


class ScreeningResult(models.Model):
    """One student's answers, score and band for one instrument, sealed under the person's key."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(ScreeningBatch, on_delete=models.PROTECT, related_name="results")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="results")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=12)
    at = models.DateTimeField()
    sealed = models.BinaryField()
