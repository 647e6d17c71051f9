"""The answers a door can give instead of doing what was asked."""

from typing import Any

from wellbeing.flow import WrongState

__all__ = ["Forbidden", "Invalid", "Stale", "Unavailable", "WrongState"]


class Forbidden(Exception):
    """May not, or does not exist: to the asker both are the same (404, the same body)."""


class Stale(Forbidden):
    """May not yet: the second factor must be shown anew. A page leads there; elsewhere it is as forbidden."""


class Invalid(Exception):
    """A value cannot be accepted (422): `field` names its cause, `message` says it in the user's language."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(field)
        self.field = field
        self.message = message


class Unavailable(Exception):
    """This machine cannot do it now (503): `message` says what to do instead, in the user's language."""

    def __init__(self, message: Any) -> None:
        super().__init__("unavailable")
        self.message = message
