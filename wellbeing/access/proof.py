"""What a page asks its visitor to have shown, besides a password."""

from enum import Enum

from django.conf import settings
from django.utils import timezone

CLOCKS_DIFFER = 60  # seconds by which a provider's clock may be ahead of ours


class Proof(Enum):
    """PASSWORD: nothing more. FIRST: as FRESH, but open to an account that has no second factor yet. SECOND: the second
    factor, once per session. FRESH: again within the last minutes (settings.FRESH_SECONDS). TOKEN: no session at all:
    the view itself asks for a token of the API, and cookies count for nothing."""

    PASSWORD = "password"  # noqa: S105
    FIRST = "first"
    SECOND = "second"
    FRESH = "fresh"
    TOKEN = "token"  # noqa: S105


def seconds() -> int:
    """The machine's clock: proofs are measured by it, not by the deadlines' one, which tests move by weeks."""
    return int(timezone.now().timestamp())


def is_fresh(proved_at: int | None) -> bool:
    """Whether what was shown at this second of the machine's clock is still enough for what asks for it anew. What lies
    ahead is not: no clock of ours said it."""
    return proved_at is not None and -CLOCKS_DIFFER <= seconds() - proved_at <= settings.FRESH_SECONDS
