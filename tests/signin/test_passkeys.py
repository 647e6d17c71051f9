"""A passkey's answer holds for its challenge, its site and its count alone, and what was put together by hand for none."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

from wellbeing.signin.passkeys import Site, asserted, made

SITE, CHALLENGE, NAME = Site("localhost", "https://localhost"), b"0123456789abcdef", b"a passkey of hers"
KEY = ec.generate_private_key(ec.SECP256R1())
POINT = KEY.public_key().public_numbers()
PUBLIC = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: POINT.x.to_bytes(32, "big"), -3: POINT.y.to_bytes(32, "big")})


def told(**parts: bytes) -> str:
    name, said = bytes_to_base64url(NAME), {one: bytes_to_base64url(part) for one, part in parts.items()}
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": said})


def client(act: str, **more: Any) -> bytes:
    asked = {"type": f"webauthn.{act}", "challenge": bytes_to_base64url(CHALLENGE), "origin": SITE.origin}
    return json.dumps(asked | more).encode()


def answered(said: bytes, *, name: str = SITE.name, flags: int = 5, count: int = 7) -> str:
    """What a browser answers with this passkey (WebAuthn 2, 6.3.3)."""
    held = hashlib.sha256(name.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")
    signature = KEY.sign(held + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
    return told(clientDataJSON=said, authenticatorData=held, signature=signature)


def count(answer: str, known: int = 6) -> int | None:
    return asserted(answer, SITE, CHALLENGE, PUBLIC, NAME, known)


def test_an_answer_holds_for_its_challenge_its_site_and_a_count_that_went_on() -> None:
    sound = answered(client("get"))
    assert count(sound) == 7 and count(answered(client("get"), count=0), known=0) == 0
    assert count(sound, known=7) is None and count(sound, known=8) is None, "of a copy, or shown before"
    for wrong in (
        answered(client("get", origin="https://localhost.evil.example")),
        answered(client("get", origin="http://localhost")),
        answered(client("get", challenge=bytes_to_base64url(b"another"))),
        answered(client("create")),
        answered(client("get"), name="evil.example"),
        answered(client("get"), flags=4),  # nobody was there
        sound.replace(bytes_to_base64url(NAME), bytes_to_base64url(b"another")),
    ):
        assert count(wrong) is None, wrong
    assert asserted(sound, SITE, CHALLENGE, PUBLIC, b"another", 6) is None


def attested(form: str, statement: Any, key: bytes = PUBLIC) -> str:
    held = hashlib.sha256(SITE.name.encode()).digest() + bytes([0x45]) + bytes(4 + 16)
    held += len(NAME).to_bytes(2, "big") + NAME + key
    whole = cbor2.dumps({"fmt": form, "attStmt": statement, "authData": held})
    return told(clientDataJSON=client("create"), attestationObject=whole)


@pytest.mark.parametrize(
    "answer",
    [
        *("", "[]", "7", "null", "{}", '{"rawId": 7}', "[" * 8_000, '{"rawId":' * 1_500),
        *(attested("none", {}, key) for key in (b"", b"\x81" * 3_000, cbor2.dumps([1]), cbor2.dumps({1: 9}))),
        *(
            attested(form, statement)
            for form in ("packed", "tpm", "apple", "android-key", "android-safetynet", "fido-u2f", "x")
            for statement in (
                {},
                [],
                {"x5c": []},
                {"alg": -7, "sig": b"x", "x5c": []},
                {"ver": "2.0", "response": b"x"},
            )
        ),
    ],
)
def test_what_was_put_together_by_hand_is_no_passkey_and_no_fault_of_ours(answer: str) -> None:
    assert made(answer, SITE, CHALLENGE) is None and count(answer) is None


def test_a_passkey_that_was_just_made_is_one() -> None:
    found = made(attested("none", {}), SITE, CHALLENGE)
    assert found is not None and (found.credential, found.public_key) == (NAME, PUBLIC)
    assert made(attested("none", {}), SITE, b"another") is None
    assert made(attested("none", {}), Site("localhost", "https://localhost:444"), CHALLENGE) is None
