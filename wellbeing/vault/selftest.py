"""Known-answer tests of every primitive, run at start-up: a process that cannot seal correctly does not start."""

from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

from wellbeing.vault.envelope import DataKey, Place, SealError, seal, unseal
from wellbeing.vault.suites import hkdf_sha256

H = bytes.fromhex
KEY = DataKey(0x0102030405060708, bytes(range(32)))
PLACE = Place("selftest", UUID(int=1), "sealed", "330900")
WORDS = b"there and back"
# These words sealed once, by a program written from the text of the format alone: what was stored stays readable.
STORED = H(
    "01010102030405060708000102030405060708090a0b0c0d0e0f101112131415161709bc3fa5a3b733bd6a432c8134d1"
    "aad2688d30f74028fab64bed96654b0080a7bd938154ae986d7ee9898d7cba7ed3194b8a95e33270c7a94b5e7d060e85"
    "39f9482f482408602c1873c5cd09ea527b59"
)
# The same with a wrong commitment under a right tag: only the comparison of the commitment refuses it.
UNCOMMITTED = H(
    "01010102030405060708000102030405060708090a0b0c0d0e0f101112131415161708bc3fa5a3b733bd6a432c8134d1"
    "aad2688d30f74028fab64bed96654b0080a7bd938154ae986d7ee9898d7cba7ed3194b8a95e33270c7a94b5e7d060e85"
    "39f952e5c9747b41ccc638c646840d3b891c"
)


def run() -> None:
    """Check the primitives against published answers and the envelope both ways.

    ImproperlyConfigured when one fails.
    """
    _primitives()
    _expect(_open(STORED) == WORDS, "a stored envelope")
    envelope = seal(KEY, WORDS, PLACE)
    _expect(_open(envelope) == WORDS, "an envelope")
    _expect(_open(envelope[:-1] + bytes([envelope[-1] ^ 1])) is None, "envelope integrity")
    _expect(_open(UNCOMMITTED) is None, "envelope commitment")


def _primitives() -> None:
    """HKDF (RFC 5869, case 1) and AES-256-GCM (NIST GCM, test case 16)."""
    okm = hkdf_sha256(H("0b" * 22), H("000102030405060708090a0b0c"), H("f0f1f2f3f4f5f6f7f8f9"), 42)
    wanted = H("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    _expect(okm == wanted, "HKDF-SHA256")
    key = H("feffe9928665731c6d6a8f9467308308" * 2)
    text = H(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    sealed = AESGCM(key).encrypt(H("cafebabefacedbaddecaf888"), text, H("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    _expect(sealed[-16:] == H("76fc6ece0f4e1768cddf8853bb2d551b"), "AES-256-GCM")


def _open(envelope: bytes) -> bytes | None:
    try:
        return unseal(KEY, envelope, PLACE)
    except SealError:
        return None


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise ImproperlyConfigured(f"The start-up self-test of {what} failed; nothing can be sealed safely.")
