"""The policy in force: versioned rows, each effective from a date; a running clock keeps the one it started under."""

from django.db import models
from django.db.models.expressions import RawSQL

from cases.policy import Policy


class PolicyVersion(models.Model):
    """`body` is cases.policy.Policy as JSON; the first row, shipped by migration, holds the defaults of DOMAIN.md."""

    effective_from = models.DateTimeField()
    body = models.JSONField()

    class Meta:
        get_latest_by = "effective_from"

    @classmethod
    def current(cls) -> "PolicyVersion":
        """The version effective now."""
        return cls.objects.filter(effective_from__lte=RawSQL("app_now()", ())).latest()

    def policy(self) -> Policy:
        return Policy.from_json(self.body)
