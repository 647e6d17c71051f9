"""Tokens of the API: each acts for one person by one post, until a day. The secret itself is kept nowhere."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wellbeing.api.scopes import AREAS, VERBS
from wellbeing.ids import uuid7
from wellbeing.people.models import Post, User


def scope_text(scope: str) -> str:
    """A scope in words."""
    area, verb = scope.split(":")
    return f"{gettext(AREAS[area])} · {gettext(VERBS[verb])}"


class TokenState(models.TextChoices):
    WAITING = "waiting", _("waiting for the second person")
    IN_FORCE = "in_force", _("in force")
    DECLINED = "declined", _("not confirmed")
    ENDED = "ended", _("ended")


class ApiToken(models.Model):
    """What a program shows to act for `user` by `post`. It opens nothing before a second person has confirmed it, nor
    after its expiry, its end, or the end of its post.

    `digest` is the SHA-256 of 32 random bytes (a slow hash guards what people think up, and this is not), `prefix` the
    beginning that people call it by. `due_at` is until when its past requests have used up the rate (tokens.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    because = models.CharField(max_length=400)
    scopes = models.JSONField()
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=TokenState.choices, default=TokenState.WAITING)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("user")), name="nobody_confirms_her_own_token"
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(decided_by__isnull=False), name="token_confirmed_by_somebody"
            ),
        ]
        indexes = [models.Index(fields=["user", "-asked_at"], name="tokens_of_user")]

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"

    def scope_texts(self) -> list[str]:
        """What it may do, in words."""
        return [scope_text(scope) for scope in self.scopes]
