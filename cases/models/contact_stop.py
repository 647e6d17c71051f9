"""Do not contact (勿联系): nothing of this case may reach the person's home, nor the person there."""

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from cases.models.entry import Entry
from wellbeing.ids import uuid7
from wellbeing.people.models import User


class ContactStop(models.Model):
    """The flag: set by one who works on the case, lifted by two. Why it was set is in the entry; a file that another
    desk opened anew has the flag without it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contact_stops")
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="+")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # to lift it
    asked_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(lifted_at=None), name="one_contact_stop_per_case"),
            models.CheckConstraint(
                condition=Q(lifted_by=None, lifted_at=None)
                | (Q(asked_by__isnull=False, lifted_at__isnull=False) & ~Q(lifted_by=F("asked_by"))),
                name="contact_stop_lifted_by_two",
            ),
        ]
