"""What else ends where a file goes to another desk, said by the apps above: done in the transaction that moves it."""

from __future__ import annotations

from collections.abc import Callable

from cases.models import Case
from wellbeing.people.models import Desk, User

Stays = Callable[[Desk | User], bool]
Ends = Callable[[Case, Stays], object]
_ENDS: list[Ends] = []


def then(done: Ends) -> Ends:
    """Do this with every file that goes, for all holders but those who stay."""
    _ENDS.append(done)
    return done


def goes(case: Case, stays: Stays) -> None:
    """The file has gone: everything that was said to be done then."""
    for done in _ENDS:
        done(case, stays)
