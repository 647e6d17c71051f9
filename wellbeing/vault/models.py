"""The key tree's rows: division keys wrapped by the root key, data keys wrapped by a division key.

Both tables live in the schema `vault`, so that they can have a backup chain of their own: erasing a case means
destroying its rows here.
"""

import secrets

from django.db import models


def random_id() -> int:
    """A random id below 2^63: it fits a signed bigint, and envelopes carry it as 64 bits."""
    return secrets.randbits(63)


class KeyState(models.TextChoices):
    ACTIVE = "active"
    DECRYPT_ONLY = "decrypt_only"


class DivisionKey(models.Model):
    """One key per division and version; one of them is active and wraps, the others only unwrap."""

    id = models.BigIntegerField(primary_key=True, default=random_id)
    division = models.CharField(max_length=6)
    version = models.PositiveIntegerField(default=1)
    suite = models.PositiveSmallIntegerField(default=1)  # in which it wraps
    wrapped = models.BinaryField()
    root_version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=KeyState.choices, default=KeyState.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "version"], name="one_division_key_per_version"),
            models.UniqueConstraint(
                fields=["division"], condition=models.Q(state="active"), name="one_active_division_key"
            ),
        ]


class OwnerKind(models.TextChoices):
    CASE = "case"
    PERSON = "person"
    PACKET = "packet"
    BATCH = "batch"
    RING = "ring"
    GLASS = "glass"
    INCIDENT = "incident"
    DRAFT = "draft"
    NOTE = "note"
    REVIEW = "review"
    DEBRIEF = "debrief"
    CALLER = "caller"  # the number of one call
    REQUEST = "request"  # who asks for records, about whom
    RELEASE = "release"  # what goes to them
    BALLOTS = "ballots"  # the ballot box of a month
    EXPORT = "export"  # one file for one receiver
    FILE = "file"  # one attachment


class DataKeyRow(models.Model):
    """One data key of one owner (OwnerKind). A machine that may not read keys writes under a new one."""

    id = models.BigIntegerField(primary_key=True, default=random_id)
    owner_kind = models.CharField(max_length=8)  # OwnerKind
    owner_id = models.UUIDField()
    division_key = models.ForeignKey(DivisionKey, on_delete=models.PROTECT, related_name="+")
    suite = models.PositiveSmallIntegerField(default=1)  # in which words are sealed under it
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True)  # from then on it opens and seals no more

    class Meta:
        db_table = "vault_datakey"
        indexes = [models.Index(fields=["owner_id"], name="data_keys_of_owner")]


class NamedKey(models.Model):
    """A key for one purpose and period (blind indexes by quarter, the audit's MACs), wrapped by the root key. Without
    its row nothing finds again what it linked: it is derived from nothing."""

    id = models.BigAutoField(primary_key=True)
    purpose = models.CharField(max_length=40)
    period = models.CharField(max_length=8, blank=True)
    wrapped = models.BinaryField()
    root_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "period"], name="one_key_per_purpose_and_period")]


class RotationKind(models.TextChoices):
    ROOT = "root"
    DIVISIONS = "divisions"
    WORDS = "words"


class Rotation(models.Model):
    """A rotation that was begun: one that was killed is gone on with. Keys made before `started_at` are replaced."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=9, choices=RotationKind.choices)
    suite = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(finished_at=None), name="one_open_rotation_of_a_kind"
            )
        ]


class KeyPile(list[DataKeyRow]):
    """New key rows of one transaction, unsaved: whoever writes many rows at once writes these with them. It asks for
    the active key of each division once."""

    def __init__(self) -> None:
        super().__init__()
        self.divisions: dict[str, int] = {}
