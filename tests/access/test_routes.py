"""Who may enter a page: a post for the page, a grant for what is on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, path

from tests.stage import actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import allowed, may, may_enter
from wellbeing.access.proof import Proof
from wellbeing.access.rights import RIGHTS
from wellbeing.access.routes import open_to_all, requires, routes

pytestmark = pytest.mark.django_db


def test_a_page_is_for_a_post_and_what_is_on_it_for_a_grant() -> None:
    """`may_enter` asks for the post alone, where an object decides the rest; `allowed` decides many at once."""
    case, lin, zhou, ticker = call(), actor("lin"), actor("zhou"), Actor.machine("ticker")
    asked = (P.FILE_READ, P.WARNING_ACKNOWLEDGE, P.CALL_TAKE, P.HOME_SEE, P.TRANSFER_ASK, P.WARNING_ESCALATE)
    found = {}
    for who in (lin, zhou, actor("ye"), actor("mallory"), ticker):
        with identity(who):
            assert allowed(who, asked, case) == {one for one in asked if may(who, one, case)}
            found[who.name] = [[may_enter(who, one), may(who, one), may(who, one, case)] for one in asked]
    yes, no, enters = [True] * 3, [False] * 3, [True, False, False]
    assert found == {
        lin.name: [[True, False, True], no, yes, yes, no, no],
        zhou.name: [[True, False, True], [True, False, True], no, yes, [True, False, True], no],
        actor("ye").name: [enters, enters, no, yes, enters, no],
        actor("mallory").name: [no, no, no, yes, no, no],
        ticker.name: [no, no, no, no, no, yes],
    }
    own = {P.HOME_SEE, P.INBOX_SEE, P.ACCOUNT_KEEP, P.ABSENCE_TAKE, P.API_READ}
    assert {one for one in P if RIGHTS[one].signed_in} == own


def test_a_route_says_who_may_enter_it() -> None:
    def view(request: Any) -> None: ...

    def declared(made: Any) -> tuple[Any, ...]:
        return made.permission, made.quiet, getattr(made, "proof", None)

    assert declared(requires(P.CASE_LIST)(view)) == (P.CASE_LIST, False, Proof.SECOND)
    assert declared(requires(P.CASE_LIST, quiet=True, fresh=True)(view)) == (P.CASE_LIST, True, Proof.FRESH)
    assert declared(requires(P.ACCOUNT_KEEP, proof=Proof.PASSWORD)(view)) == (P.ACCOUNT_KEEP, False, Proof.PASSWORD)
    assert declared(open_to_all(view))[:2] == (None, True)
    inner = ([path("b/<int:n>/", view, name="b")], "inner")
    root = URLResolver(path("x/", view).pattern, [path("a/", view), path("in/", (inner[0], "inner", "inner"))])
    assert [(at, type(one)) for at, one in routes(root)] == [("a/", URLPattern), ("in/b/<int:n>/", URLPattern)]
