"""What of an account is its owner's alone; names and posts are everybody's who is known."""

from django.contrib.auth.hashers import check_password, make_password
from django.db import models

from wellbeing.people.models.user import User


class Private(models.Model):
    """The password's hash and where she is reached. The wall shows the row to its owner and to machines: whoever signs
    somebody in, whoever sends a notice."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="private")
    password = models.CharField(max_length=128)
    mobile = models.CharField(max_length=20, blank=True)  # the one she is on duty with, for notices
    email = models.EmailField(blank=True)

    def proves(self, given: str | None) -> bool:
        """Whether this is the password; a hash of an older strength is replaced on the way."""
        return check_password(given, self.password, self._strengthen)

    def _strengthen(self, given: str) -> None:
        self.password = make_password(given)
        self.save(update_fields=["password"])
