"""The root key in a hardware module (PKCS#11, the interface of certified cryptographic machines): it never leaves it.

Versions are AES-256 keys of the token labelled `wellbeing-root-1`, `wellbeing-root-2`, …; the module itself wraps with
AES-GCM. `manage.py make_root_key` makes the next one inside. Settings: PKCS11_MODULE (the library), PKCS11_TOKEN (the
token's label), PKCS11_PIN_FILE (mode 0400).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pkcs11
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass

from wellbeing.vault.suites import NONCE, TAG, SealError

LABEL = "wellbeing-root-"
_sessions: dict[tuple[str, str], tuple[int, Any]] = {}


class Pkcs11Provider:
    """Works in a session as the user of the token. ImproperlyConfigured where that does not open, or holds no key."""

    def __init__(self) -> None:
        self._keys = dict(_ours(_session()))
        if not self._keys:
            raise ImproperlyConfigured("The PKCS#11 token holds no root key; make one with manage.py make_root_key.")

    @property
    def versions(self) -> Mapping[int, str]:
        return dict.fromkeys(self._keys, "AES-256-GCM in the module")

    def wrap(self, purpose: str, context: bytes, secret: bytes) -> tuple[int, bytes]:
        """Nonce 12, ciphertext, tag 16, as the local providers."""
        version, nonce = max(self._keys), os.urandom(NONCE)
        return version, nonce + self._keys[version].encrypt(secret, **_gcm(nonce, purpose, context))

    def unwrap(self, purpose: str, context: bytes, wrapped: bytes, version: int = 1) -> bytes:
        try:
            plain = self._keys[version].decrypt(wrapped[NONCE:], **_gcm(wrapped[:NONCE], purpose, context))
        except (KeyError, ValueError, pkcs11.PKCS11Error):
            raise SealError from None
        return bytes(plain)


def make_next() -> int:
    """Make the next version inside the module, never to be read out of it; its number."""
    session = _session()
    number = max((known for known, _key in _ours(session)), default=0) + 1
    hidden = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.PRIVATE: True}
    session.generate_key(KeyType.AES, 256, label=f"{LABEL}{number}", store=True, template=hidden)
    return number


def _ours(session: Any) -> Iterator[tuple[int, Any]]:
    for key in session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES}):
        number = key.label.removeprefix(LABEL)
        if key.label.startswith(LABEL) and number.isdigit():
            yield int(number), key


def _gcm(nonce: bytes, purpose: str, context: bytes) -> dict[str, Any]:
    bound = len(purpose).to_bytes(2, "big") + purpose.encode() + context
    return {"mechanism": Mechanism.AES_GCM, "mechanism_param": GCMParams(nonce, bound, TAG * 8)}


def _session() -> Any:
    """The one session of this process: signing in counts for all of a process's sessions, and so does signing out.

    A process that was forked begins with the library anew. ImproperlyConfigured, without a detail of the PIN.
    """
    path, label = settings.PKCS11_MODULE, settings.PKCS11_TOKEN
    if (kept := _sessions.get((path, label))) and kept[0] == os.getpid():
        return kept[1]
    try:
        library = pkcs11.lib(path)
        if kept:
            library.reinitialize()
        pin = Path(settings.PKCS11_PIN_FILE).read_text().strip()
        session = library.get_token(token_label=label).open(rw=True, user_pin=pin)
    except (OSError, RuntimeError) as error:  # PKCS11Error is a RuntimeError
        raise ImproperlyConfigured(f"The PKCS#11 token does not open ({type(error).__name__}).") from None
    _sessions[path, label] = (os.getpid(), session)
    return session
