"""A state machine is a table: from this state, by this action, to that state. Pure.

States are compared for equality and never by rank: a cancelled one is not "later" than one on its way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class WrongState(Exception):
    """The action is not possible in the present state; somebody was first, or the page was old (409).

    The door adds what it was tried on, and the page what was typed, so that the answer can show both.
    """

    def __init__(self, state: str, action: str) -> None:
        super().__init__(f"{action} is not possible in state {state}")
        self.state, self.action = state, action
        self.target: Any = None
        self.typed: list[tuple[Any, str]] = []


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table; `who` names the roles that take it (for the picture; access.policy decides), `stops` and
    `starts` the clocks that end and begin with it."""

    state: str
    action: str
    next: str
    who: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()


class Flow:
    """A table of steps with its first and last states. Checks itself when made: ValueError for a hole in it."""

    def __init__(self, name: str, *, initial: str, final: Iterable[str], steps: Iterable[Step]) -> None:
        self.name, self.initial, self.final, self.steps = name, initial, tuple(final), tuple(steps)
        self._steps = {(step.state, step.action): step for step in self.steps}
        if len(self._steps) != len(self.steps):
            raise ValueError(f"{name}: the same action stands twice in one state")
        order = [initial, *(s for step in self.steps for s in (step.state, step.next)), *self.final]
        self.states: tuple[str, ...] = tuple(dict.fromkeys(order))
        self._check()

    def step(self, state: str, action: str) -> Step:
        """The line of the table. Raises WrongState."""
        try:
            return self._steps[state, action]
        except KeyError:
            raise WrongState(state, action) from None

    def next(self, state: str, action: str) -> str:
        """The state after the action. Raises WrongState."""
        return self.step(state, action).next

    def allows(self, state: str, action: str) -> bool:
        """Whether the action is possible in the state."""
        return (state, action) in self._steps

    def actions(self, state: str) -> tuple[str, ...]:
        """What is possible in a state, in the order of the table."""
        return tuple(step.action for step in self.steps if step.state == state)

    def mermaid(self) -> str:
        """The picture, as a mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {step.state} --> {step.next}: {step.action}" for step in self.steps]
        lines += [f"    {state} --> [*]" for state in self.final]
        return "\n".join(lines)

    def _check(self) -> None:
        reached, edge = {self.initial}, [self.initial]
        while edge:
            state = edge.pop()
            new = {step.next for step in self.steps if step.state == state} - reached
            reached |= new
            edge += new
        lost = set(self.states) - reached
        if lost:
            raise ValueError(f"{self.name}: nothing leads to {sorted(lost)}")
        stuck = [state for state in self.states if state not in self.final and not self.actions(state)]
        if stuck:
            raise ValueError(f"{self.name}: nothing leads out of {stuck}")
