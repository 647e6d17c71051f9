"""What ends where an account is taken back out of other hands, said by the apps above: done in the transaction that
resets it."""

from __future__ import annotations

from collections.abc import Callable

from wellbeing.access.actor import Actor
from wellbeing.people.models import User

Ends = Callable[[Actor, User], object]
_ENDS: list[Ends] = []


def then(done: Ends) -> Ends:
    """Do this with every account that is reset, as whoever resets it."""
    _ENDS.append(done)
    return done


def regain(actor: Actor, account: User) -> None:
    """The account has been reset: everything that was said to be done then."""
    for done in _ENDS:
        done(actor, account)
