"""What a page asks its visitor to have shown, besides a password."""

from enum import Enum

from django.conf import settings
from django.utils import timezone


class Proof(Enum):
    """PASSWORD: nothing more. FIRST: as FRESH, but open to an account that has no second factor yet. SECOND: the second
    factor, once per session. FRESH: again within the last minutes (settings.FRESH_SECONDS)."""

    PASSWORD = "password"  # noqa: S105
    FIRST = "first"
    SECOND = "second"
    FRESH = "fresh"


def seconds() -> int:
    """The machine's clock: proofs are measured by it, not by the deadlines' one, which tests move by weeks."""
    return int(timezone.now().timestamp())


def is_fresh(proved_at: int | None) -> bool:
    """Whether what was shown at this second of the machine's clock is still enough for what asks for it anew."""
    return proved_at is not None and seconds() - proved_at <= settings.FRESH_SECONDS
