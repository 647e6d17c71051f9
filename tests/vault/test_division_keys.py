"""Division keys: one per division whoever comes first, and none remembered that was never committed."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest

from wellbeing.access.actor import Actor, identity
from wellbeing.vault import keys

MACHINE = Actor.machine("test")


class Undone(Exception):
    """Rolls a transaction back."""


def test_a_division_key_that_was_rolled_back_is_forgotten(committed: SimpleNamespace) -> None:
    with pytest.raises(Undone), identity(MACHINE):
        keys.new_key("case", uuid4(), "330921")
        raise Undone
    with identity(MACHINE):
        keys.new_key("case", uuid4(), "330921")
