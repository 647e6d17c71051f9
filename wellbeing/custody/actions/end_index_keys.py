"""Destroy the index keys of quarters that have passed: nothing links the calls of that time again (SECURITY 2.6)."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.vault.blind_index import name
from wellbeing.vault.named import any_before, destroy_before


def passed(before: str) -> bool:
    """Whether a key of callers' numbers stands of a quarter before this one."""
    return any_before(name("phone"), before)


@action(P.INDEX_KEYS_END)
def end_index_keys(*, actor: Actor, before: str) -> Outcome[int]:
    """Of callers' numbers, those of quarters before this one (`2026Q3`); how many."""
    ended = destroy_before(name("phone"), before)
    return Outcome(ended, stream=SYSTEM_STREAM, facts={"keys": ended})
