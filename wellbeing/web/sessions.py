"""Sessions in the database; one that cannot be saved because the server is away is an outage, not a bad request.

Django calls every failed update "deleted by a concurrent request" and answers 400, which tells a browser not to send
the form again. The drill found it: PostgreSQL died between an action and the session that its page saves.
"""

from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import OperationalError


class SessionStore(DatabaseStore):
    """As Django's, but raises OperationalError when that is what kept it from saving."""

    def save(self, must_create: bool = False) -> None:
        try:
            super().save(must_create)
        except UpdateError as failed:
            cause: Any = failed.__context__
            if isinstance(cause, OperationalError):
                raise cause from None
            raise
