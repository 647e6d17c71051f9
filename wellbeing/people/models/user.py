"""Accounts. What an account may do comes from its posts alone."""

from typing import Any, ClassVar

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q


class Users(UserManager["User"]):
    """As Django's, with the private part in its own table."""

    def _create_user(self, username: str, email: str | None, password: str | None, **more: Any) -> "User":
        from wellbeing.people.models.private import Private

        user = self.model(username=self.model.normalize_username(username), **more)
        user.save(using=self._db)
        Private.objects.create(user=user, password=make_password(password), email=email or "")
        return user


class User(AbstractUser):
    """A person who signs in. There is no superuser: guardian would let one pass every check, so the database
    refuses it. Colleagues read this row, because pages show who acted; what they must not read is `private`."""

    email = last_login = None  # type: ignore[assignment]
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Users] = Users()  # type: ignore[assignment]

    display_name = models.CharField(max_length=40)

    # While it is set the password is one that an administrator has read: it must be replaced, and ends then.
    first_password_until = models.DateTimeField(null=True, blank=True)

    # When the first visit's guide was walked to its end or skipped; null: it is offered.
    guided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(is_superuser=False), name="no_superuser")]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def password(self) -> str:  # type: ignore[override]
        """The hash, to which Django ties every session."""
        return self.private.password

    def check_password(self, raw_password: str | None) -> bool:
        return self.private.proves(raw_password)
