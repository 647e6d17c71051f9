"""Known-answer tests of every primitive, run at start-up: a process that cannot seal correctly does not start."""

from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from django.core.exceptions import ImproperlyConfigured

from wellbeing.vault.envelope import DataKey, Place, SealError, seal, unseal
from wellbeing.vault.suites import suite

H = bytes.fromhex
NUMBER, SECRET = 0x0102030405060708, bytes(range(32))
PLACE = Place("selftest", UUID(int=1), "sealed", "330900")
WORDS = b"there and back"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a suite. HKDF: RFC 5869, case 1 (with SM3: its text, worked out with another library's HMAC).
    `key`, `nonce`, `aad`, `text` and `sealed` are its cipher's published vector. `stored` are WORDS sealed once, by a
    program written from the text of the format alone: what was stored stays readable; `uncommitted` is the same with a
    wrong commitment under a right tag: only the comparison of the commitment refuses it."""

    names: tuple[str, str]
    okm: bytes
    key: bytes
    nonce: bytes
    aad: bytes
    text: bytes
    sealed: bytes  # or its end
    stored: bytes
    uncommitted: bytes


KNOWN = {
    1: Known(  # NIST GCM, test case 16
        ("HKDF-SHA256", "AES-256-GCM"),
        H("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
        H("feffe9928665731c6d6a8f9467308308" * 2),
        H("cafebabefacedbaddecaf888"),
        H("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        H(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        ),
        H("76fc6ece0f4e1768cddf8853bb2d551b"),
        H(
            "01010102030405060708000102030405060708090a0b0c0d0e0f101112131415161709bc3fa5a3b733bd6a432c8134d1"
            "aad2688d30f74028fab64bed96654b0080a7bd938154ae986d7ee9898d7cba7ed3194b8a95e33270c7a94b5e7d060e85"
            "39f9482f482408602c1873c5cd09ea527b59"
        ),
        H(
            "01010102030405060708000102030405060708090a0b0c0d0e0f101112131415161708bc3fa5a3b733bd6a432c8134d1"
            "aad2688d30f74028fab64bed96654b0080a7bd938154ae986d7ee9898d7cba7ed3194b8a95e33270c7a94b5e7d060e85"
            "39f952e5c9747b41ccc638c646840d3b891c"
        ),
    ),
    2: Known(  # RFC 8998, appendix A.1
        ("HKDF-SM3", "SM4-GCM"),
        H("c69fe91b7aaee2dd5718d72dcaee0cce93f1b8e41f792da51261b6a517e68b36ed2c595572b01dfa359b"),
        H("0123456789abcdeffedcba9876543210"),
        H("00001234567800000000abcd"),
        H("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        H("".join(digit * 16 for digit in "abcdefea")),
        H(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15"
            "a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec"
        ),
        H(
            "01020102030405060708000102030405060708090a0b0c0d0e0f1011121314151617f841d8d1a954cbcd83dbbc824059"
            "cab3059eb0864de8bbd1ad99cf2bbee21b0261f2a9ba0a6871d03d5210ef187d77fd6a6f0e2955846d8f2e9563581326"
            "cf0d8dc229ec98cd612641aeb5970820ce59"
        ),
        H(
            "01020102030405060708000102030405060708090a0b0c0d0e0f1011121314151617f941d8d1a954cbcd83dbbc824059"
            "cab3059eb0864de8bbd1ad99cf2bbee21b0261f2a9ba0a6871d03d5210ef187d77fd6a6f0e2955846d8f2e9563581326"
            "cf0d4734a2b1bda9a9ea2425a16d837ee20d"
        ),
    ),
}


def run() -> None:
    """Check the primitives of each suite against published answers and the envelope both ways.

    ImproperlyConfigured when one fails or is missing.
    """
    for code, known in KNOWN.items():
        try:
            _primitives(code, known)
        except UnsupportedAlgorithm:
            _expect(False, known.names[1])
        _expect(_open(known.stored, code) == WORDS, "a stored envelope")
        envelope = seal(DataKey(NUMBER, SECRET, code), WORDS, PLACE)
        _expect(_open(envelope, code) == WORDS, "an envelope")
        _expect(_open(envelope[:-1] + bytes([envelope[-1] ^ 1]), code) is None, "envelope integrity")
        _expect(_open(known.uncommitted, code) is None, "envelope commitment")


def _primitives(code: int, known: Known) -> None:
    used = suite(code)
    okm = used.hkdf(H("0b" * 22), H("000102030405060708090a0b0c"), H("f0f1f2f3f4f5f6f7f8f9"), 42)
    _expect(okm == known.okm, known.names[0])
    sealed = used.cipher(known.key).encrypt(known.nonce, known.text, known.aad)
    _expect(sealed.endswith(known.sealed), known.names[1])


def _open(envelope: bytes, code: int) -> bytes | None:
    try:
        return unseal(DataKey(NUMBER, SECRET, code), envelope, PLACE)
    except SealError:
        return None


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise ImproperlyConfigured(f"The start-up self-test of {what} failed; nothing can be sealed safely.")
