"""A call (来电) on the hotline: only what the desk's own figures need is clear."""

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class Call(models.Model):
    """One call that was taken. Times to the minute, waits in seconds, length in minutes; what was said is in
    entries."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="calls")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    counsellor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    line = models.CharField(max_length=16)
    # What kind of call it was (sheet.CALL_KINDS); empty: an ordinary one. Clear, for the figures and the supervisor.
    kind = models.CharField(max_length=10, blank=True)
    started_at = models.DateTimeField()
    answered_after_s = models.PositiveIntegerField(null=True)
    length_min = models.PositiveIntegerField(null=True)
    # Until when the caller was promised to be called back, and whether its counsellor asked the supervisor to look at
    # it: a day and a yes, for the call-backs and the reviews; why stays in the words.
    promised_at = models.DateTimeField(null=True)
    review_asked = models.BooleanField(default=False, db_default=False)
    # 11 bits under the key of a quarter (SECURITY.md 2.6): says "perhaps the same caller", never who.
    caller_index = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["caller_index", "started_at"], condition=Q(caller_index__isnull=False), name="repeats"
            ),
            models.Index(fields=["started_at"], name="calls_of_day"),
        ]
