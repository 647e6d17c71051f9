"""Named keys: found where they are, made where they may be, and kept in a process for ten minutes."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from wellbeing.access.actor import Actor, identity
from wellbeing.vault import named
from wellbeing.vault.models import NamedKey
from wellbeing.vault.named import destroy_before, existing_key, named_key
from wellbeing.vault.providers import KEEP_SECONDS, provider

MACHINE = Actor.machine("test")


def rows() -> list[tuple[str, str]]:
    with identity(MACHINE):
        return list(NamedKey.objects.filter(purpose__in=["a", "b"]).order_by("pk").values_list("purpose", "period"))


def test_a_key_is_one_for_its_purpose_and_period(committed: SimpleNamespace) -> None:
    made = {(purpose, period): named_key(purpose, period) for purpose in "ab" for period in ("", "2026Q3", "2026Q4")}
    assert rows() == list(made) and len(set(made.values())) == 6 and {len(one) for one in made.values()} == {32}
    named.forget()
    assert {(purpose, period): named_key(purpose, period) for purpose, period in made} == made
    named.forget()
    assert {(purpose, period): existing_key(purpose, period) for purpose, period in made} == made
    assert existing_key("b", "2026Q2") is existing_key("c", "") is None and rows() == list(made)
    with identity(MACHINE):
        assert (destroy_before("a", "2026Q4"), destroy_before("a", "2026Q4")) == (1, 0)
    assert rows() == [one for one in made if one != ("a", "2026Q3")]


def test_another_program_unwraps_a_named_key(committed: SimpleNamespace) -> None:
    """It is bound to purpose and period, a zero between them."""
    secret = named_key("a", "2026Q4")
    with identity(MACHINE):
        row = NamedKey.objects.get(purpose="a")
    assert provider().unwrap("named", b"a\x002026Q4", bytes(row.wrapped), row.root_version) == secret


def test_the_key_of_a_period_that_ended_is_not_made_again_by_who_still_held_it(
    committed: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = time.monotonic()
    monkeypatch.setattr(named.time, "monotonic", lambda: begin)
    secret = named_key("a", "2026Q3")
    with identity(MACHINE):
        assert destroy_before("a", "2026Q4") == 1
    monkeypatch.setattr(named.time, "monotonic", lambda: begin + KEEP_SECONDS - 1)
    assert existing_key("a", "2026Q3") == secret, "held for ten minutes, without a look at its row"
    monkeypatch.setattr(named.time, "monotonic", lambda: begin + KEEP_SECONDS)
    assert existing_key("a", "2026Q3") is None and rows() == []


def test_that_there_is_none_is_remembered_of_a_period_that_is_over(committed: SimpleNamespace) -> None:
    assert existing_key("a", "2026Q3", over=True) is None
    named_key("a", "2026Q3")
    named_key("b", "2026Q3")
    named_key("a", "2026Q4")
    assert existing_key("a", "2026Q3", over=True) is existing_key("a", "2026Q3") is None
    assert existing_key("b", "2026Q3", over=True) and existing_key("a", "2026Q4", over=True)
    named.forget()
    assert existing_key("a", "2026Q3", over=True)
