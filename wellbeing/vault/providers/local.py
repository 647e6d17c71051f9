"""The root key in this process: what the file and the environment provider share."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

from wellbeing.vault.suites import SealError, hkdf_sha256


class LocalProvider:
    """Wraps with AES-256-GCM under keys derived per purpose from a 32-byte root key (hex)."""

    def __init__(self, root: str) -> None:
        try:
            self._root = bytes.fromhex(root.strip())
        except ValueError:
            self._root = b""
        if len(self._root) != 32:
            raise ImproperlyConfigured("The root key must be 32 bytes in hex (64 letters).")

    def wrap(self, purpose: str, context: bytes, secret: bytes) -> bytes:
        """Wrap a key: nonce 12, ciphertext, tag 16. Few wraps per key, so random nonces are safe."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self._derive(f"wrap/{purpose}")).encrypt(nonce, secret, context)

    def unwrap(self, purpose: str, context: bytes, wrapped: bytes) -> bytes:
        """Unwrap; SealError when it was wrapped for another purpose, context or root."""
        try:
            return AESGCM(self._derive(f"wrap/{purpose}")).decrypt(wrapped[:12], wrapped[12:], context)
        except (InvalidTag, ValueError):
            raise SealError from None

    def derive(self, purpose: str, period: str = "") -> bytes:
        """A key of 32 bytes for one purpose and period; the same every time. ValueError for a purpose that wraps."""
        if purpose.startswith("wrap/") or "\x00" in purpose:
            raise ValueError("a purpose must not name a wrapping key")
        return self._derive(purpose, period)

    def _derive(self, purpose: str, period: str = "") -> bytes:
        return hkdf_sha256(self._root, b"zx1/root", f"{purpose}\x00{period}".encode(), 32)
