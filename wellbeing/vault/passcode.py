"""A key that only two secrets together make: a long random token, and a short code that somebody tells by telephone.

Neither is stored, so a sealed copy under such a key opens neither with the database nor with the key tree. Only
referrals/packet.py imports this module. It seals in the suite of new keys; what was sealed says its own.
"""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.conf import settings

from wellbeing.vault.envelope import DataKey
from wellbeing.vault.suites import hkdf_sha256

SALT = 16  # bytes
# RFC 9106, second recommended choice (64 MiB, three passes), on one lane: about 0.15 s for every code that is tried.
PASSES, LANES, KIB = 3, 1, 65_536


def key_of(token: str, code: str, salt: bytes) -> DataKey:
    """The key of a token and a code: Argon2id makes the short code slow to guess, HKDF binds it to the token."""
    slow = Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=KIB).derive(code.encode())
    return kept(hkdf_sha256(slow + token.encode(), salt, b"zx1/passcode", 32), salt)


def kept(secret: bytes, salt: bytes) -> DataKey:
    """The same key from its secret, as the browser that opened the copy keeps it for a while."""
    return DataKey(int.from_bytes(salt[:8], "big") >> 1, secret, settings.VAULT_SUITE)
