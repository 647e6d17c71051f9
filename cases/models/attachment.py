"""Attachments (附件): sealed files of a case, each under a key of its own, so that one can be withdrawn for good."""

from django.db import models

from cases.models.case import Case
from cases.models.entry import Entry
from wellbeing.ids import uuid7
from wellbeing.people.models import User


class Attachment(models.Model):
    """One file. Its entry says what kind of paper it is; `sealed`, under a data key of this row, says its note, name,
    kind and size and carries the key of the records: a transfer seals it anew and leaves those where they lie, and with
    that data key all of it is gone. One from before there was that has it all in its entry."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="attachment")
    sealed = models.BinaryField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")


class AttachmentRecord(models.Model):
    """One record of the sealed file (wellbeing/vault/stream.py), in its order."""

    id = models.BigAutoField(primary_key=True)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="records")
    number = models.PositiveIntegerField()
    piece = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attachment", "number"], name="one_record_per_number")]
