"""Who an account is before anybody is known: by name and password, and by the number that a session holds."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from wellbeing.access.actor import identity
from wellbeing.access.machines import SIGNIN
from wellbeing.people.models import Private, User

ACCOUNT = (
    "SELECT u.*, p.password AS hashed, p.mobile AS rings, p.email AS written FROM app_account(%s) u, app_private(%s) p"
)


class Backend(ModelBackend):
    """As Django's, through the wall."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **more: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        with identity(SIGNIN):
            user = User.objects.select_related("private").filter(username=username).first()
            if user is None:
                make_password(password)  # takes as long as a wrong one
                return None
            return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def get_user(self, user_id: int) -> User | None:
        """The account of a session, with its private part: one statement."""
        user: Any = next(iter(User.objects.raw(ACCOUNT, [user_id, user_id])), None)
        if user is None or not self.user_can_authenticate(user):
            return None
        user.private = Private(user=user, password=user.hashed, mobile=user.rings, email=user.written)
        user.private._state.adding = False
        found: User = user
        return found
