"""Do not contact (勿联系): nothing of this case may reach the person's home, nor the person there."""

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.entry import Entry
from cases.models.lifted import LIFTED_BY_TWO, LiftedByTwo
from wellbeing.ids import uuid7


class ContactStop(LiftedByTwo):
    """The flag: set by one who works on the case, lifted by two. Why it was set is in the entry; a file that another
    desk opened anew has the flag without it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contact_stops")
    entry = models.OneToOneField(Entry, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(lifted_at=None), name="one_contact_stop_per_case"),
            models.CheckConstraint(
                condition=LIFTED_BY_TWO,
                name="contact_stop_lifted_by_two",
            ),
        ]
