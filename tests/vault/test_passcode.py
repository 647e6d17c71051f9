"""A key of a token and a code: the same again from both, and from neither alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wellbeing.vault.envelope import Place, seal, suite_of, unseal
from wellbeing.vault.passcode import SALT, kept, key_of

SALT_A, SALT_B = bytes(SALT), bytes([1]) * SALT


def test_both_halves_and_the_salt_make_the_key() -> None:
    made = key_of("token", "12345678", SALT_A)
    assert made == key_of("token", "12345678", SALT_A) == kept(made.secret, SALT_A)
    others = [
        key_of("token", "12345679", SALT_A),
        key_of("Token", "12345678", SALT_A),
        key_of("token", "12345678", SALT_B),
    ]
    assert len({made.secret, *(one.secret for one in others)}) == 4
    assert "token" not in repr(made) and "12345678" not in repr(made)
    assert kept(made.secret, bytes(range(1, SALT + 1))).id == 0x0102030405060708 >> 1  # fits a signed bigint


def test_a_copy_that_was_sealed_once_stays_readable() -> None:
    """The key is what another program makes of the text: Argon2id of the code, then HKDF with its label."""
    slow = Argon2id(salt=SALT_B, length=32, iterations=3, lanes=1, memory_cost=65_536).derive(b"12345678")
    other = HKDF(SHA256(), 32, SALT_B, b"zx1/passcode").derive(slow + b"token")
    assert key_of("token", "12345678", SALT_B).secret == other
    assert SALT == 16  # as RFC 9106 recommends, 3.1


def test_a_copy_is_sealed_in_the_suite_of_its_day_and_opens_in_any(settings: Any) -> None:
    place = Place("referrals.link", UUID(int=1), "sealed", "330902")
    for at, then in ((1, 2), (2, 1)):
        settings.VAULT_SUITE = at
        envelope = seal(key_of("token", "12345678", SALT_A), b"words", place)
        settings.VAULT_SUITE = then
        assert suite_of(envelope) == at and unseal(key_of("token", "12345678", SALT_A), envelope, place) == b"words"


def test_where_the_code_ends_and_the_token_begins_is_no_matter_of_chance() -> None:
    """Argon2id's answer has a fixed length before the token, so no two pairs read the same."""
    assert key_of("8token", "1234567", SALT_A).secret != key_of("token", "12345678", SALT_A).secret


def test_the_library_counts_argon2id_as_published() -> None:
    """RFC 9106, section 5.3, without its secret and associated data is not given there; the reference program's own
    vector is: version 13, t=2, m=65536, p=1, "password", "somesalt"."""
    derived = Argon2id(salt=b"somesalt", length=32, iterations=2, lanes=1, memory_cost=65_536).derive(b"password")
    assert derived.hex() == "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
