"""A stand-in for the Transit engine of OpenBao and Vault: its documented HTTP interface, in a process of its own.

    python -m tests.vault.transit PORT TOKEN

Knows keys (create, read, rotate, configure), encrypt and decrypt with `associated_data` and `key_version`. Errors are
those of the documentation: 400 for what does not open or is not allowed, 403 for a wrong token, 404 for no such key.
"""

from __future__ import annotations

import json
import os
import sys
import time
from base64 import b64decode, b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEYS: dict[str, dict[str, Any]] = {}
ILL: dict[str, bytes] = {  # answers with 200 of whoever stands between
    "garbled": b'{"data": {"plaintext": "AAAA!"}}',
    "empty": b'{"data": {"plaintext": null}}',
    "bare": b'{"data": {}}',
    "listed": b'[{"data": {"plaintext": "AAAA"}}]',
    "words": b"<html>AAAA</html>",
    "silent": b"",
    "endless": json.dumps({"data": {"plaintext": "AAAA", "more": "x" * (1 << 20)}}).encode(),
}


class Refused(Exception):
    """An answer with errors."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


def create(name: str, given: dict[str, Any]) -> dict[str, Any] | None:
    key = {"type": "aes256-gcm96", "exportable": False, "derived": False, "allow_plaintext_backup": False} | given
    KEYS.setdefault(name, key | {"min_decryption_version": 1, "min_encryption_version": 0, "secrets": [os.urandom(32)]})
    return None


def read(key: dict[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in key.items() if name != "secrets"}
    latest = len(key["secrets"])
    kept = {str(number): int(time.time()) for number in range(key["min_decryption_version"], latest + 1)}
    return shown | {"keys": kept, "latest_version": latest, "min_available_version": 0, "supports_encryption": True}


def bound_to(key: dict[str, Any], given: dict[str, Any]) -> bytes:
    """The associated data; engines of before they were known pass over them (`old`, ours alone)."""
    return b"" if key.get("old") else b64decode(given.get("associated_data", ""))


def encrypt(key: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    latest = len(key["secrets"])
    version = int(given.get("key_version") or latest)
    if not max(key["min_encryption_version"], 1) <= version <= latest:
        raise Refused(400, "requested version for encryption is not allowed")
    nonce, bound = os.urandom(12), bound_to(key, given)
    sealed = nonce + AESGCM(key["secrets"][version - 1]).encrypt(nonce, b64decode(given["plaintext"]), bound)
    return {"ciphertext": f"vault:v{version}:{b64encode(sealed).decode()}", "key_version": version}


def decrypt(key: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    prefix, number, text = given["ciphertext"].split(":", 2)
    version, sealed = int(number.removeprefix("v")), b64decode(text)
    if prefix != "vault" or not key["min_decryption_version"] <= version <= len(key["secrets"]):
        raise Refused(400, "ciphertext or signature version is disallowed by policy (too old)")
    try:
        plain = AESGCM(key["secrets"][version - 1]).decrypt(sealed[:12], sealed[12:], bound_to(key, given))
    except (InvalidTag, ValueError):
        raise Refused(400, "cipher: message authentication failed") from None
    return {"plaintext": b64encode(plain).decode()}


class Engine(BaseHTTPRequestHandler):
    """/v1/transit/…, one request after the other."""

    protocol_version, token = "HTTP/1.1", ""

    def do_GET(self) -> None:
        self.answer({})

    def do_POST(self) -> None:
        self.answer(json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}"))

    def answer(self, given: dict[str, Any]) -> None:
        try:
            said = {"data": self.done(given)}
            status = 200 if said["data"] is not None else 204
        except Refused as refused:
            status, said = refused.status, {"errors": [str(refused)]}  # type: ignore[dict-item]
        # ours alone: whoever stands between, and says so, or garbles what was said
        ill = KEYS.get(self.path.split("/")[4], {}).get("ill")
        if ill == "rude" and not self.path.endswith("/config"):
            self.close_connection = bool(self.wfile.write(b"AAAA\r\n\r\n"))
            return
        status = 503 if ill == "down" else 200 if ill in ILL else status
        body = b"" if status == 204 else ILL.get(ill or "", json.dumps(said).encode())
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def done(self, given: dict[str, Any]) -> dict[str, Any] | None:
        if self.headers.get("X-Vault-Token") != self.token:
            raise Refused(403, "permission denied")
        if self.headers.get("X-Vault-Request") != "true":  # as a listener with require_request_header
            raise Refused(412, "missing request header")
        verb, name, *more = self.path.removeprefix("/v1/transit/").split("/")
        if verb == "keys" and not more and self.command == "POST":
            return create(name, given)
        if name not in KEYS:
            raise Refused(404, "")
        key = KEYS[name]
        if verb == "keys" and more == ["rotate"]:
            key["secrets"].append(os.urandom(32))
            return None
        if verb == "keys" and more == ["config"]:
            key.update(given)
            return None
        found = {
            "keys": lambda: read(key),
            "encrypt": lambda: encrypt(key, given),
            "decrypt": lambda: decrypt(key, given),
        }
        if verb not in found:
            raise Refused(404, "")
        return found[verb]()

    def log_message(self, *_args: Any) -> None:
        """Nothing: what is asked holds keys."""


if __name__ == "__main__":
    Engine.token = sys.argv[2]
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Engine).serve_forever()
