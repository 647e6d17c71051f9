"""A state machine is a table that checks itself."""

from __future__ import annotations

import pytest

from cases.flow import CASE
from cases.leave import LEAVE
from referrals.flow import REFERRAL
from wellbeing.flow import Flow, Step, WrongState

STEPS = (Step("a", "go", "b"), Step("b", "end", "c"))


def test_it_moves_by_its_table_alone() -> None:
    flow = Flow("f", initial="a", final=["c"], steps=STEPS)
    assert (flow.next("a", "go"), flow.actions("a"), flow.allows("b", "go")) == ("b", ("go",), False)
    for state, action in (("c", "go"), ("b", "go"), ("nowhere", "go"), ("a", "nothing")):
        with pytest.raises(WrongState):
            flow.next(state, action)
    assert "a --> b: go" in flow.mermaid()


def test_it_refuses_a_table_with_holes() -> None:
    with pytest.raises(ValueError, match="twice"):
        Flow("f", initial="a", final=["c"], steps=(*STEPS, Step("a", "go", "c")))
    with pytest.raises(ValueError, match="leads to"):
        Flow("f", initial="a", final=["c", "d"], steps=STEPS)
    with pytest.raises(ValueError, match="out of"):
        Flow("f", initial="a", final=["c"], steps=(*STEPS, Step("a", "lose", "d")))


@pytest.mark.parametrize("flow", [CASE, REFERRAL, LEAVE], ids=lambda flow: flow.name)
def test_no_final_state_moves_on(flow: Flow) -> None:
    assert [flow.actions(state) for state in flow.final] == [()] * len(flow.final)
