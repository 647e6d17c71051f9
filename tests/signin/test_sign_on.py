"""The government's sign-on against a real provider on the loopback: only a bound subject comes in, and no further than
it has shown."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.signin.people import browser, code_of, confirm, give_password, set_up_app
from wellbeing.local.processes import end, free_port, spawn, wait_until
from wellbeing.people.models import User
from wellbeing.signin.models import Binding

USERS = [
    {"sub": "gov-lin"},
    {"sub": "gov-chen", "amr": ["pwd", "mfa"]},
    {"sub": "gov-stranger", "preferred_username": "zhou", "email": "zhou@example"},
]


@pytest.fixture
def provider(tmp_path: Path, settings: Any) -> Iterator[str]:
    """An OpenID provider in a process of its own; the product is told of it as an operator would."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    command += [word for user in USERS for word in ("--user-claims", json.dumps(user))]
    process: subprocess.Popen[bytes] = spawn(command, log=tmp_path / "provider.log", env={"PATH": "/usr/bin"}, cwd="/")
    address = f"http://127.0.0.1:{port}"
    settings.OIDC_DISCOVERY_URL = f"{address}/.well-known/openid-configuration"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "wellbeing", "a secret of the tests"
    settings.SECOND_FACTOR = "required"
    try:
        wait_until(
            lambda: _answers(settings.OIDC_DISCOVERY_URL),
            process,
            seconds=30,
            what="provider",
            log=tmp_path / "provider.log",
        )
        yield address
    finally:
        end(process)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2)
    except OSError:
        return False
    return True


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


def come_by(client: Client, subject: str, *, tamper: str = "") -> Any:
    """Go to the provider as the browser would, sign in there, and come back with what it gives."""
    away = client.get(reverse("sign_on_go"))["Location"]
    assert "code_challenge_method=S256" in away and "nonce=" in away and "state=" in away
    form = urllib.parse.urlencode({"sub": subject}).encode()
    try:
        urllib.request.build_opener(_Stay).open(urllib.request.Request(away, data=form), timeout=5)
        raise AssertionError("the provider leads nowhere")
    except urllib.error.HTTPError as redirect:
        back = redirect.headers["Location"]
    path = urllib.parse.urlsplit(back)
    query = re.sub(rf"{tamper}=[^&]*", f"{tamper}=forged", path.query) if tamper else path.query
    return client.get(f"{path.path}?{query}")


def bind(name: str, subject: str) -> tuple[Client, str]:
    client = browser()
    give_password(client, name)
    secret, _codes = set_up_app(client)
    assert reverse("sign_on_go") in client.post(reverse("bind_sign_on")).content.decode()
    assert come_by(client, subject)["Location"] == reverse("account")
    return client, secret


def test_only_a_bound_subject_comes_in_and_shows_the_second_factor(db: None, provider: str, wait: Any) -> None:
    before = User.objects.count()
    for subject in ("gov-stranger", "gov-lin"):
        stranger = browser()
        assert come_by(stranger, subject)["Location"] == reverse("sign_in")
        assert stranger.get(reverse("home"))["Location"] == reverse("sign_in")
    assert User.objects.count() == before  # nobody is made

    _client, secret = bind("lin", "gov-lin")
    lin = browser()
    assert come_by(lin, "gov-lin")["Location"] == reverse("home")
    assert lin.get(reverse("case_list"))["Location"] == reverse("confirm")  # it was only a password there
    wait(seconds=30)
    assert confirm(lin, code_of(secret)).status_code == 302
    assert lin.get(reverse("case_list")).status_code == 200

    bind("chen", "gov-chen")
    chen = browser()
    come_by(chen, "gov-chen")
    assert chen.get(reverse("case_list")).status_code == 200  # the token says that more was shown there

    thief, _secret = bind("gao", "gov-lin")  # another's subject
    assert thief.get(reverse("account")).content.decode().count("已绑定") == 0


def test_a_forged_answer_signs_nobody_in(db: None, provider: str) -> None:
    bind("chen", "gov-chen")
    for tamper in ("state", "code"):
        client = browser()
        assert come_by(client, "gov-chen", tamper=tamper)["Location"] == reverse("sign_in")
        assert client.get(reverse("case_list"))["Location"] == reverse("sign_in")
    other = browser()
    assert other.get(f"{reverse('sign_on_back')}?code=1&state=2")["Location"] == reverse("sign_in")


def test_without_settings_there_is_none(db: None) -> None:
    client = browser()
    assert reverse("sign_on_go") not in client.get(reverse("sign_in")).content.decode()
    for name in ("sign_on_go", "sign_on_back"):
        assert client.get(reverse(name))["Location"] == reverse("sign_in")
    assert not Binding.objects.exists()
