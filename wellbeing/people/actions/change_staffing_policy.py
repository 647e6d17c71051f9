"""Change the staffing policy: a new version, in force at once. No version is ever changed or taken away."""

from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.actions._moving import reason
from wellbeing.people.centre_items import YES_OR_NO, CentreItem
from wellbeing.people.models import StaffingPolicyVersion
from wellbeing.people.staffing_policy import NUMBERS, TARGET_MOST, StaffingPolicy, changed
from wellbeing.workdays import now

STAFFING_POLICY_STREAM = UUID("00000000-0000-7000-8000-000000000003")


@action(P.STAFFING_POLICY_CHANGE)
def change_staffing_policy(
    *, actor: Actor, policy: StaffingPolicy, because: str, filled_from: str | None = None
) -> Outcome[StaffingPolicyVersion]:
    """Add a version. A term that is locked keeps the one it was locked under. Raises Invalid by field, Newer when
    another version was added since the form was filled."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people_staffingpolicyversion'))")
    at, newest = now(), StaffingPolicyVersion.objects.latest()
    newest.written.still(filled_from, "change_staffing_policy")
    _refuse(policy, at.date())
    because = reason(because)
    names = changed(newest.policy(), policy)
    if not names:
        raise Invalid("because", _("Nothing differs from the version in force."))
    made = StaffingPolicyVersion.objects.create(
        number=newest.number + 1,
        effective_from=at,
        body=policy.to_json(),
        made_by_id=actor.person,
        because=because,
    )
    return Outcome(made, stream=STAFFING_POLICY_STREAM, facts={"version": made.number, "fields": len(names)})


def _refuse(policy: StaffingPolicy, today: date) -> None:
    for name, (_label, least, most) in NUMBERS.items():
        if not least <= getattr(policy, name) <= most:
            raise Invalid(name, _("Between %(least)s and %(most)s.") % {"least": least, "most": most})
    if date.fromisoformat(policy.plan_since) > today:
        raise Invalid("plan_since", _("The plan began before today."))
    for item in CentreItem:
        most = 1 if item in YES_OR_NO else TARGET_MOST
        if not 0 <= policy.targets[item] <= most:
            raise Invalid(item.value, _("Between %(least)s and %(most)s.") % {"least": 0, "most": most})
