"""What root keys have wrapped stays readable: from the text of each provider's format, by the library's own objects."""

from __future__ import annotations

import os
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core.exceptions import ImproperlyConfigured

from tests.vault.test_providers import root_file
from wellbeing.vault import providers
from wellbeing.vault.envelope import SealError
from wellbeing.vault.providers import newest, pkcs11, provider, transit
from wellbeing.vault.providers.env import EnvProvider
from wellbeing.vault.providers.file import FileProvider
from wellbeing.vault.suites import SM4GCM

TWO = f"{'ab' * 32}\n2:02:{'cd' * 32}"
SECRET = bytes(range(32))


def test_another_program_unwraps_what_a_root_key_of_ours_wrapped(settings: Any, tmp_path: Path) -> None:
    """Nonce, ciphertext, tag, under HKDF(root, salt `zx1/root`, info `wrap/PURPOSE` and a zero) in the version's suite."""
    for text, version, digest, cipher, size in (("ab" * 32, 1, SHA256(), AESGCM, 32), (TWO, 2, SM3(), SM4GCM, 16)):
        root_file(settings, tmp_path, text)
        made = FileProvider()
        number, wrapped = made.wrap("division", b"context", SECRET)
        root = bytes.fromhex(text[-64:])
        key = HKDF(digest, size, b"zx1/root", b"wrap/division\x00").derive(root)
        assert (number, cipher(key).decrypt(wrapped[:12], wrapped[12:], b"context")) == (version, SECRET)
    assert dict(made.versions) == {1: "AES-256-GCM, HKDF-SHA256", 2: "SM4-GCM, HKDF-SM3"}


def test_a_root_key_of_letters_large_and_small_is_one(settings: Any, tmp_path: Path) -> None:
    root_file(settings, tmp_path, "aB" * 32)
    _version, wrapped = FileProvider().wrap("division", b"", SECRET)
    root_file(settings, tmp_path, f"1:01:{'Ab' * 32}\n12:01:{'cd' * 32}\n999999:02:{'ef' * 32}")
    assert FileProvider().unwrap("division", b"", wrapped, 1) == SECRET
    assert list(FileProvider().versions) == [1, 12, 999_999]


def test_what_services_and_modules_bind_ends_the_purpose_where_it_ends() -> None:
    """The purpose with its length in two bytes before it, then the context; GCM with a whole tag."""
    bound = b"\x00\x08divisioncontext"
    assert b64decode(transit._bound("division", b"context")) == bound
    said = pkcs11._gcm(bytes(12), "division", b"context")["mechanism_param"]
    assert (said.nonce, said.aad, said.tag_bits) == (bytes(12), bound, 128)


def test_an_error_names_the_setting_whose_file_cannot_be_read(settings: Any) -> None:
    settings.ROOT_KEY_FILE = settings.TRANSIT_TOKEN_FILE = ""
    for made, name in ((FileProvider, "ROOT_KEY_FILE"), (transit.TransitProvider, "TRANSIT_TOKEN_FILE")):
        with pytest.raises(ImproperlyConfigured, match=f"^{name} names"):
            made()


def test_the_provider_is_the_one_that_settings_name_and_of_this_process(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root_file(settings, tmp_path, TWO)
    settings.DEBUG, settings.ROOT_KEY = True, "ef" * 32
    settings.ROOT_KEY_PROVIDER = "wellbeing.vault.providers.file.FileProvider"
    providers.forget()
    held = provider()
    assert provider() is held and newest() == 2
    settings.ROOT_KEY_PROVIDER = "wellbeing.vault.providers.env.EnvProvider"
    assert type(provider()) is EnvProvider and newest() == 1
    settings.ROOT_KEY_PROVIDER = "wellbeing.vault.providers.file.FileProvider"
    held, here = provider(), os.getpid()
    monkeypatch.setattr(providers.os, "getpid", lambda: here + 1)  # as after a fork
    assert provider() is not held
    settings.ROOT_KEY_FILE = str(tmp_path / "gone")
    assert provider(holding=3).unwrap("division", b"", held.wrap("division", b"", SECRET)[1], 2) == SECRET
    monkeypatch.setattr(providers.os, "getpid", lambda: here + 2)
    with pytest.raises(ImproperlyConfigured):  # of another process nothing is kept
        provider()
    with pytest.raises(SealError):
        held.unwrap("division", b"", b"", 2)
