"""Accounts. What an account may do comes from its posts alone."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q


class User(AbstractUser):
    """A person who signs in. There is no superuser: guardian would let one pass every check, so the database
    refuses it."""

    display_name = models.CharField(max_length=40)
    mobile = models.CharField(max_length=20, blank=True)  # the one she is on duty with, for notices

    # While it is set the password is one that an administrator has read: it must be replaced, and ends then.
    first_password_until = models.DateTimeField(null=True, blank=True)

    # When the first visit's guide was walked to its end or skipped; null: it is offered.
    guided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(is_superuser=False), name="no_superuser")]

    def __str__(self) -> str:
        return self.display_name or self.username
