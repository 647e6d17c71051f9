"""What a page asks its visitor to have shown, besides a password."""

from enum import Enum


class Proof(Enum):
    """PASSWORD: nothing more. FIRST: as FRESH, but open to an account that has no second factor yet. SECOND: the second
    factor, once per session. FRESH: again within the last minutes (settings.FRESH_SECONDS). TOKEN: no session at all:
    the view itself asks for a token of the API, and cookies count for nothing."""

    PASSWORD = "password"  # noqa: S105
    FIRST = "first"
    SECOND = "second"
    FRESH = "fresh"
    TOKEN = "token"  # noqa: S105
