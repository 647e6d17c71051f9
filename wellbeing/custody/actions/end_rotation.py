"""End a rotation: nothing is left to replace. The old keys still open until they are retired."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.errors import WrongState
from wellbeing.vault import rotation
from wellbeing.vault.models import Rotation, RotationKind


@action(P.KEYS_ROTATE)
def end_rotation(*, actor: Actor, begun: Rotation) -> Outcome[int]:
    """How many keys were replaced. WrongState while one is left that opens, and when it has ended before."""
    now = Rotation.objects.select_for_update().get(pk=begun.pk)
    held = rotation.unopened(now)
    if now.finished_at or rotation.left(now) > len(held):
        raise WrongState("finished" if now.finished_at else "under_way", "end_rotation")
    now.finished_at = rotation.clock()
    now.save(update_fields=["finished_at"])
    facts = {"kind": RotationKind(now.kind), "suite": now.suite, "rotation": now.pk, "keys": now.done}
    if held:
        facts["held"] = len(held)
    return Outcome(now.done, stream=SYSTEM_STREAM, facts=facts)
