"""What guardian's rows carry besides: why a grant exists, by whom, until when. One table, no shadow copy."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Hold(models.TextChoices):
    """What a grant lets its holder do with one object; the codenames of guardian's permissions."""

    SEE = "see", _("Sees the cover")
    READ = "read", _("May open")
    WORK = "work", _("May act")
    SEALED = "sealed", _("May open the sealed section")  # besides `read`, and never part of it


class Origin(models.TextChoices):
    OWNER = "owner", _("Opened it")
    TRIAGE = "triage", _("Triage of the county")
    ESCALATION = "escalation", _("Escalated to")
    DUTY = "duty", _("On duty")
    MANAGER = "manager", _("Case manager")
    REFERRAL = "referral", _("Referred to")
    SUPERVISION = "supervision", _("Supervision")
    GIVEN = "given", _("Given by the desk that owns the case")
    BREAK_GLASS = "break_glass", _("Break-glass")
    COURT = "court", _("Court order")
    RECORDS = "records", _("Examines a request for records")


class GrantFields(models.Model):
    """Mixed into the direct-foreign-key permission models of Case and Referral."""

    origin = models.CharField(max_length=16, choices=Origin.choices)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reason = models.BinaryField(null=True)  # sealed
    seal = models.BinaryField(null=True)  # sealed.py: made by the application, over everything else in the row

    class Meta:
        abstract = True


class Ended(models.Model):
    """That a grant was ended, or changed, before its day: by its seal. A trigger of its table writes it, so whatever
    ends a grant says so; a row that is put back with this seal counts for nothing. Dropped a day after the grant's
    own end, when nothing it says counts any more."""

    seal = models.BinaryField(primary_key=True)
    until = models.DateTimeField(db_index=True)


HOLDS: list[tuple[str, Any]] = [(hold.value, str(hold.value)) for hold in Hold]


class Done(models.Model):
    """An action that was done under an idempotency key: sent again, it gives the first answer and acts no
    second time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    action = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)  # keyed hash of what was sent
    model = models.CharField(max_length=64, blank=True)
    object_id = models.UUIDField(null=True)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_effect_per_key")]
