"""The case (个案): its cover in clear, and its grants."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from cases.flow import CASE
from cases.models.person import Person
from cases.tiers import Tier
from wellbeing.access.models import HOLDS, GrantFields
from wellbeing.ids import reference, uuid7
from wellbeing.people.models import Desk, Division, Role, User

SCHOOL = (Role.SCHOOL_COUNSELLOR, Role.SCHOOL_CRISIS_LEAD)


class Channel(models.TextChoices):
    """The road a case came in by."""

    HOTLINE = "hotline", _("Hotline 2912345")
    SCHOOL = "school", _("School counsellor")
    SCREENING = "screening", _("Screening")
    CONCERN = "concern", _("Concern report")
    TRANSFER = "transfer", _("Handed over by another desk")


class CloseReason(models.TextChoices):
    """PRACTICE.md 2.4."""

    IMPROVED = "improved", _("Improved")
    HANDED_TO_HEALTH = "handed_to_health", _("Handed to health care")
    TRANSFERRED_OUT = "transferred_out", _("Changed school")
    GRADUATED = "graduated", _("Left school")
    NO_CONCERN = "no_concern", _("No concern")
    DUPLICATE = "duplicate", _("Duplicate")
    DECEASED = "deceased", _("Deceased")


def case_reference() -> str:
    return reference("ZS")


class Case(models.Model):
    """The cover: everything here is clear by decision (DESIGN.md 4); whatever somebody said or is called is not here.

    `cover` is a small envelope with the name by which lists show the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=16, unique=True, default=case_reference)
    division = models.ForeignKey(Division, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    tier = models.CharField(max_length=6, choices=[(t.value, t.value) for t in Tier])
    tier_since = models.DateTimeField()
    status = models.CharField(max_length=16, default=CASE.initial)
    owner_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    manager = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # A teacher's case: the school is the employer, and stays out until she agrees.
    school_apart = models.BooleanField(default=False)
    cover = models.BinaryField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=20, blank=True, choices=CloseReason.choices)
    # The reference of the case that the same call was logged as first, and that was closed before its sheet was done.
    earlier = models.CharField(max_length=16, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()
        permissions = HOLDS
        constraints = [
            models.CheckConstraint(condition=models.Q(tier__in=[t.value for t in Tier]), name="case_tier_known"),
            models.CheckConstraint(condition=models.Q(status__in=CASE.states), name="case_status_known"),
        ]
        indexes = [
            models.Index(
                fields=["tier", "division"],
                condition=models.Q(closed_at=None, tier__in=["red", "orange"]),
                name="open_in_danger",
            ),
            models.Index(fields=["closed_at"], condition=models.Q(closed_at__isnull=False), name="closed_cases"),
        ]

    def __str__(self) -> str:
        return self.reference

    def shut_to(self, role: str) -> bool:
        """Whether desks of this role stay out because the file is about a teacher, whose employer a school is."""
        return self.school_apart and role in SCHOOL


class CaseUserObjectPermission(GrantFields, UserObjectPermissionBase):
    """A grant to one person. The unique index (user, permission, case) is already in list order: keys are
    time-ordered."""

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "permission", "content_object"], name="one_case_grant_per_user")
        ]


class CaseGroupObjectPermission(GrantFields, GroupObjectPermissionBase):
    """A grant to a desk."""

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "permission", "content_object"], name="one_case_grant_per_desk")
        ]
