"""What `check --deploy` refuses of the house: asked as an operator asks it, with a fault planted in each setting. Starting
the product is all that it costs, so several faults are planted at once; each must be named, and nothing beside them. That
nothing is named where nothing is wrong is asked by `make check`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

# Each setting has its fault in one of the two halves, and is sound in the other: there it is not named.
FAULTS = {
    "one half": (
        ({"DEMO": "1"}, "web.E001"),  # the invented city
        ({"SUPERUSER_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}, "web.E003"),  # a role above all walls
        ({"ROOT_KEY_FILE": "/nowhere"}, "vault.E001"),
        ({"OIDC_DISCOVERY_URL": "https://sso.example/", "OIDC_SECOND_FACTOR": "mfa,pwd"}, "signin.E008"),
    ),
    "the other half": (
        ({"ALLOWED_HOSTS": "*"}, "web.E002"),
        ({"ERASURE_JOURNAL": ""}, "web.E004"),  # nowhere to note what was erased
        # a root key for development
        ({"ROOT_KEY_PROVIDER": "wellbeing.vault.providers.env.EnvProvider", "ROOT_KEY": "0" * 64}, "vault.E001"),
        ({"AUDIT_KEY_FILE": "/nowhere"}, "audit.E002"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_deployment_is_refused_for(name: str, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("5a" * 32)
    key.chmod(0o400)
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "wellbeing.settings"}
    env |= {"SECRET_KEY": "".join(map(chr, range(48, 122))), "BROKER_URL": "redis://127.0.0.1:1/0"}
    env |= {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "ROOT_KEY_FILE": str(key)}
    env |= {"AUDIT_KEY_FILE": str(key), "ERASURE_JOURNAL": str(tmp_path / "journal")}
    for planted, _fault in FAULTS[name]:
        env |= planted
    asked = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(asked, env=env, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    named = re.findall(r"^\S*: \((\w+\.\w+)\)", done.stderr, re.MULTILINE)
    assert sorted(named) == sorted(fault for _planted, fault in FAULTS[name]), done.stderr
    assert done.returncode != 0
