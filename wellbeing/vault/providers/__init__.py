"""Where the root key lives: behind one interface, never in the database. `provider()` gives the configured one."""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Provider(Protocol):
    """Wraps and unwraps other keys for a purpose and context, and derives keys that are never stored."""

    def wrap(self, purpose: str, context: bytes, secret: bytes) -> bytes: ...

    def unwrap(self, purpose: str, context: bytes, wrapped: bytes) -> bytes: ...

    def derive(self, purpose: str, period: str = "") -> bytes: ...


@cache
def provider() -> Provider:
    """The provider that settings name; its root key is read once per process."""
    made: Provider = import_string(settings.ROOT_KEY_PROVIDER)()
    return made
