"""Where the root key lives: behind one interface, never in the database. `provider()` gives the configured one.

A root key has versions. The newest wraps; each that is held unwraps what it wrapped, and every wrapped key's row names
its version, so a rotation needs no moment at which everything changes.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from wellbeing.errors import Unavailable

log = logging.getLogger("wellbeing.vault")
KEEP_SECONDS = 600  # how long a process keeps any key: after so long each has seen a new version of it


class Provider(Protocol):
    """Wraps and unwraps other keys for a purpose and context. SealError when something does not unwrap, Unavailable
    when nothing can be asked just now."""

    @property
    def versions(self) -> Mapping[int, str]:
        """The versions held, each with the name of its algorithm."""

    def wrap(self, purpose: str, context: bytes, secret: bytes) -> tuple[int, bytes]:
        """Wrap under the newest version: its number and the wrapped key."""

    def unwrap(self, purpose: str, context: bytes, wrapped: bytes, version: int = 1) -> bytes:
        """The key that was wrapped under a version for the same purpose and context."""


_held: tuple[int, float, str, Provider] | None = None
_lock = threading.Lock()


def provider(*, holding: int = 0) -> Provider:
    """The provider that settings name; made anew after KEEP_SECONDS, after a fork, and at once when it does not hold
    the version asked for (somebody may just have added it). One that cannot be made anew stays, and says so."""
    global _held
    with _lock:
        held = _held if _held and _held[0] == os.getpid() and _held[2] == settings.ROOT_KEY_PROVIDER else None
        if held and held[1] > time.monotonic() and (not holding or holding in held[3].versions):
            return held[3]
        try:
            made: Provider = import_string(settings.ROOT_KEY_PROVIDER)()
        except ImproperlyConfigured:
            if held is None:
                raise
            log.warning("the root key could not be read again; what was read before stays in use")
            made = held[3]
        _held = (os.getpid(), time.monotonic() + KEEP_SECONDS, settings.ROOT_KEY_PROVIDER, made)
        return made


def unavailable() -> Unavailable:
    """What a provider raises when its module or service is away: what it wrapped is then neither foreign nor gone."""
    return Unavailable(gettext_lazy("The key service does not answer. Nothing was saved: work on paper until it does."))


def newest() -> int:
    """The number of the version that wraps."""
    return max(provider().versions)


def forget() -> None:
    """Read the root key anew at its next use."""
    global _held
    with _lock:
        _held = None
