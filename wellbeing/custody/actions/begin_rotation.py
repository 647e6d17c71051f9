"""Begin a rotation of keys, or go on with the one of its kind that is under way (密钥轮换)."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.custody.reasons import WhyRotate
from wellbeing.vault import rotation
from wellbeing.vault.models import Rotation, RotationKind


@action(P.KEYS_ROTATE)
def begin_rotation(*, actor: Actor, kind: str, suite: int, why: WhyRotate) -> Outcome[Rotation]:
    """The rotation to go on with; `suite` is the byte of the suite that a new one brings (vault/suites.py)."""
    made, new = rotation.begin(RotationKind(kind), suite, rotation.clock())
    facts = {"kind": RotationKind(kind), "suite": made.suite, "rotation": made.pk, "new": new, "why": WhyRotate(why)}
    return Outcome(made, stream=SYSTEM_STREAM, facts=facts)
