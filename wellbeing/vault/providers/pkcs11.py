"""The root key in a hardware module (PKCS#11, the interface of certified cryptographic machines): it never leaves it.

Versions are AES-256 keys of the token labelled `wellbeing-root-1`, `wellbeing-root-2`, …; the module itself wraps with
AES-GCM. `manage.py make_root_key` makes the next one inside. Settings: PKCS11_MODULE (the library), PKCS11_TOKEN (the
token's label), PKCS11_PIN_FILE (mode 0400).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pkcs11
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass

from wellbeing.vault.providers import unavailable
from wellbeing.vault.suites import NONCE, TAG, SealError

LABEL = "wellbeing-root-"
REFUSED = (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinExpired, pkcs11.PinLocked)
_lock = threading.Lock()
_sessions: dict[tuple[str, str], tuple[int, Any]] = {}


class Pkcs11Provider:
    """Works in a session as the user of the token. ImproperlyConfigured where that does not open, or holds no key;
    Unavailable when the token is away later. One that came back, and a session that the module ended, are found again.
    """

    def __init__(self) -> None:
        self._keys = _held_keys()

    @property
    def versions(self) -> Mapping[int, str]:
        return dict.fromkeys(self._keys, "AES-256-GCM in the module")

    def wrap(self, purpose: str, context: bytes, secret: bytes) -> tuple[int, bytes]:
        """Nonce 12, ciphertext, tag 16, as the local providers."""
        for _once_more in range(2):
            keys, nonce = self._keys, os.urandom(NONCE)
            version = max(keys)
            try:
                return version, nonce + keys[version].encrypt(secret, **_gcm(nonce, purpose, context))
            except pkcs11.PKCS11Error:
                self._anew(keys)
        raise unavailable()

    def unwrap(self, purpose: str, context: bytes, wrapped: bytes, version: int = 1) -> bytes:
        for _once_more in range(2):
            keys = self._keys
            try:
                return bytes(keys[version].decrypt(wrapped[NONCE:], **_gcm(wrapped[:NONCE], purpose, context)))
            except (KeyError, ValueError):
                raise SealError from None
            except pkcs11.PKCS11Error:  # modules have no error of their own for what is not theirs
                if _answers(keys[version]):
                    raise SealError from None
            self._anew(keys)
        raise unavailable()

    def _anew(self, failed: Mapping[int, Any]) -> None:
        """The token's keys in a session that works, unless another thread has found them since. Unavailable."""
        with _lock:
            if self._keys is not failed:
                return
            try:
                self._keys = _held_keys()
            except ImproperlyConfigured:
                raise unavailable() from None


def _answers(key: Any) -> bool:
    """Whether the module opens what it has just wrapped."""
    given, nonce = os.urandom(16), os.urandom(NONCE)
    try:
        return bytes(key.decrypt(key.encrypt(given, **_gcm(nonce, "probe", b"")), **_gcm(nonce, "probe", b""))) == given
    except pkcs11.PKCS11Error:
        return False


def _held_keys() -> dict[int, Any]:
    """The versions that the token holds, asked once more with the library anew where it shows none: one that lost its
    token goes on showing nothing. ImproperlyConfigured."""
    for anew in (False, True):
        with suppress(pkcs11.PKCS11Error):  # the module has ended the session
            if found := dict(_ours(_session(anew=anew))):
                return found
    raise ImproperlyConfigured("The PKCS#11 token holds no root key; make one with manage.py make_root_key.")


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


def _session(*, anew: bool = False) -> Any:
    """The one session of this process: signing in counts for all of a process's sessions, and so does signing out.

    A process that was forked begins with the library anew, and so does one in which it does not open; a PIN that is
    refused is not tried twice, for a module counts that. ImproperlyConfigured, without a detail of the PIN.
    """
    where = settings.PKCS11_MODULE, settings.PKCS11_TOKEN
    if (kept := _sessions.get(where)) and kept[0] == os.getpid() and not anew:
        return kept[1]
    _sessions.pop(where, None)
    begun_anew = bool(kept) or anew
    while True:
        try:
            library = pkcs11.lib(where[0])
            if begun_anew:
                library.reinitialize()
            pin = Path(settings.PKCS11_PIN_FILE).read_text().strip()
            session = library.get_token(token_label=where[1]).open(rw=True, user_pin=pin)
        except (OSError, RuntimeError) as error:  # PKCS11Error is a RuntimeError
            if begun_anew or not isinstance(error, pkcs11.PKCS11Error) or isinstance(error, REFUSED):
                raise ImproperlyConfigured(f"The PKCS#11 token does not open ({type(error).__name__}).") from None
            begun_anew = True
        else:
            _sessions[where] = (os.getpid(), session)
            return session
