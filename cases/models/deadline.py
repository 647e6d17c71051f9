"""Deadlines (时限) are rows, due by the database's clock; escalations (升级上报) happen once per level."""

from django.db import models
from django.db.models import Q

from cases.clocks import NextAct
from cases.models.case import Case
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, User


class DeadlineState(models.TextChoices):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    VOID = "void"


class Deadline(models.Model):
    """One clock of one case at one desk.

    `next_at` is when the ticker looks again and `next_act` what it then does (cases.clocks.NextAct); `level` how far
    the clock has been escalated; `step` its place in a series (call-backs, written reports). A paused one keeps its
    place and starts again by itself when its time is over; `pauses` counts how often it was, `pause_why` says for what
    (cases.pausing.PauseWhy, a code that says nothing of the person) and `paused_by` who did it last.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    tier = models.CharField(max_length=6)
    tier_rank = models.PositiveSmallIntegerField()
    policy = models.ForeignKey("cases.PolicyVersion", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    next_act = models.CharField(max_length=8, default=NextAct.REMIND)
    paused_at = models.DateTimeField(null=True)
    pauses = models.PositiveSmallIntegerField(default=0, db_default=0)
    pause_why = models.CharField(max_length=8, blank=True, default="", db_default="")
    paused_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=DeadlineState.choices, default=DeadlineState.RUNNING)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(state__in=["running", "paused"]), name="one_clock_per_kind"
            )
        ]
        indexes = [
            models.Index(fields=["desk", "tier_rank", "due_at"], condition=Q(state="running"), name="board_of_desk"),
            models.Index(fields=["desk", "due_at", "id"], condition=Q(state="running"), name="steps_of_desk"),
            models.Index(fields=["desk", "next_at"], condition=Q(state="paused"), name="paused_of_desk"),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="deadlines_to_look_at"),
            models.Index(fields=["level"], condition=Q(state="running", level__gt=0), name="escalated_clocks"),
            models.Index(fields=["ended_at"], condition=Q(state="met", kind="acknowledge"), name="acknowledged_of_day"),
            models.Index(fields=["due_at"], condition=Q(kind="callback"), name="callbacks_of_day"),
        ]


class Escalation(models.Model):
    """A clock went one level up: to which desk, why (run out, or nobody on duty), and how late the ticker saw it
    (seconds)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="escalations")
    level = models.PositiveSmallIntegerField()
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    late_s = models.PositiveIntegerField()
    unstaffed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deadline", "level"], name="each_level_once")]
