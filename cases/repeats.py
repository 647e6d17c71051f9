"""Repeated calls (反复来电): how often perhaps the same caller rang lately, from an index that cannot name anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from wellbeing.vault.blind_index import index
from wellbeing.workdays import TIMEZONE

BITS = 11


def caller_index(number: str, at: datetime) -> bytes | None:
    """The index of a caller's number under the key of the quarter; None where no number is known."""
    try:
        return index("phone", number, bits=BITS, period=_quarter(at))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Seen:
    """What may be said of earlier calls of perhaps the same caller: counts and flags, nothing of any case."""

    calls: int = 0
    last_at: datetime | None = None
    harassing: int = 0
    silent: int = 0
    open_case: bool = False
    danger: bool = False

    @property
    def restrictable(self) -> bool:
        """Whether a supervisor may restrict the number: twice harassing, and no risk answer ever (PRACTICE.md 3.7)."""
        return self.harassing >= HARASSING and not self.danger


HARASSING = 2  # policy default


def seen(number: str, at: datetime, days: int) -> Seen:
    """What is known of a caller's number within so many days before `at`, by its short index: perhaps the same one."""
    known = _marks(number, at, days)
    if not known:
        return Seen()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app_caller_seen(%s, %s)", [known, at - timedelta(days=days)])
        return Seen(*cursor.fetchone())


def calls_since(number: str, at: datetime, days: int) -> int:
    """How many calls of this number the hotline took within so many days before `at`, this one not yet among them."""
    known = _marks(number, at, days)
    if not known:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_calls_since(%s, %s)", [known, at - timedelta(days=days)])
        count: int = cursor.fetchone()[0]
        return count


def _marks(number: str, at: datetime, days: int) -> list[bytes]:
    """The number's index in every quarter that the days reach into (at most two: policy allows 90 days)."""
    since = at - timedelta(days=days)
    moments = {_quarter(at): at, _quarter(since): since}.values()
    return [mark for moment in moments if (mark := caller_index(number, moment))]


def _quarter(at: datetime) -> str:
    local = at.astimezone(TIMEZONE)
    return f"{local.year}Q{(local.month + 2) // 3}"
