"""What the guardian said to a referral: outcome and times in clear, who and why in the entry."""

from uuid import UUID

from django.db import models

from cases.models.case import Case
from cases.models.entry import Entry
from wellbeing.ids import uuid7
from wellbeing.people.models import User


class ConsentRecord(models.Model):
    """One answer of the guardian (知情同意); the newest counts, none is changed. `second` is who decided with the
    author that it is not sought."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consents")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12)  # cases.consent.Consent
    separate = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="consents_of_case")]

    @classmethod
    def newest(cls, case_id: UUID) -> "ConsentRecord | None":
        """The answer that counts: the last one given, and of one minute the last one recorded."""
        return cls.objects.filter(case_id=case_id).order_by("-at", "-id").first()
