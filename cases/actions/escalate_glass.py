"""An opening that nobody has reviewed in time goes up: to the bureau, then to the security administrator."""

from datetime import timedelta

from cases.glass import level
from cases.models import BreakGlass, PolicyVersion
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.models import Role
from wellbeing.people.telling import tell_desks
from wellbeing.workdays import now

UP = {1: (Role.EDUCATION_ADMIN,), 2: (Role.EDUCATION_ADMIN, Role.SECURITY_ADMIN)}


@action(P.GLASS_ESCALATE)
def escalate_glass(*, actor: Actor, glass: BreakGlass) -> Outcome[int]:
    """Bring an opening to the level of its age, each level told once. Returns the level."""
    row = BreakGlass.objects.select_for_update().get(pk=glass.pk)
    review = timedelta(hours=PolicyVersion.current().policy().glass_review_hours)
    reached = level(row.at, now(), review=review) if row.reviewed_at is None else row.level
    for step in range(row.level + 1, reached + 1):
        tell_desks(*UP[step], kind="glass_late", target="glass", key=f"{row.pk}:{step}")
    row.level = max(row.level, reached)
    row.save(update_fields=["level"])
    return Outcome(row.level, stream=row.case_id, facts={"level": row.level, "glass": row.pk})
