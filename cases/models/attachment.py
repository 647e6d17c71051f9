"""Attachments (附件): sealed files of a case. Name, kind, size and the key of the file are in the entry."""

from django.db import models

from cases.models.case import Case
from cases.models.entry import Entry
from wellbeing.ids import uuid7


class Attachment(models.Model):
    """One file, sealed under a key of its own that the entry's envelope carries: whoever may open that opens the file,
    and a transfer seals the entry anew and leaves the file where it lies."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="attachment")


class AttachmentRecord(models.Model):
    """One record of the sealed file (wellbeing/vault/stream.py), in its order."""

    id = models.BigAutoField(primary_key=True)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="records")
    number = models.PositiveIntegerField()
    piece = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attachment", "number"], name="one_record_per_number")]
