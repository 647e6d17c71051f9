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
    """What the staffing rule reads of a school: stage, pupils on the roll this term, boarding."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, primary_key=True, related_name="school")
    stage = models.CharField(max_length=24, choices=[(s.value, s.value) for s in StageKind])
    enrolment = models.PositiveIntegerField()
    boarding = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.organisation)


class StaffMember(models.Model):
    """One line of a staffing return (师资填报): a psychology teacher of a school, full-time or part-time."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="staff")
    teacher = models.CharField(max_length=32)  # staff number; the same number in two schools is one person
    full_time = models.BooleanField()
    fte = models.DecimalField(max_digits=3, decimal_places=2, default=1)
    on_leave = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "teacher"], name="one_line_per_teacher_and_school")]
