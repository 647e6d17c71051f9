"""Strike an activity that was noted wrongly: it counts no more, and stays as a row."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden
from wellbeing.people.models import Role
from wellbeing.registers.models import Activity
from wellbeing.workdays import now


@action(P.ACTIVITY_NOTE)
def strike_activity(*, actor: Actor, activity: Activity) -> Outcome[Activity]:
    """A second strike, or one by another organisation, is Forbidden."""
    own = {post.organisation_id for post in actor.posts if post.role == Role.CITY_DUTY}
    if activity.struck_at or activity.organisation_id not in own:
        raise Forbidden
    activity.struck_at = now()
    activity.save(update_fields=["struck_at"])
    return Outcome(activity, stream=activity.pk, facts={"day": activity.held_on.toordinal()})
