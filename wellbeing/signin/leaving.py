"""What somebody owes before she signs out: said by the apps above, which know what a shift leaves open."""

from __future__ import annotations

from collections.abc import Callable

from wellbeing.access.actor import Actor

Owed = Callable[[Actor], str]  # the route to go to first; empty for none
_OWED: list[Owed] = []


def first(asked: Owed) -> Owed:
    """Ask this at every sign-out, under the identity of who leaves."""
    _OWED.append(asked)
    return asked


def owed(actor: Actor) -> str:
    """The route of the first thing that is owed; empty where nothing is."""
    return next((route for asked in _OWED if (route := asked(actor))), "")
