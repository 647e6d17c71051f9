"""Desks (值班台) and posts (岗位): who holds which role where, from when to when."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wellbeing.people.models.organisation import Organisation
from wellbeing.people.models.user import User
from wellbeing.vault.seals import row_holds, row_seal


class Role(models.TextChoices):
    """DOMAIN.md, People."""

    HOTLINE_COUNSELLOR = "hotline_counsellor", _("Hotline counsellor")
    HOTLINE_SUPERVISOR = "hotline_supervisor", _("Hotline supervisor")
    SCHOOL_COUNSELLOR = "school_counsellor", _("School counsellor")
    SCHOOL_CRISIS_LEAD = "school_crisis_lead", _("School crisis lead")
    REPORTER = "reporter", _("Reporter")
    COUNTY_TRIAGE = "county_triage", _("County centre triage")
    CITY_DUTY = "city_duty", _("City centre duty")
    HOSPITAL_LIAISON = "hospital_liaison", _("Hospital liaison")
    EDUCATION_ADMIN = "education_admin", _("Education administrator")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


class Desk(models.Model):
    """The people who hold one role at one organisation; grants and notices go to its group."""

    group = models.OneToOneField(Group, on_delete=models.PROTECT, primary_key=True, related_name="desk")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="desks")
    role = models.CharField(max_length=24, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "role"], name="one_desk_per_role")]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"


class Post(models.Model):
    """A user holds a role at a desk from a date; ending it ends what it could see. `ends_on` is its last day; a post
    that ends on its first day has the day before."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="posts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    seal = models.BinaryField(
        null=True
    )  # made by the application, over all of it, what its desk is and in which county

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "desk"], condition=Q(ends_on=None), name="one_open_post_per_desk"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on") - timedelta(days=1)),
                name="post_ends_after_start",
            ),
        ]

    def save(self, *args: Any, **given: Any) -> None:
        """A post that is made carries its seal from then on; what is changed of one is `end` alone."""
        if self._state.adding:
            self.seal = self._sealed()
        super().save(*args, **given)

    def end(self, last: date) -> None:
        """Its last day is this one. The row is sealed anew only if it was sealed before: to end a post that was not
        made here does not make it one."""
        given = {"ends_on"} | ({"seal"} if self.sound() else set())
        self.ends_on = last
        self.seal = self._sealed() if "seal" in given else self.seal
        self.save(update_fields=given)

    def adopt(self, *, unsealed: bool) -> bool:
        """Seal a row of before the seals (`unsealed`), or of before they said the county; whether it was one."""
        if not (unsealed if self.seal is None else self._holds(*self._place()[:2])):
            return False
        self.seal = self._sealed()
        self.save(update_fields=["seal"])
        return True

    def sound(self) -> bool:
        """Whether it holds, by its desk's own row and its organisation's."""
        return self.holds(*self._place())

    def holds(self, role: str, organisation: UUID, division: str) -> bool:
        """Whether the row was written here, for what its desk and its desk's organisation are today: the database alone
        can neither make a post, nor turn a desk into another, nor move an organisation to another county."""
        return self._holds(role, organisation, division)

    def _holds(self, *place: object) -> bool:
        return row_holds(self.seal, *self._said(*place))

    def _sealed(self) -> bytes:
        return row_seal(*self._said(*self._place()))

    def _place(self) -> tuple[str, UUID, str]:
        return self.desk.role, self.desk.organisation_id, self.desk.organisation.division_id

    def _said(self, *place: object) -> tuple[str, ...]:
        """`place` without the county is what seals said before."""
        role, organisation, *division = place
        given = self.user_id, self.desk_id, role, organisation, self.starts_on, self.ends_on, *division
        return ("people_post", *map(str, given))
