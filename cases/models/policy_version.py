"""The policy in force: versioned rows, each effective from a moment; a running clock keeps the one it started under."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from cases.policy import Policy
from wellbeing.access.actor import memory
from wellbeing.people.models import User


class PolicyVersion(models.Model):
    """`body` is cases.policy.Policy as JSON; the first row, shipped by migration, holds the defaults of DOMAIN.md.

    Rows are added and never changed. The newest of those that have begun is in force, so a version that has not begun
    yet is withdrawn by a newer one that begins before it or with it. `because` concerns no person and is in clear.
    """

    number = models.PositiveIntegerField(unique=True)
    effective_from = models.DateTimeField()
    body = models.JSONField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    because = models.TextField(blank=True)

    class Meta:
        get_latest_by = "number"
        constraints = [
            models.CheckConstraint(
                condition=Q(made_by=None) | Q(effective_from__gte=F("made_at")), name="policy_never_in_the_past"
            )
        ]

    @classmethod
    def current(cls) -> "PolicyVersion":
        """The version in force now, asked once in a transaction: one row by the index of numbers, its body only where
        it is not known yet."""
        kept, key = memory(), ("policy",)
        if key not in kept:
            kept[key] = cls.objects.defer("body").filter(effective_from__lte=RawSQL("app_now()", ())).latest()
            kept[key].policy()  # while it may be read
        found: PolicyVersion = kept[key]
        return found

    @classmethod
    def newest(cls) -> "PolicyVersion":
        """The version made last, whether it has begun or not."""
        return cls.objects.latest()

    @classmethod
    def every(cls) -> "list[PolicyVersion]":
        """All versions, the newest first, with who made them."""
        return list(cls.objects.select_related("made_by").order_by("-number"))

    def policy(self) -> Policy:
        """The policy of this version; read once per process, since versions never change."""
        key = (self.number, self.made_at)
        if key not in _known:
            _known[key] = Policy.from_json(self.body)
        return _known[key]


# By number and moment of making: another database may hold another version of the same number.
_known: dict[tuple[int, datetime], Policy] = {}
