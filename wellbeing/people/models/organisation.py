"""Organisations (机构), and what the staffing rule needs to know of a school."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wellbeing.ids import uuid7
from wellbeing.people.models.division import Division
from wellbeing.people.staffing import StageKind


class OrganisationKind(models.TextChoices):
    HOTLINE = "hotline", _("Hotline")
    SCHOOL = "school", _("School")
    COUNTY_CENTRE = "county_centre", _("County centre")
    CITY_CENTRE = "city_centre", _("City centre")
    HOSPITAL = "hospital", _("Hospital")
    CLINIC = "clinic", _("Island clinic")
    BUREAU = "bureau", _("Education bureau")


class Organisation(models.Model):
    """A school, centre, hospital, hotline or bureau; `code` is what imports and addresses name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=OrganisationKind.choices)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)

    class Meta:
        ordering = ["division_id", "code"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


class School(models.Model):
    """The register of schools: stage, pupils and boarding as last known. Each term's return begins with it, and the
    city's lock of a term brings it up to date."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, primary_key=True, related_name="school")
    stage = models.CharField(max_length=24, choices=[(s.value, s.value) for s in StageKind])
    enrolment = models.PositiveIntegerField()
    boarding = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.organisation)
