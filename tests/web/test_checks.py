"""What `check --deploy` refuses of the house: asked as an operator asks it, with a fault planted in each setting."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = {
    "nothing": ({}, ""),
    "the invented city": ({"DEMO": "1"}, "web.E001"),
    "any name of the site": ({"ALLOWED_HOSTS": "*"}, "web.E002"),
    "a role above all walls": ({"SUPERUSER_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}, "web.E003"),
    "nowhere to note what was erased": ({"ERASURE_JOURNAL": ""}, "web.E004"),
    "no root key": ({"ROOT_KEY_FILE": "/nowhere"}, "vault.E001"),
    "a root key for development": (
        {"ROOT_KEY_PROVIDER": "wellbeing.vault.providers.env.EnvProvider", "ROOT_KEY": "0" * 64},
        "vault.E001",
    ),
    "no key of the audit": ({"AUDIT_KEY_FILE": "/nowhere"}, "audit.E002"),
    "a password for a second factor": (
        {"OIDC_DISCOVERY_URL": "https://sso.example/", "OIDC_SECOND_FACTOR": "mfa,pwd"},
        "signin.E008",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_deployment_is_refused_for(name: str, tmp_path: Path) -> None:
    planted, fault = FAULTS[name]
    key = tmp_path / "key"
    key.write_text("5a" * 32)
    key.chmod(0o400)
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "wellbeing.settings"}
    env |= {"SECRET_KEY": "".join(map(chr, range(48, 122))), "BROKER_URL": "redis://127.0.0.1:1/0"}
    env |= {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "ROOT_KEY_FILE": str(key)}
    env |= {"AUDIT_KEY_FILE": str(key), "ERASURE_JOURNAL": str(tmp_path / "journal"), **planted}
    asked = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(asked, env=env, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert (done.returncode != 0) == bool(fault) and fault in done.stderr, done.stderr
