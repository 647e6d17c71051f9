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
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from tests.signin.people import browser, code_of, confirm, give_password, set_up_app
from tests.stage import actor
from wellbeing.local.processes import end, free_port, spawn, wait_until
from wellbeing.people.actions import reset_second_factor
from wellbeing.people.models import User
from wellbeing.signin.models import Binding
from wellbeing.signin.sign_on import KEPT, _client

pytestmark = pytest.mark.xdist_group("sign-on")  # one provider for all of them
DISCOVERY = "/.well-known/openid-configuration"
USERS = [
    {"sub": "gov-lin"},
    {"sub": "gov-chen", "amr": ["pwd", "mfa"]},
    {"sub": "gov-su", "amr": ["mfa"], "auth_time": 1_700_000_000},
    {"sub": "gov-he", "amr": ["mfa"], "auth_time": None},
    {"sub": "gov-stranger", "preferred_username": "zhou", "email": "zhou@example"},
]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An OpenID provider in a process of its own: its address."""
    port, log = free_port(), tmp_path_factory.mktemp("provider") / "provider.log"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    command += [word for user in USERS for word in ("--user-claims", json.dumps(user))]
    process: subprocess.Popen[bytes] = spawn(command, log=log, env={"PATH": "/usr/bin"}, cwd="/")
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(address + DISCOVERY), process, seconds=120, what="provider", log=log)
        yield address
    finally:
        end(process)


@pytest.fixture
def provider(started: str, settings: Any) -> str:
    """The provider, of which the product is told as an operator would."""
    settings.OIDC_DISCOVERY_URL = started + DISCOVERY
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "wellbeing", "a secret of the tests"
    settings.SECOND_FACTOR = "required"
    return started


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
    assert "code_challenge_method=S256" in away and "nonce=" in away and "state=" in away and "prompt=login" in away
    form = urllib.parse.urlencode({"sub": subject}).encode()
    try:
        urllib.request.build_opener(_Stay).open(urllib.request.Request(away, data=form), timeout=30)
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

    # what somebody bound while she had chen's account in her hands goes with the factors that the administrator resets
    reset_second_factor(actor=actor("an"), account=User.objects.get(username="chen"), because="账号曾被他人使用")
    stranger = browser()
    assert come_by(stranger, "gov-chen")["Location"] == reverse("sign_in")
    assert stranger.get(reverse("case_list"))["Location"] == reverse("sign_in")
    assert come_by(browser(), "gov-lin")["Location"] == reverse("home"), "and nobody else's"


def test_what_was_shown_there_is_as_old_as_the_provider_says(db: None, provider: str) -> None:
    """Fresh when it was now; once per session when nobody says when; nothing when it was long ago."""
    for name, opens, renews in (("chen", True, True), ("he", True, False), ("su", False, False)):
        bind(name, f"gov-{name}")
        client = browser()
        come_by(client, f"gov-{name}")
        lists, factors = client.get(reverse("case_list")), client.get(reverse("second_factor"))
        for answer, enters in ((lists, opens), (factors, renews)):
            assert answer.status_code == (200 if enters else 302), name
            assert enters or answer["Location"] == reverse("confirm"), name


def test_a_token_that_the_provider_did_not_sign_is_none(provider: str) -> None:
    other = RSAKey.generate_key(2048, {"kid": "1"})
    at = int(time())
    claims = {"iss": provider, "sub": "gov-chen", "aud": "wellbeing", "nonce": "n", "iat": at, "exp": at + 60}
    signed = jwt.encode({"alg": "RS256"}, claims, other)
    for token in (signed, f"{signed.rsplit('.', 1)[0]}.", f"eyJhbGciOiJub25lIn0.{signed.split('.')[1]}."):
        with pytest.raises((JoseError, ValueError)):
            _client(settings.OIDC_DISCOVERY_URL).parse_id_token({"id_token": token}, nonce="n")


@contextmanager
def published() -> Iterator[tuple[str, dict[str, Any]]]:
    """What a provider says of itself, on the loopback: its address, and what stands there, to be changed."""
    said: dict[str, Any] = {}

    class Says(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(said[self.path.rpartition("/")[2]]).encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Says)
    address = f"http://127.0.0.1:{server.server_port}"
    said["discovery"] = {"issuer": address, "jwks_uri": f"{address}/keys"}
    Thread(target=server.serve_forever, daemon=True).start()
    yield address, said
    server.shutdown()
    server.server_close()


def test_what_the_provider_offers_besides_makes_no_unsigned_token_one() -> None:
    """Providers may offer `none` for this flow; and a key that one takes back counts for an hour and no longer."""
    first, second = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("1", "2"))
    at = int(time())
    with published() as (address, said):
        said["keys"] = {"keys": [first.as_dict(private=False)]}
        said["discovery"]["id_token_signing_alg_values_supported"] = ["none", "HS256", "RS256"]
        claims = {"iss": address, "sub": "gov-chen", "aud": "wellbeing", "nonce": "n", "iat": at, "exp": at + 60}
        client = _client(f"{address}/discovery")
        client.client_id = "wellbeing"

        def subject(token: str) -> Any:
            return client.parse_id_token({"id_token": token}, nonce="n")["sub"]

        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, first)
        assert subject(signed) == "gov-chen"
        _head, body, _signature = signed.split(".")
        for head in ({"alg": "none"}, {"alg": "none", "kid": "1"}, {"alg": "HS256"}):
            with pytest.raises(JoseError):
                subject(f"{urlsafe_b64encode(json.dumps(head).encode()).decode().rstrip('=')}.{body}.")
        for wrong in ({"aud": "another"}, {"iss": "https://another"}, {"nonce": "m"}, {"exp": at - 600}):
            with pytest.raises(JoseError):
                subject(jwt.encode({"alg": "RS256", "kid": "1"}, claims | wrong, first))
        said["keys"] = {"keys": [second.as_dict(private=False)]}
        client.server_metadata["_loaded_at"] -= KEPT + 60
        with pytest.raises(JoseError):
            subject(signed)
        assert subject(jwt.encode({"alg": "RS256", "kid": "2"}, claims, second)) == "gov-chen"


def test_a_forged_answer_signs_nobody_in(db: None, provider: str) -> None:
    bind("chen", "gov-chen")
    for tamper in ("state", "code"):
        client = browser()
        assert come_by(client, "gov-chen", tamper=tamper)["Location"] == reverse("sign_in")
        assert client.get(reverse("case_list"))["Location"] == reverse("sign_in")
    other = browser()
    assert other.get(f"{reverse('sign_on_back')}?code=1&state=2")["Location"] == reverse("sign_in")


def test_a_provider_that_does_not_answer_is_said_and_recorded(db: None, settings: Any, caplog: Any) -> None:
    settings.OIDC_DISCOVERY_URL = f"http://127.0.0.1:{free_port()}{DISCOVERY}"
    client = browser()
    assert client.get(reverse("sign_on_go"))["Location"] == reverse("sign_in")
    assert "暂无响应" in client.get(reverse("sign_in")).content.decode()
    assert [one.name for one in caplog.records if one.levelname == "ERROR"] == ["wellbeing.signin"]


def test_without_settings_there_is_none(db: None) -> None:
    client = browser()
    assert reverse("sign_on_go") not in client.get(reverse("sign_in")).content.decode()
    for name in ("sign_on_go", "sign_on_back"):
        assert client.get(reverse(name))["Location"] == reverse("sign_in")
    assert not Binding.objects.exists()
