"""The registers: activities of the city's centre, the hotline's years, incidents on campus. None names anybody.

Of an incident the cover is clear: school, division, whom it concerns, when, how it stands. What is told of it is sealed
under a key of its own (DESIGN.md 4: narrative is sealed, and a crisis in a named school is known by its story).
"""

from django.db import models
from django.db.models import Q

from wellbeing.errors import Written
from wellbeing.ids import reference, uuid7
from wellbeing.people.models import Division, Organisation, User
from wellbeing.registers.flow import INCIDENT, YEAR
from wellbeing.registers.kinds import STAFF_CELLS, About, ActivityKind, LineKind


class Activity(models.Model):
    """One training, supervision, event or class, and how many it reached. One that was entered wrongly is struck."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in ActivityKind])
    title = models.CharField(max_length=80)
    held_on = models.DateField()
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    reached = models.PositiveIntegerField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["held_on"], condition=Q(struck_at=None), name="activities_of_day")]

    def __str__(self) -> str:
        return self.title


class HotlineYear(models.Model):
    """What only the hotline itself knows of a year: seats, hours of service a day, staff by kind (registers.kinds).
    Its supervisor fills it in, the bureau confirms it, the annual report takes what is confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hotline = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, default=YEAR.initial)
    seats = models.PositiveSmallIntegerField()
    hours = models.DecimalField(max_digits=3, decimal_places=1)  # of service on an ordinary day
    staff = models.JSONField()  # number by cell of kinds.STAFF_CELLS
    note = models.CharField(max_length=200, blank=True)  # why it was sent back
    filled_at = models.DateTimeField()
    filled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hotline", "year"], name="one_return_per_hotline_and_year"),
            models.CheckConstraint(condition=Q(state__in=YEAR.states), name="hotline_year_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.hotline} {self.year}"

    @property
    def written(self) -> Written:
        """What stands in it, by when it was filled in; nothing in one that is not kept yet."""
        return Written.at_moment(self.filled_at, self.filled_by if self.filled_at else None)

    @property
    def by_cell(self) -> list[tuple[str, int]]:
        """The staff in the order of the form."""
        return [(cell, self.staff.get(cell, 0)) for cell in STAFF_CELLS]


def incident_reference() -> str:
    return reference("IN")


class Incident(models.Model):
    """The cover of a crisis on campus."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=16, unique=True, default=incident_reference)
    school = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=8, choices=[(a.value, a.value) for a in About])
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=INCIDENT.initial)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reviewed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=INCIDENT.states), name="incident_state_known")]
        indexes = [
            models.Index(fields=["happened_at"], name="incidents_of_day"),
            models.Index(fields=["division"], condition=~Q(state="closed"), name="incidents_open"),
        ]

    def __str__(self) -> str:
        return self.reference


class IncidentLine(models.Model):
    """One line of an incident's time line; `sealed` opens to whom and text. Never changed after."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in LineKind])
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
