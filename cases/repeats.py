"""Repeated calls (反复来电): how often perhaps the same caller rang lately, from an index that cannot name anybody.

Its key is one of the quarter and is destroyed after the next one (SECURITY 2.6): then no number finds its calls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from cases import sheet
from cases.models import Call, Case
from cases.policy import Policy
from cases.tiers import Facts, Proposal, merge, propose
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


@dataclass(frozen=True, slots=True)
class Seen:
    """What may be said of earlier calls of perhaps the same caller: counts and flags, nothing of any case."""

    calls: int = 0
    last_at: datetime | None = None
    harassing: int = 0
    silent: int = 0
    open_case: bool = False
    danger: bool = False

    def restrictable(self, from_calls: int) -> bool:
        """Whether a supervisor may restrict the number: so often harassing, and no risk answer (PRACTICE.md 3.7)."""
        return self.harassing >= from_calls and not self.danger


def seen(number: str, at: datetime, days: int) -> Seen:
    """What is known of a caller's number within so many days before `at`, by its short index: perhaps the same one."""
    return seen_by_marks(marks(number, at, days).values(), at - timedelta(days=days))


def seen_of_each(known: Sequence[bytes], since: datetime) -> list[Seen]:
    """The same of each of several indexes by itself, in their order, by one question."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.* FROM unnest(%s::bytea[]) WITH ORDINALITY m(mark, place),"
            " LATERAL app_caller_seen(ARRAY[m.mark], %s) s ORDER BY m.place",
            [list(known), since],
        )
        return [Seen(*row) for row in cursor.fetchall()]


def seen_by_marks(known: Iterable[bytes], since: datetime) -> Seen:
    """The same of indexes, since a moment."""
    found = list(known)
    if not found:
        return Seen()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app_caller_seen(%s, %s)", [found, since])
        return Seen(*cursor.fetchone())


def calls_since(number: str, at: datetime, days: int) -> int:
    """How many calls of this number the hotline took within so many days before `at`, this one not yet among them."""
    known = list(marks(number, at, days).values())
    if not known:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_calls_since(%s, %s)", [known, at - timedelta(days=days)])
        count: int = cursor.fetchone()[0]
        return count


def proposal(words: Mapping[str, Any], started: datetime, policy: Policy, *, logged: Case | None = None) -> Proposal:
    """What the rules propose for a sheet: its answers, and the calls of this number lately, its own among them. The one
    rule for who is typing and for who saves. `logged` is the case as which this call stands among them already."""
    number = str(words.get("caller_number") or "")
    counted = logged is not None and Call.objects.filter(case=logged, caller_index__isnull=False).exists()
    calls = calls_since(number, started, policy.repeat_days) + (0 if counted else 1)
    return propose(merge(sheet.facts(words), Facts(calls=calls)), policy)


def marks(number: str, at: datetime, days: int) -> dict[str, bytes]:
    """The number's index by quarter, in every one that the days reach into (at most two: policy allows 90 days), as far
    as the quarter's key still exists."""
    today, wanted = quarter(now()), {quarter(at), quarter(at - timedelta(days=days))}
    quarters = [one for one in wanted if existing_key(name("phone"), one, over=one < today)]
    return {one: mark for one in quarters if (mark := _index(number, one))}


def quarter(at: datetime) -> str:
    """`2026Q4`; a later one sorts after."""
    local = at.astimezone(TIMEZONE)
    return f"{local.year}Q{(local.month + 2) // 3}"


def _index(number: str, period: str) -> bytes | None:
    try:
        return index("phone", number, bits=BITS, period=period)
    except ValueError:
        return None
