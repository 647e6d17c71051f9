"""A call as the exchange saw it (话务记录): times, line and seat in clear, the number sealed for a while."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wellbeing.exchange.events import Known
from wellbeing.ids import uuid7
from wellbeing.people.models import Organisation, User

# A call runs for so long at most: one of high risk may take 90 minutes (PRACTICE.md 3.3). When its end was not said by
# then, that saying was lost.
LONGEST = timedelta(hours=4)


class WhyNot(models.TextChoices):
    """Why a call that was answered needs no sheet (PRACTICE.md 3.2, 来电类型)."""

    MISDIAL = "misdial", _("Wrong number")
    SILENT = "silent", _("Silent")
    HARASSING = "harassing", _("Harassing")
    TEST = "test", _("Test of the line")
    COLLEAGUE = "colleague", _("A colleague or another service")


class Ring(models.Model):
    """One call of the exchange. It is settled by a sheet that logs it, or by a reason why it needs none (`why_not`).

    `number` holds the caller's number under a key of its own, which ends when the call is settled or after policy's
    hours; who was told it is in the audit.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hotline = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    exchange_id = models.CharField(max_length=64)  # the exchange's own name for the call
    line = models.CharField(max_length=32, blank=True)
    seat = models.CharField(max_length=32, blank=True)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    number = models.BinaryField(null=True)
    why_not = models.CharField(max_length=12, choices=WhyNot.choices, blank=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hotline", "exchange_id"], name="one_ring_per_call"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("offered_at")), name="rang_before_answered"
            ),
            models.CheckConstraint(condition=Q(why_not="") | Q(settled_at__isnull=False), name="settled_by_somebody"),
        ]
        indexes = [
            models.Index(fields=["hotline", "-offered_at"], name="rings_of_day"),
            models.Index(fields=["hotline", "offered_at"], condition=Q(ended_at=None), name="rings_now"),
            models.Index(
                fields=["hotline", "-offered_at"],
                condition=Q(settled_at=None, answered_at__isnull=False),
                name="rings_to_log",
            ),
            models.Index(fields=["offered_at"], condition=Q(number__isnull=False), name="rings_with_number"),
        ]

    @staticmethod
    def over(at: datetime) -> Q:
        """The calls that ring and run no more at a moment: their end was said, or its saying was lost."""
        return Q(ended_at__isnull=False) | Q(offered_at__lte=at - LONGEST)

    @staticmethod
    def unlogged(at: datetime) -> Q:
        """The calls that were answered, are over, and are neither logged nor settled."""
        return Ring.over(at) & Q(settled_at=None, answered_at__isnull=False)

    @property
    def waited_s(self) -> int | None:
        """Seconds until it was answered or given up; None while it waits."""
        return Known(self.offered_at, self.answered_at, self.ended_at).waited_s


class Seat(models.Model):
    """Whose seat it was (坐席): the exchange's name or extension of a seat, and the counsellor at it from one moment
    until another. Who took a call follows from when it was answered, so a change never rewrites what was."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hotline = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=32)
    counsellor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # None: until somebody else sits there
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["hotline", "seat", "-since"], name="seats_in_time")]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="seated_for_a_while"),
            models.UniqueConstraint(fields=["hotline", "seat"], condition=Q(until=None), name="one_at_a_seat"),
        ]
