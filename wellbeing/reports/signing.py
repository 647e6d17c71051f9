"""Sign and verify the daily file: Ed25519 over its manifest, which names the hash of every other file.

The private key is a PEM file (PKCS 8) named by PLATFORM_KEY_FILE and readable by its owner alone; the platform holds
the public one. Anybody can verify with openssl too (docs/data-platform.md).
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.core.exceptions import ImproperlyConfigured

from wellbeing.reports import platform

MANIFEST, SIGNATURE, FIGURES, SCHEMA = "manifest.json", "manifest.sig", "figures.csv", "schema.json"


class NotGenuine(Exception):
    """A file is not what was signed; says which one."""


def private_key(path: str) -> Ed25519PrivateKey:
    """The key of a file. ImproperlyConfigured for one that is missing, open to others or of another kind."""
    try:
        with Path(path or "/nonexistent").open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            key = load_pem_private_key(file.read(4096), password=None)
    except (OSError, ValueError, TypeError):
        raise ImproperlyConfigured("PLATFORM_KEY_FILE names no readable Ed25519 key.") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ImproperlyConfigured("The platform's key file must be readable by its owner alone (chmod 400).")
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured("PLATFORM_KEY_FILE names no readable Ed25519 key.")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """The public half, for the platform."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def signed(day: date, contents: dict[str, bytes], rows: int, key: Ed25519PrivateKey) -> dict[str, bytes]:
    """The contents with their manifest and its signature."""
    manifest = {
        "format": platform.FORMAT,
        "day": day.isoformat(),
        "rows": rows,
        "sha256": {name: hashlib.sha256(text).hexdigest() for name, text in contents.items()},
    }
    said = json.dumps(manifest, sort_keys=True, indent=1).encode() + b"\n"
    return {**contents, MANIFEST: said, SIGNATURE: key.sign(said)}


def verify(folder: Path, public: bytes) -> dict[str, Any]:
    """The manifest of a day's folder, once signature, hashes and every row have been checked. Raises NotGenuine, and
    platform.Refused for a file that should never have been signed."""
    key = load_pem_public_key(public)
    if not isinstance(key, Ed25519PublicKey):
        raise NotGenuine("the public key is no Ed25519 key")
    try:
        said = (folder / MANIFEST).read_bytes()
        key.verify((folder / SIGNATURE).read_bytes(), said)
        manifest: dict[str, Any] = json.loads(said)
        texts = {name: (folder / name).read_bytes() for name in (FIGURES, SCHEMA)}
    except (OSError, InvalidSignature):
        raise NotGenuine(MANIFEST) from None
    for name, text in texts.items():
        if manifest["sha256"].get(name) != hashlib.sha256(text).hexdigest():
            raise NotGenuine(name)
    divisions = json.loads(texts[SCHEMA])["properties"]["division"]["enum"]
    platform.check(platform.from_csv(texts[FIGURES]), date.fromisoformat(manifest["day"]), divisions)
    return manifest
