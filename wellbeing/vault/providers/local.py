"""The root key in this process: what the file and the environment provider share.

One line per version, `number:suite:hex`, e.g. `2:02:9f…` (32 bytes). A line of hex alone is version 1 in suite 01.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured

from wellbeing.vault.suites import NONCE, SUITES, SealError, Suite

LINE = re.compile(r"(?:(?P<number>[1-9]\d{0,5}):(?P<suite>\d\d):)?(?P<key>[0-9A-Fa-f]{64})")


@dataclass(frozen=True, slots=True, repr=False)
class Root:
    """One version: its suite and its 32 bytes."""

    suite: Suite
    secret: bytes

    def key(self, purpose: str) -> bytes:
        """A key for one purpose, derived; as long as the suite's cipher wants it."""
        return self.suite.hkdf(self.secret, b"zx1/root", purpose.encode(), self.suite.key_size)


class LocalProvider:
    """Wraps under keys derived per purpose from root keys that this process holds."""

    def __init__(self, text: str) -> None:
        self._roots = dict(_parse(line) for line in text.split())
        if not self._roots or len(self._roots) != len(text.split()):
            raise ImproperlyConfigured("There is no root key (32 bytes in hex), or two of one version.")

    @property
    def versions(self) -> Mapping[int, str]:
        return {number: root.suite.name for number, root in self._roots.items()}

    def wrap(self, purpose: str, context: bytes, secret: bytes) -> tuple[int, bytes]:
        """Nonce 12, ciphertext, tag 16. Few wraps per key, so random nonces are safe."""
        version, nonce = max(self._roots), os.urandom(NONCE)
        root = self._roots[version]
        return version, nonce + root.suite.cipher(_key(root, purpose)).encrypt(nonce, secret, context)

    def unwrap(self, purpose: str, context: bytes, wrapped: bytes, version: int = 1) -> bytes:
        try:
            root = self._roots[version]
            return root.suite.cipher(_key(root, purpose)).decrypt(wrapped[:NONCE], wrapped[NONCE:], context)
        except (KeyError, InvalidTag, ValueError):
            raise SealError from None


def _key(root: Root, purpose: str) -> bytes:
    return root.key(f"wrap/{purpose}\x00")


def _parse(line: str) -> tuple[int, Root]:
    found = LINE.fullmatch(line)
    suite = SUITES.get(int(found["suite"] or 1)) if found else None
    if found is None or suite is None:
        raise ImproperlyConfigured("A root key must be 32 bytes in hex (64 letters), after `number:suite:` or alone.")
    return int(found["number"] or 1), Root(suite, bytes.fromhex(found["key"]))
