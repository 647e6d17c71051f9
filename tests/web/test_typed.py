"""What is typed into a line stays in the form: no browser keeps it for the next one who sits at the same computer."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.stage import acknowledged, signed_in

pytestmark = pytest.mark.django_db
LINES = ("text", "tel", "email", "number", "date", "datetime-local", "search", "url", "password")


def kept(page: str) -> dict[str, str]:
    """The lines of a page that somebody types into, by name, each with what it tells the browser; empty for nothing."""
    found = {}
    for one in re.findall(r"<input\b[^>]*>", page):
        said = dict(re.findall(r'([a-z-]+)="([^"]*)"', one))
        if said.get("type", "text") in LINES and "name" in said:
            found[said["name"]] = said.get("autocomplete", "")
    return found


def test_no_line_that_is_typed_on_a_shared_computer_is_offered_to_the_next_one() -> None:
    case = acknowledged()
    pages = [
        *(("lin", reverse("new_call")), ("ding", reverse("report_concern")), ("zhou", reverse("receive_request"))),
        *(("zhou", reverse("tell", args=[case.reference])), ("lin", reverse("search"))),
    ]
    for name, address in pages:
        lines = kept(signed_in(name).get(address).content.decode())
        assert lines and set(lines.values()) == {"off"}, (address, {one for one in lines if lines[one] != "off"})
    assert {"name", "contact", "caller_number"} <= kept(
        signed_in("lin").get(reverse("new_call")).content.decode()
    ).keys()
    entry = kept(Client(HTTP_HOST="127.0.0.1").get(reverse("sign_in")).content.decode())
    assert entry == {"username": "username", "password": "current-password"}, "one's own, as its manager keeps it"
