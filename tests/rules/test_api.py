"""The API and the registry: every action is an act of the API or stands in a table with the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

import wellbeing.urls  # noqa: F401  every page, and so every action, is known then
from tests.rules.test_matrix import ACTIONS
from wellbeing.access.rights import RIGHTS
from wellbeing.access.routes import routes
from wellbeing.action import REGISTRY
from wellbeing.api.acts import acts
from wellbeing.api.catalogue import endpoints
from wellbeing.api.not_offered import NOT_OFFERED, WHY_TEXT, Why
from wellbeing.api.scopes import AREAS, SCOPES, scope_of


def named(thing: Any, deep: int = 3) -> Iterator[str]:
    """Every name that a function's code mentions, its closure and the functions of its module besides."""
    if not isinstance(thing, FunctionType) or deep < 0:
        return
    yield thing.__name__
    yield from mentioned(thing.__code__)
    for cell in thing.__closure__ or ():
        yield from named(cell.cell_contents, deep - 1)
    for name in mentioned(thing.__code__):
        yield from named(thing.__globals__.get(name), deep - 1)


def mentioned(code: CodeType) -> list[str]:
    inner = [name for one in code.co_consts if isinstance(one, CodeType) for name in mentioned(one)]
    return [*code.co_names, *inner]


def test_acts_and_what_is_not_offered_are_the_whole_registry() -> None:
    offered = {name for act in acts().values() for name in act.performs}
    assert offered | set(NOT_OFFERED) == set(REGISTRY)
    assert offered & set(NOT_OFFERED) == set()
    assert set(NOT_OFFERED.values()) == set(Why) == set(WHY_TEXT)


def test_an_act_does_what_it_says_under_the_permission_of_its_action() -> None:
    for act in acts().values():
        known = set(named(act.offer.perform))
        for name in act.performs:
            assert name in known, f"{act.name} never calls {name}"
        if act.name != "emergency":  # its page is for whoever opens a channel
            assert {REGISTRY[name].permission for name in act.performs} == {act.offer.permission}, act.name


def test_a_reason_is_true() -> None:
    machines = {
        name
        for name, action in REGISTRY.items()
        if not (RIGHTS[action.permission].roles or RIGHTS[action.permission].signed_in)
    }
    assert {name for name, why in NOT_OFFERED.items() if why == Why.MACHINE} == machines
    assert all(ACTIONS[name] == set() for name in machines)
    fresh = {
        str(route.name)
        for _address, route in routes()
        if getattr(getattr(route.callback, "proof", None), "value", "") == "fresh"
    }
    kept = {name for name, why in NOT_OFFERED.items() if why in (Why.FRESH, Why.SELF, Why.NUMBER)}
    assert not fresh & set(acts()) and (fresh & set(REGISTRY)) <= kept


def test_every_page_of_an_action_is_found_and_every_address_has_a_scope() -> None:
    pages = {str(route.name) for _address, route in routes() if hasattr(route.callback, "offer")}
    assert pages <= set(acts()) | set(NOT_OFFERED)
    assert {one.permission.split(":")[0] for one in endpoints()} - set(AREAS) == {"api"}
    assert {scope_of(one.permission, writes=one.writes) for one in endpoints()} == {"", *SCOPES}
    assert [one.name for one in endpoints() if one.permission.startswith("api:")] == ["api_token"]
