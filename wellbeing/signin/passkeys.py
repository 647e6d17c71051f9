"""Passkeys (WebAuthn): what the browser is asked, and whether its answer holds. The protocol is py_webauthn's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import webauthn
from django.http import HttpRequest
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

# What an answer that was put together by hand comes to: of its letters, of its parts, of how deep they are nested.
HOLDS_NOT = (WebAuthnException, ValueError, LookupError, TypeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the browser is: a passkey is bound to the name, and its answers to the whole origin."""

    name: str
    origin: str

    @property
    def able(self) -> bool:
        """Whether passkeys work here: browsers bind them to names, never to an address of numbers."""
        try:
            ip_address(self.name.strip("[]"))
        except ValueError:
            return True
        return False


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that was just made."""

    credential: bytes
    public_key: bytes
    count: int


def site(request: HttpRequest) -> Site:
    """The site as the browser named it; Django has checked the name against ALLOWED_HOSTS."""
    host = request.get_host()
    return Site(host.rsplit(":", 1)[0] if not host.endswith("]") else host, f"{request.scheme}://{host}")


def making(where: Site, user_id: int, username: str, known: Iterable[bytes]) -> tuple[str, bytes]:
    """What to ask the browser for a new passkey (JSON), and the challenge to keep. `known` are not made twice."""
    asked = webauthn.generate_registration_options(
        rp_id=where.name,
        rp_name="2912345",
        user_name=username,
        user_id=user_id.to_bytes(8, "big"),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return webauthn.options_to_json(asked), asked.challenge


def made(answer: str, where: Site, challenge: bytes) -> Made | None:
    """The passkey in a browser's answer, or None when the answer does not hold."""
    try:
        found = webauthn.verify_registration_response(
            credential=_json(answer),
            expected_challenge=challenge,
            expected_rp_id=where.name,
            expected_origin=where.origin,
        )
    except HOLDS_NOT:
        return None
    return Made(found.credential_id, found.credential_public_key, found.sign_count)


def asking(where: Site, known: Iterable[bytes]) -> tuple[str, bytes]:
    """What to ask the browser to prove one of the known passkeys (JSON), and the challenge to keep."""
    allowed = [PublicKeyCredentialDescriptor(id=one) for one in known]
    asked = webauthn.generate_authentication_options(rp_id=where.name, allow_credentials=allowed)
    return webauthn.options_to_json(asked), asked.challenge


def asserted(
    answer: str, where: Site, challenge: bytes, public_key: bytes, credential: bytes, count: int
) -> int | None:
    """The passkey's new count when the answer is this passkey's for this challenge and site, or None."""
    try:
        given = _json(answer)
        if base64url_to_bytes(str(given["rawId"])) != credential:
            return None
        found = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=where.name,
            expected_origin=where.origin,
            credential_public_key=public_key,
            credential_current_sign_count=count,
        )
    except HOLDS_NOT:
        return None
    return found.new_sign_count


def _json(answer: str) -> dict[str, Any]:
    given = json.loads(answer)
    if not isinstance(given, dict):
        raise ValueError("no credential")
    return given
