"""A token of SoftHSM2 in a folder of its own, as a hospital's or a bureau's cryptographic machine would be."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from wellbeing.vault.providers import pkcs11 as hardware

PLACES = ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm", "/usr/local/lib/softhsm")  # fmt: skip
MODULE = next((f"{place}/libsofthsm2.so" for place in PLACES if Path(f"{place}/libsofthsm2.so").exists()), "")
PIN = "291234"


def token(folder: Path, settings: Any) -> None:
    """Make the token, and point the settings and the module at it; fails where deploy/softhsm.sh has not been run."""
    assert MODULE, "SoftHSM2 is missing: bash deploy/softhsm.sh"
    config, tokens, pin = folder / "softhsm2.conf", folder / "tokens", folder / "pin"
    tokens.mkdir()
    config.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    pin.write_text(PIN)
    pin.chmod(0o400)
    os.environ["SOFTHSM2_CONF"] = str(config)
    command = ["softhsm2-util", "--init-token", "--free", "--label", "wellbeing", "--pin", PIN, "--so-pin", "87654321"]
    subprocess.run(command, check=True, capture_output=True)
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN, settings.PKCS11_PIN_FILE = MODULE, "wellbeing", str(pin)
    hardware._session(anew=True)  # of this token, and not of an earlier test's in this process
