"""What somebody owes before she signs out, and what she is asked for when she signs in because she went without: said
by the apps above, which know what a shift leaves open."""

from __future__ import annotations

from collections.abc import Callable

from wellbeing.access.actor import Actor

Owed = Callable[[Actor], str]  # the route to go to first; empty for none
Missed = Callable[[Actor], tuple[str, str] | None]  # the route to go to, and why; None for nothing
_OWED: list[Owed] = []
_MISSED: list[Missed] = []


def first(asked: Owed) -> Owed:
    """Ask this at every sign-out, under the identity of who leaves."""
    _OWED.append(asked)
    return asked


def left(asked: Missed) -> Missed:
    """Ask this at every sign-in, under the identity of who comes: an idle session and a closed browser ask nothing."""
    _MISSED.append(asked)
    return asked


def missed(actor: Actor) -> tuple[str, str] | None:
    """The route of the first thing that was left open, and why; None where nothing was."""
    return next((found for asked in _MISSED if (found := asked(actor))), None)


def owed(actor: Actor) -> str:
    """The route of the first thing that is owed; empty where nothing is."""
    return next((route for asked in _OWED if (route := asked(actor))), "")
