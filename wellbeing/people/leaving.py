"""What a post that ends leaves behind, said by the apps above: done in the transaction that ends it."""

from __future__ import annotations

from collections.abc import Callable

from wellbeing.people.models import Post

Leaves = Callable[[Post], object]
_LEAVES: list[Leaves] = []


def then(done: Leaves) -> Leaves:
    """Do this whenever a post has ended at once; one that ends by its date is the ticker's."""
    _LEAVES.append(done)
    return done


def leave(post: Post) -> None:
    """The post has ended: everything that was said to be done then."""
    for done in _LEAVES:
        done(post)
