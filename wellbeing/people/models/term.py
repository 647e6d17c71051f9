"""Terms (学期) and what each school reports in one (师资填报): pupils, and its psychology teachers by staff number.

No name stands here: a staff number, codes and figures are all that the rule needs.
"""

from django.db import models
from django.db.models import F, Q

from wellbeing.errors import Written
from wellbeing.ids import uuid7
from wellbeing.people.flow import RETURN, ReturnState
from wellbeing.people.models.division import Division
from wellbeing.people.models.organisation import School
from wellbeing.people.models.user import User
from wellbeing.people.returned import Qualification
from wellbeing.people.staffing import StageKind


class Term(models.Model):
    """A term with both its days; terms do not overlap (an exclusion constraint in people/0004_walls)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    opened_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gt=F("first_day")), name="term_ends_after_start"),
            models.UniqueConstraint(fields=["name"], name="one_term_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class StaffingReturn(models.Model):
    """The return of one school for one term; made for every school when the term is opened. `because` is why it was
    sent back or unlocked; `short` what the rule said when the term was locked, kept for the question "since when"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="returns")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="returns")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=24, choices=[(s.value, s.value) for s in StageKind])
    enrolment = models.PositiveIntegerField()
    boarding = models.BooleanField(default=False)
    merged_into = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in ReturnState], default=RETURN.initial)
    because = models.CharField(max_length=400, blank=True)
    short = models.BooleanField(null=True)
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "school"], name="one_return_per_term_and_school"),
            models.CheckConstraint(condition=Q(enrolment__lte=100_000), name="return_of_a_possible_school"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("school")), name="not_merged_into_itself"
            ),
        ]
        indexes = [models.Index(fields=["school", "term"], name="returns_of_school")]

    def __str__(self) -> str:
        return str(self.school)

    @property
    def written(self) -> Written:
        """What stands in it, by its last step."""
        return Written.at_moment(self.moved_at, self.moved_by)


class ReturnedTeacher(models.Model):
    """One line of a return: a psychology teacher; the same staff number in two schools is one person."""

    staffing_return = models.ForeignKey(StaffingReturn, on_delete=models.CASCADE, related_name="teachers")
    number = models.CharField(max_length=32)
    full_time = models.BooleanField()
    qualification = models.CharField(max_length=12, choices=[(q.value, q.value) for q in Qualification])
    valid_until = models.DateField(null=True, blank=True)
    weekly_hours = models.DecimalField(max_digits=4, decimal_places=1, default=0)
    fte = models.DecimalField(max_digits=3, decimal_places=2, default=1)
    leave_from = models.DateField(null=True, blank=True)
    leave_to = models.DateField(null=True, blank=True)
    supervision_hours = models.DecimalField(max_digits=5, decimal_places=1, default=0)
    training_hours = models.DecimalField(max_digits=5, decimal_places=1, default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["staffing_return", "number"], name="one_line_per_teacher_and_return"),
            models.CheckConstraint(condition=Q(fte__gt=0, fte__lte=1), name="share_of_a_post"),
            models.CheckConstraint(
                condition=Q(leave_to=None) | Q(leave_to__gte=F("leave_from")), name="leave_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["number"], name="returned_by_number")]
