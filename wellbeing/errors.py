"""The answers a door can give instead of doing what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wellbeing.flow import WrongState

__all__ = ["Forbidden", "Invalid", "Newer", "Stale", "Unavailable", "Written", "WrongState"]


class Forbidden(Exception):
    """May not, or does not exist: to the asker both are the same (404, the same body)."""


class Stale(Forbidden):
    """May not yet: the second factor must be shown anew. A page leads there; elsewhere it is as forbidden."""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands where somebody is about to write: its mark (an id, a number, a moment; empty where nothing stands),
    and who wrote it when. A form carries the mark of what it was filled from, and the action asks again, under its
    lock, so that nobody replaces what she has not seen."""

    mark: str = ""
    who: str = ""
    at: datetime | None = None

    @classmethod
    def at_moment(cls, at: datetime | None, who: Any) -> Written:
        """What is marked by the moment of its last change; nothing stands where there is none."""
        return cls(at.isoformat(), str(who or ""), at) if at else cls()

    def still(self, filled_from: str | None, action: str) -> None:
        """Raises Newer unless the writer had this before her. None is of whoever fills in no form: a machine, a file,
        an act within another one."""
        if filled_from is not None and filled_from != self.mark:
            raise Newer(action, self)


class Newer(WrongState):
    """Somebody has written since the form was filled (409, `newer`): `written` is what stands now. Nothing was
    replaced."""

    def __init__(self, action: str, written: Written) -> None:
        super().__init__("newer", action)
        self.written = written


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
