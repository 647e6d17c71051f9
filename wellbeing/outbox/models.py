"""The outbox row, what the page shows of it, and the heartbeats of the machines that deliver."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from wellbeing.ids import uuid7


class Notice(models.Model):
    """To whom, of what kind, about which reference: nothing about anyone. Delivered until a channel confirms."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=12, default="in_app")
    kind = models.CharField(max_length=24)
    desk_id = models.IntegerField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=6, blank=True)
    dedupe_key = models.CharField(max_length=160, unique=True)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], condition=Q(done_at=None, dead_at=None), name="notices_to_deliver")
        ]


class InboxItem(models.Model):
    """A delivered notice on the page of a desk or a person; one per notice, however often it was delivered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    desk_id = models.IntegerField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    target = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=6, blank=True)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["desk_id", "-created_at"], condition=Q(seen_at=None), name="unread_of_desk"),
            models.Index(fields=["user", "-created_at"], condition=Q(seen_at=None), name="unread_of_user"),
        ]


class ChannelState(models.Model):
    """How a channel or file that leaves the house does: failures in a row, since when, and whether that was told."""

    name = models.CharField(primary_key=True, max_length=12)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=80, blank=True, default="", db_default="")  # of the last failure, where known


class Heartbeat(models.Model):
    """When a machine (ticker, worker) was last alive."""

    name = models.CharField(primary_key=True, max_length=24)
    beat_at = models.DateTimeField()


class Hold(models.Model):
    """A restored copy on hold: while this row is there, no notice is delivered and the ticker does nothing. One row at
    most. It is written by the restore itself, before anything can be sent, and goes when a person releases it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField()
    manifests = models.JSONField()  # of the backup that was restored, by kind: what the check holds it against
    ended = models.PositiveIntegerField(default=0)  # keys destroyed again by the journal since
    checked_at = models.DateTimeField(null=True)  # when the check last found everything in order

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_hold_at_most")]
