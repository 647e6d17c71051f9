"""Events and the heads of their chains. The application may add events; nobody changes or removes one."""

from django.db import models

from wellbeing.ids import uuid7


class Event(models.Model):
    """One event. `body` is the canonical bytes that the hash covers; the other columns repeat parts of it for
    search."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stream = models.UUIDField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.IntegerField(null=True)
    act = models.CharField(max_length=48)
    body = models.BinaryField()
    hash = models.BinaryField()
    mac = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="one_event_per_number")]


class Head(models.Model):
    """The last number and hash of a stream, and their MAC; locked while an event is added."""

    stream = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()
    mac = models.BinaryField(null=True)
