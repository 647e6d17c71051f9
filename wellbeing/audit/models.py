"""Events, the heads of their chains, and the tree over all of them. The application may add; nobody changes or removes
an event, a leaf, a checkpoint or what a witness has said."""

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
        indexes = [
            models.Index(fields=["at", "id"], name="events_by_time"),
            models.Index(fields=["actor_id", "at", "id"], name="events_by_person"),
            models.Index(fields=["act", "at", "id"], name="events_by_act"),
        ]


class Head(models.Model):
    """The last number and hash of a stream, and their MAC; locked while an event is added."""

    stream = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()
    mac = models.BinaryField(null=True)


class Waiting(models.Model):
    """An event that has no place in the tree yet. Its key is given under the lock of its head, so that the events of
    one stream are taken in their order."""

    id = models.BigAutoField(primary_key=True)
    stream = models.UUIDField()
    seq = models.BigIntegerField()
    urgent = models.BooleanField()
    since = models.DateTimeField()


class Leaf(models.Model):
    """Which event stands where in the tree."""

    number = models.BigIntegerField(primary_key=True)
    stream = models.UUIDField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="one_leaf_per_event")]


class Tile(models.Model):
    """Up to 256 hashes of the tree (see tree.py)."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()


class Checkpoint(models.Model):
    """The tree at one size, signed (see note.py)."""

    size = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    note = models.TextField()


class Cosignature(models.Model):
    """A witness has seen that the tree of this size goes on from all that it saw before."""

    witness = models.CharField(max_length=80)
    size = models.BigIntegerField()
    at = models.DateTimeField()
    line = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["witness", "size"], name="one_cosignature_per_size")]
