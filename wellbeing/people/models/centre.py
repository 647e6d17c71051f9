"""A standard centre (标准化中心): the county's check-list with its evidence, the city's inspection and its sign-off."""

from django.db import models

from wellbeing.errors import Written
from wellbeing.ids import uuid7
from wellbeing.people.centre_items import CentreItem
from wellbeing.people.flow import CENTRE, CentreState
from wellbeing.people.models.division import Division
from wellbeing.people.models.organisation import Organisation
from wellbeing.people.models.user import User


class StandardCentre(models.Model):
    """Where a county's centre stands. `signed_on` is the day the city signed it off, empty in every other state."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="standard")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in CentreState], default=CENTRE.initial)
    because = models.CharField(max_length=400, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def written(self) -> Written:
        """What stands in it, by its last step."""
        return Written.at_moment(self.moved_at, self.moved_by)


class CentreLine(models.Model):
    """One item of the list: what there is (a number, or 1 and 0 for yes and no), its evidence, when the city saw it."""

    centre = models.ForeignKey(StandardCentre, on_delete=models.CASCADE, related_name="lines")
    item = models.CharField(max_length=20, choices=[(i.value, i.value) for i in CentreItem])
    actual = models.PositiveIntegerField(null=True, blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    inspected_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "item"], name="one_line_per_item")]
