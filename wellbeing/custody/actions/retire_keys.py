"""Destroy division keys that were replaced and on which nothing hangs; put on record how many data keys went before."""

from collections.abc import Sequence

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.custody.reasons import WhyRotate
from wellbeing.vault import rotation


@action(P.KEYS_RETIRE)
def retire_keys(*, actor: Actor, divisions: Sequence[int], data_keys: int, why: WhyRotate) -> Outcome[int]:
    """How many of these division keys were destroyed; one that is still in use stays."""
    ended = rotation.end_division_keys(divisions)
    facts = {"division_keys": ended, "in_use": len(divisions) - ended, "data_keys": data_keys, "why": WhyRotate(why)}
    return Outcome(ended, stream=SYSTEM_STREAM, facts=facts)
