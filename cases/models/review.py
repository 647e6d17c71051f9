"""What follows a call: a supervisor's review (话务质检), and a debriefing note after a hard one (减压记录)."""

from django.db import models
from django.db.models import F, Q

from cases.models.call import Call
from cases.models.case import Case
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class Review(models.Model):
    """A supervisor's look at one call: begun with a grant on its case until `until`, done with three marks from 1 to 5
    and a sealed note under a key of its own. `desk` is the supervisors'."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="review")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    counsellor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    division = models.CharField(max_length=6)  # of the case then: part of where the note is sealed to
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    high = models.BooleanField()  # of high risk, or of the drawn others
    process = models.PositiveSmallIntegerField(null=True)
    attitude = models.PositiveSmallIntegerField(null=True)
    communication = models.PositiveSmallIntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("counsellor")), name="review_by_another"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, process=None, attitude=None, communication=None)
                | Q(reviewed_at__isnull=False, process__range=(1, 5), attitude__range=(1, 5))
                & Q(communication__range=(1, 5)),
                name="review_whole",
            ),
        ]
        indexes = [models.Index(fields=["desk", "-at"], name="reviews_of_desk")]


class Debriefing(models.Model):
    """What a counsellor wrote after a hard call: sealed, never changed, read by her and by the supervisors (`desk`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="debriefings")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    division = models.CharField(max_length=6)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["desk", "-at"], name="debriefings_of_desk")]
