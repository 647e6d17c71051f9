"""Pieces of the sign-in tests: a browser, the steps of a person in it, and the codes of her app."""

from __future__ import annotations

import re
from typing import Any

import pyotp
from django.test import Client
from django.urls import reverse

from wellbeing.demo.city import PASSWORD
from wellbeing.workdays import now


def browser(address: str = "10.0.0.1", **more: Any) -> Client:
    return Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR=address, **more)


def give_password(client: Client, name: str, password: str = PASSWORD) -> Any:
    return client.post(reverse("sign_in"), {"username": name, "password": password})


def code_of(secret: str, later: int = 0) -> str:
    """What the app shows now, or some steps of half a minute later."""
    return pyotp.TOTP(secret).at(int(now().timestamp()) + 30 * later)


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """Set up an authenticator app through its page: the secret, and the recovery codes that the next page shows."""
    page = client.get(reverse("set_up_totp")).content.decode()
    secret = re.search(r'key-letters">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    held = re.search(r'name="secret" value="([0-9a-f]+)"', page)[1]  # type: ignore[index]
    done = client.post(reverse("set_up_totp"), {"secret": held, "code": code_of(secret)}, follow=True)
    assert done.status_code == 200, done.content.decode()
    return secret, re.findall(r"<code>([A-Z2-9]{5}-[A-Z2-9]{5})</code>", done.content.decode())


def confirm(client: Client, code: str) -> Any:
    return client.post(reverse("confirm"), {"code": code})
