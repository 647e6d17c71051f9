"""Repeated calls (反复来电): how often perhaps the same caller rang lately, from an index that cannot name anybody.

Its key is one of the quarter and is destroyed after the next one (SECURITY 2.6): then no number finds its calls.
"""

from datetime import datetime, timedelta

from django.db import connection

from wellbeing.vault.blind_index import index, name
from wellbeing.vault.named import existing_key
from wellbeing.workdays import TIMEZONE, now

BITS = 11
KEPT = timedelta(days=93)  # a call of an earlier quarter than the one of so long ago gets no index


def caller_index(number: str, at: datetime) -> bytes | None:
    """The index of a caller's number under the key of the quarter; None where no number is known, or the quarter's key
    is due to be destroyed."""
    if quarter(at) < quarter(now() - KEPT):
        return None
    return _index(number, quarter(at))


def calls_since(number: str, at: datetime, days: int) -> int:
    """How many calls of this number the hotline took within so many days before `at`, this one not yet among them."""
    since = at - timedelta(days=days)
    quarters = [one for one in {quarter(at), quarter(since)} if existing_key(name("phone"), one)]
    known = [mark for one in quarters if (mark := _index(number, one))]
    if not known:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_calls_since(%s, %s)", [known, since])
        count: int = cursor.fetchone()[0]
        return count


def quarter(at: datetime) -> str:
    """`2026Q4`; a later one sorts after."""
    local = at.astimezone(TIMEZONE)
    return f"{local.year}Q{(local.month + 2) // 3}"


def _index(number: str, period: str) -> bytes | None:
    try:
        return index("phone", number, bits=BITS, period=period)
    except ValueError:
        return None
