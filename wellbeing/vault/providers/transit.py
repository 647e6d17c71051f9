"""The root key in the Transit engine of OpenBao or Vault: it wraps and unwraps over HTTP, and the key never leaves it.

Versions are those of the key that TRANSIT_KEY names (AES-256-GCM or ChaCha20-Poly1305, neither exportable nor open to a
backup in clear). Purpose and context go as `associated_data`; an answer's `vault:vN:` becomes the row's version and the
rest its bytes. Settings: TRANSIT_ADDRESS (https, or the loopback), TRANSIT_MOUNT, TRANSIT_KEY, TRANSIT_TOKEN_FILE (mode
0400, read anew for each provider and when a token is refused: an agent renews it), TRANSIT_CA_FILE.
"""

from __future__ import annotations

import json
import re
import ssl
from base64 import b64decode, b64encode
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from wellbeing.errors import Unavailable
from wellbeing.vault.providers import unavailable
from wellbeing.vault.secret_file import read_secret
from wellbeing.vault.suites import SealError

SECONDS = 5  # to wait for an answer
MOST = 1 << 20  # bytes of one
CIPHERS = {
    "aes256-gcm96": "AES-256-GCM",
    "chacha20-poly1305": "ChaCha20-Poly1305",
    "xchacha20-poly1305": "XChaCha20-Poly1305",
}
WRAPPED = re.compile(r"vault:v([1-9]\d*):([A-Za-z0-9+/=]+)")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class TransitProvider:
    """Each wrap and unwrap is one request. ImproperlyConfigured where the key cannot be asked for, or is none to rely
    on; Unavailable when the service does not answer later: what it wrapped is then neither foreign nor gone."""

    def __init__(self) -> None:
        self._token = read_secret(settings.TRANSIT_TOKEN_FILE, "TRANSIT_TOKEN_FILE")
        try:
            status, key = self._ask("GET", "keys")
            if status != 200 or "latest_version" not in key:
                raise ImproperlyConfigured(f"The Transit engine does not show the key of TRANSIT_KEY ({status}).")
            if key.get("type") not in CIPHERS or key.get("derived"):
                raise ImproperlyConfigured(
                    "The Transit key must be aes256-gcm96 or chacha20-poly1305, and not derived."
                )
            if key.get("exportable") or key.get("allow_plaintext_backup"):
                raise ImproperlyConfigured("The Transit key can leave the engine (exportable, allow_plaintext_backup).")
            held = range(int(key.get("min_decryption_version") or 1), int(key["latest_version"]) + 1)
            self._versions = dict.fromkeys(held, f"{CIPHERS[key['type']]} in Transit")
            if not self._binds():
                raise ImproperlyConfigured("The Transit engine is too old: it passes over associated_data.")
        except Unavailable:
            raise ImproperlyConfigured("The Transit engine does not answer at TRANSIT_ADDRESS.") from None

    def _binds(self) -> bool:
        """Whether the engine holds to the associated data: one that passes over it would open anything anywhere."""
        version, probe = self.wrap("probe", b"here", bytes(32))
        try:
            self.unwrap("probe", b"there", probe, version)
        except SealError:
            return self.unwrap("probe", b"here", probe, version) == bytes(32)
        return False

    @property
    def versions(self) -> Mapping[int, str]:
        return self._versions

    def wrap(self, purpose: str, context: bytes, secret: bytes) -> tuple[int, bytes]:
        """Under the newest version that this provider knows, so that its row never names one that others do not."""
        given = {
            "plaintext": _text(secret),
            "associated_data": _bound(purpose, context),
            "key_version": max(self._versions),
        }
        status, said = self._ask("POST", "encrypt", given)
        found = WRAPPED.fullmatch(str(said.get("ciphertext")))
        if status != 200 or found is None:
            raise unavailable()
        return int(found[1]), b64decode(found[2])

    def unwrap(self, purpose: str, context: bytes, wrapped: bytes, version: int = 1) -> bytes:
        given = {"ciphertext": f"vault:v{version}:{_text(wrapped)}", "associated_data": _bound(purpose, context)}
        status, said = self._ask("POST", "decrypt", given)
        if status == 400:  # the engine's answer to whatever does not open
            raise SealError
        try:
            if status != 200:
                raise unavailable()
            return b64decode(said["plaintext"], validate=True)
        except (LookupError, TypeError, ValueError):
            raise unavailable() from None

    def _ask(self, method: str, verb: str, given: Mapping[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """One request, and once more with the token as it is now when the first was refused; status and `data`."""
        status, said = _request(method, verb, self._token, given)
        if status == 403:
            self._token = read_secret(settings.TRANSIT_TOKEN_FILE, "TRANSIT_TOKEN_FILE")
            status, said = _request(method, verb, self._token, given)
        return status, said


def _request(method: str, verb: str, token: str, given: Mapping[str, Any] | None) -> tuple[int, dict[str, Any]]:
    """Without proxies and without following anybody elsewhere. Unavailable, without a detail of what was sent."""
    path = f"/v1/{quote(settings.TRANSIT_MOUNT)}/{verb}/{quote(settings.TRANSIT_KEY, safe='')}"
    body = None if given is None else json.dumps(given)
    line = _line()
    try:
        line.request(method, path, body, {"X-Vault-Token": token, "X-Vault-Request": "true"})
        answer = line.getresponse()
        said = json.loads(answer.read(MOST))
        data = said.get("data")
        return answer.status, data if isinstance(data, dict) else {}
    except (OSError, HTTPException, ValueError, AttributeError):
        raise unavailable() from None
    finally:
        line.close()


def _line() -> HTTPConnection:
    to = urlsplit(settings.TRANSIT_ADDRESS)
    if to.scheme == "https" and to.hostname:
        trusted = ssl.create_default_context(cafile=settings.TRANSIT_CA_FILE)
        return HTTPSConnection(to.hostname, to.port or 8200, timeout=SECONDS, context=trusted)
    if to.scheme == "http" and to.hostname in LOOPBACK:  # an agent beside us
        return HTTPConnection(to.hostname, to.port or 8200, timeout=SECONDS)
    raise ImproperlyConfigured("TRANSIT_ADDRESS must be https, or http on the loopback.")


def _bound(purpose: str, context: bytes) -> str:
    return _text(len(purpose).to_bytes(2, "big") + purpose.encode() + context)


def _text(data: bytes) -> str:
    return b64encode(data).decode()
