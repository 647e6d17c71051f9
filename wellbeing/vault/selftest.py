"""Known-answer tests of every primitive, run at start-up: a process that cannot seal correctly does not start."""

from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

from wellbeing.vault.envelope import DataKey, Place, SealError, seal, unseal
from wellbeing.vault.suites import hkdf_sha256

H = bytes.fromhex


def run() -> None:
    """Check HKDF (RFC 5869, case 1), AES-256-GCM (NIST GCM test case 16) and an envelope there and back."""
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
    place = Place("selftest", UUID(int=1), "sealed", "330900")
    data_key = DataKey(1, bytes(range(32)))
    envelope = seal(data_key, b"there and back", place)
    _expect(unseal(data_key, envelope, place) == b"there and back", "envelope")
    changed = envelope[:-1] + bytes([envelope[-1] ^ 1])
    try:
        unseal(data_key, changed, place)
    except SealError:
        return
    _expect(False, "envelope integrity")


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise ImproperlyConfigured(f"The start-up self-test of {what} failed; nothing can be sealed safely.")
