"""Repeated calls (反复来电): how often perhaps the same caller rang lately, from an index that cannot name anybody."""

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


def calls_since(number: str, at: datetime, days: int) -> int:
    """How many calls of this number the hotline took within so many days before `at`, this one not yet among them."""
    since = at - timedelta(days=days)
    known = [
        mark for moment in {_quarter(at): at, _quarter(since): since}.values() if (mark := caller_index(number, moment))
    ]
    if not known:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_calls_since(%s, %s)", [known, since])
        count: int = cursor.fetchone()[0]
        return count


def _quarter(at: datetime) -> str:
    local = at.astimezone(TIMEZONE)
    return f"{local.year}Q{(local.month + 2) // 3}"
