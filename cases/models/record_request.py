"""A request for records (调取卷宗) and its answers: clear is how far it went and who had a part; who asks about whom,
and what goes, is sealed."""

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from cases.record_requests import RECORDS
from wellbeing.ids import reference, uuid7
from wellbeing.people.models import Desk, User


def request_reference() -> str:
    return reference("DQ")


class RecordRequest(models.Model):
    """One asking. It names no case: who received it does not learn from it whether there is one.

    `sealed` opens to who asks, about whom and on what basis, under a key of the request's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=16, unique=True, default=request_reference)
    division = models.CharField(max_length=6)  # where the person lives or learns: whose triage examines it
    asker = models.CharField(max_length=8)  # cases.record_requests.Asker
    received_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")  # that examines it
    due_at = models.DateTimeField()  # decided by then; and no answer of "nothing" is given before
    checked = models.CharField(max_length=12, blank=True)  # cases.record_requests.Checked
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default=RECORDS.initial)
    gives = models.BooleanField(null=True)  # once decided: whether anything goes
    handed = models.CharField(max_length=12, blank=True)  # cases.record_requests.Handed
    handed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(default=0)  # how far up it went undecided
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RECORDS.states), name="record_request_state"),
            models.CheckConstraint(
                condition=Q(state="received") | Q(checked_by__isnull=False), name="record_request_checked"
            ),
            models.CheckConstraint(
                condition=Q(handed_at=None) | Q(gives__isnull=False, handed_by__isnull=False),
                name="record_request_handed",
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at"], name="record_requests_by_time"),
            models.Index(
                fields=["due_at"], condition=Q(state__in=("received", "checked", "proposed")), name="requests_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class RecordAnswer(models.Model):
    """What one person proposes and another decides. `gives` is false for "nothing", with a case or without one.

    `sealed` opens to the lines that go and the reason, under a key of the answer's own, destroyed when it is sent back;
    `note` (of who decided) opens with the request.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(RecordRequest, on_delete=models.PROTECT, related_name="answers")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="record_answers")
    division = models.CharField(max_length=6)
    gives = models.BooleanField()
    fields = models.JSONField(default=list)  # section, kind, code, how: what stays when nobody opens it any more
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sealed = models.BinaryField()
    agreed = models.BooleanField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(agreed=None) | Q(agreed=True), name="one_answer_of_request"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | (~Q(decided_by=F("proposed_by")) & ~Q(decided_desk=F("desk"))),
                name="record_answer_two_people",
            ),
            models.CheckConstraint(
                condition=Q(agreed=None) | Q(decided_by__isnull=False, decided_desk__isnull=False),
                name="record_answer_decided_by",
            ),
            models.CheckConstraint(condition=Q(gives=False) | Q(case__isnull=False), name="record_answer_of_a_case"),
        ]
