"""What of an account is its owner's alone; names and posts are everybody's who is known."""

import re

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from wellbeing.people.models.user import User

# What a gateway sends an SMS to: a mobile of the mainland, or a number with its country's code.
MOBILE = re.compile(r"1[0-9]{10}|\+[0-9]{8,15}")


class Private(models.Model):
    """The password's hash and where she is reached. The wall shows the row to its owner and to machines: whoever signs
    somebody in, whoever sends a notice."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="private")
    password = models.CharField(max_length=128)
    mobile = models.CharField(max_length=20, blank=True)  # the one she is on duty with, for notices
    email = models.EmailField(blank=True)

    def reach(self, *, mobile: str, email: str) -> None:
        """Where notices go, unsaved; spaces and dashes of a number are dropped. Raises ValidationError by field."""
        self.mobile, self.email = re.sub(r"[\s()-]", "", mobile), email.strip()
        self.clean_fields(exclude=["user", "password"])
        if self.mobile and not MOBILE.fullmatch(self.mobile):
            raise ValidationError(
                {"mobile": _("Eleven digits, or a number that begins with + and the country's code.")}
            )

    def proves(self, given: str | None) -> bool:
        """Whether this is the password; a hash of an older strength is replaced on the way."""
        return check_password(given, self.password, self._strengthen)

    def _strengthen(self, given: str) -> None:
        self.password = make_password(given)
        self.save(update_fields=["password"])
