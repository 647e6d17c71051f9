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
    """One key per division and version; one of them is active."""

    id = models.BigIntegerField(primary_key=True, default=random_id)
    division = models.CharField(max_length=6)
    version = models.PositiveIntegerField(default=1)
    suite = models.PositiveSmallIntegerField(default=1)
    wrapped = models.BinaryField()
    state = models.CharField(max_length=12, choices=KeyState.choices, default=KeyState.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)

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


class DataKeyRow(models.Model):
    """One data key of one owner (OwnerKind). A machine that may not read keys writes under a new one."""

    id = models.BigIntegerField(primary_key=True, default=random_id)
    owner_kind = models.CharField(max_length=8)  # OwnerKind
    owner_id = models.UUIDField()
    division_key = models.ForeignKey(DivisionKey, on_delete=models.PROTECT, related_name="+")
    suite = models.PositiveSmallIntegerField(default=1)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "vault_datakey"
        indexes = [models.Index(fields=["owner_id"], name="data_keys_of_owner")]


class KeyPile(list[DataKeyRow]):
    """New key rows of one transaction, unsaved: whoever writes many rows at once writes these with them. It asks for
    the active key of each division once."""

    def __init__(self) -> None:
        super().__init__()
        self.divisions: dict[str, int] = {}
