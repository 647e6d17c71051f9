"""What an account can prove itself with, its sessions, and the tries that failed."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from wellbeing.ids import uuid7


class FactorKind(models.TextChoices):
    TOTP = "totp", _("Authenticator app")
    PASSKEY = "passkey", _("Passkey")


class By(models.TextChoices):
    """What a session has shown of its owner."""

    PASSWORD = "password", _("Password")
    TOTP = "totp", _("Authenticator app")
    PASSKEY = "passkey", _("Passkey")
    RECOVERY = "recovery", _("Recovery code")
    SIGN_ON = "sign_on", _("Government sign-on")


class Factor(models.Model):
    """A second factor of an account: an authenticator app, or a passkey."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=8, choices=FactorKind.choices)
    name = models.CharField(max_length=40)
    secret = models.BinaryField()  # sealed: totp: the shared secret; passkey: the public key
    credential = models.BinaryField(null=True, unique=True)  # passkey: its id
    counter = models.BigIntegerField(default=0)  # totp: the last step that was used; passkey: its own count
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """One use each, for whoever has lost the second factor; only a slow hash under a key is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(unique=True)


class Binding(models.Model):
    """An account's subject at the government's single sign-on, bound once by its owner."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_per_subject"),
            models.UniqueConstraint(fields=["issuer", "user"], name="one_subject_per_account"),
        ]


class Session(AbstractBaseSession):
    """A session with what its owner is shown of it. What it may do is in its data; these columns only repeat it.
    Its key is the hash of what the cookie holds."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    device = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        from wellbeing.signin.sessions import SessionStore

        return SessionStore


class Tries(models.Model):
    """How often somebody has failed in a row at one door: a keyed hash of account, address or device."""

    key = models.BinaryField(primary_key=True)
    failed = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    until = models.DateTimeField()
