"""The referral (转介): its cover in clear, its grants, its steps and its appointment."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from cases.models import Case
from referrals.flow import REFERRAL
from wellbeing.access.models import HOLDS, GrantFields
from wellbeing.ids import reference, uuid7
from wellbeing.people.models import Desk, Division, User


class ConsentOutcome(models.TextChoices):
    """DOMAIN.md, Green channel: a refusal opens its own branch and never blocks a red case."""

    GIVEN = "given", _("Given by the guardian")
    REFUSED = "refused", _("Refused by the guardian")
    NOT_SOUGHT = "not_sought", _("Not sought: it would endanger, or there is no time")
    WITHDRAWN = "withdrawn", _("Taken back by the guardian")


# What a letter can be sent with.
SENDABLE = (ConsentOutcome.GIVEN, ConsentOutcome.REFUSED, ConsentOutcome.NOT_SOUGHT)


class Why(models.TextChoices):
    """Why a request was declined, or a hospital gave a referral back."""

    NOT_NEEDED = "not_needed", _("Help nearer by is enough")
    UNDER_WAY = "under_way", _("Help is under way already")
    AGE = "age", _("Not for this age")
    FULL = "full", _("No place in time")
    OTHER = "other", _("Another reason, written below")


def referral_reference() -> str:
    return reference("ZZ")


class Referral(models.Model):
    """One journey of a case through the green channel. The destination never gets a grant on the case itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=16, unique=True, default=referral_reference)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=6)
    state = models.CharField(max_length=20)
    emergency = models.BooleanField(default=False)
    consent = models.CharField(max_length=12, choices=ConsentOutcome.choices, blank=True)
    from_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    to_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    # The school's desk that asked for it; where the county opened it itself, nobody's.
    asked_by = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    asked_for = models.JSONField(default=list)  # codes of the fields that the county wants to know
    # Whose turn it is, and until when: what the desks' queues are sorted by. Nobody's once it has ended.
    turn = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    tier_rank = models.PositiveSmallIntegerField(default=9)
    due_kind = models.CharField(max_length=16, blank=True)  # cases.clocks.ClockKind
    due_at = models.DateTimeField(null=True)
    # The guardian took the consent back: until then the sender ends it, or goes on without where danger stands.
    decide_by = models.DateTimeField(null=True)
    held_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    held_since = models.DateTimeField(null=True)
    why = models.CharField(max_length=16, choices=Why.choices, blank=True)  # it was declined or given back
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = HOLDS
        constraints = [
            # Its clocks are the case's, one of each kind: a second place is found by sending this one elsewhere.
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_open_referral_per_case"),
            models.CheckConstraint(condition=Q(state__in=REFERRAL.states), name="referral_state_known"),
        ]
        indexes = [
            models.Index(fields=["turn", "tier_rank", "due_at"], condition=Q(ended_at=None), name="queue_of_desk"),
            models.Index(
                fields=["from_desk", "tier_rank", "decide_by"],
                condition=Q(ended_at=None, decide_by__isnull=False),
                name="consent_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ReferralUserObjectPermission(GrantFields, UserObjectPermissionBase):
    """A grant to one person."""

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey(Referral, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "permission", "content_object"], name="one_referral_grant_per_user")
        ]


class ReferralGroupObjectPermission(GrantFields, GroupObjectPermissionBase):
    """A grant to a desk."""

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey(Referral, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "permission", "content_object"], name="one_referral_grant_per_desk"
            )
        ]


class Step(models.Model):
    """That a referral reached a state, or what happened beside its journey (`event`, referrals.flow.EVENT_TEXT): when
    and through whom. Sender, triage and receiver read the same steps."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=20, blank=True)
    event = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")


class Appointment(models.Model):
    """When the person is to be seen at the destination; `slot` while it holds a published place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="appointments")
    at = models.DateTimeField()
    booked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # None: by a link
    booked_at = models.DateTimeField()
    attended = models.BooleanField(null=True)
    slot = models.ForeignKey("referrals.Slot", null=True, on_delete=models.PROTECT, related_name="+")
