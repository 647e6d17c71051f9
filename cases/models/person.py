"""The person (来访者) a case is about: one row, one key, one sealed identity."""

from django.db import models

from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, Division


class Person(models.Model):
    """A student or teacher. Clear: the division, and the desk of the school that enrolled her by a screening.

    The school of a hotline caller stays sealed, so `desk` is empty for her.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.ForeignKey(Division, on_delete=models.PROTECT)
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    student_index = models.BinaryField(null=True, unique=True)  # keyed hash of the student number (vault.blind_index)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
