"""How accounts come to posts: who proposed whom for what, who confirmed it, and the history of an account."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wellbeing.ids import uuid7
from wellbeing.people.models.post import Desk, Post
from wellbeing.people.models.user import User


class PostKind(models.TextChoices):
    REGULAR = "regular", _("Regular post")
    SECONDMENT = "secondment", _("Secondment")
    COVER = "cover", _("Cover for somebody absent")


class AppointmentState(models.TextChoices):
    WAITING = "waiting", _("waiting for the second person")
    IN_FORCE = "in_force", _("in force")
    DECLINED = "declined", _("not confirmed")


class Appointment(models.Model):
    """A proposal to give somebody a post. The post exists only from its confirmation on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=PostKind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=400)
    state = models.CharField(max_length=8, choices=AppointmentState.choices)
    post = models.OneToOneField(Post, null=True, on_delete=models.PROTECT, related_name="appointment")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=PostKind.REGULAR) | Q(ends_on__isnull=False), name="cover_and_secondment_end"
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=models.F("user")) & (Q(decided_by=None) | ~Q(decided_by=models.F("user"))),
                name="nobody_appoints_herself",
            ),
        ]


class AccountAct(models.TextChoices):
    OPENED = "opened", _("Account opened")
    APPOINTED = "appointed", _("Post proposed")
    CONFIRMED = "confirmed", _("Post confirmed")
    DECLINED = "declined", _("Post declined")
    ENDED = "ended", _("Post ended")
    AWAY = "away", _("Leave entered")
    BACK = "back", _("Leave ended")
    PASSWORD = "password", _("Given a new first password")
    FACTORS = "factors", _("Second factors reset")
    CLOSED = "closed", _("Account closed")


class AccountEntry(models.Model):
    """What was done with an account, by whom and why. Only added to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="entries")
    act = models.CharField(max_length=12, choices=AccountAct.choices)
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=400)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
