"""The states of a case."""

from __future__ import annotations

from cases.flow import CASE


def test_raising_is_possible_from_every_open_state_of_a_case() -> None:
    assert [state for state in CASE.states if not CASE.allows(state, "raise_tier")] == ["closed"]
