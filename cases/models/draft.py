"""What is typed before it is done: drafts of sheets, and the notes that one shift leaves to the next."""

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class Draft(models.Model):
    """A sheet that somebody is filling in. The words are sealed under a key of the draft's own, which ends with it.

    Clear is what may not be missed: whether its answers call for red or orange, since when, and when the ticker looks
    (null once it has ended). `with_desk` is the desk that it came up to; it sees the draft from then on. A draft that
    has ended stays as a row without words: a late autosave of the same sheet finds it and opens nothing anew. One that
    has a `case` and has not ended is the sheet of a call that was logged early and goes on.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12)  # drafts.DraftKind
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    division = models.CharField(max_length=6)
    version = models.PositiveIntegerField(default=0)
    tier = models.CharField(max_length=6, blank=True)
    sealed = models.BinaryField(null=True)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    flagged_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)
    with_desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-saved_at"], condition=Q(ended_at=None), name="open_drafts_of"),
            models.Index(fields=["with_desk", "-saved_at"], condition=Q(ended_at=None), name="drafts_come_up_to"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="drafts_to_look_at"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=["", "red", "orange"]), name="draft_tier_known"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(sealed=None, due_at=None), name="draft_ends_whole"),
        ]


class ShiftNote(models.Model):
    """What a shift leaves to the next at one desk (交接班): sealed, never changed, and shown until it is withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    division = models.CharField(max_length=6)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sealed = models.BinaryField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["desk", "-at"], name="notes_of_desk")]
