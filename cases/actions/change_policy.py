"""Change the policy: a new version, effective from a moment. No version is ever changed or taken away."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.models import PolicyVersion
from cases.policy import Policy
from cases.policy_change import changes, digest
from cases.policy_faults import faults
from cases.policy_fields import PolicyField
from wellbeing.access.actor import Actor, memory
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.desks import bureau_desk
from wellbeing.workdays import now

POLICY_STREAM = UUID("00000000-0000-7000-8000-000000000002")

NOTHING = gettext_noop("Nothing differs from the newest version.")


@action(P.POLICY_CHANGE, fresh=True)
def change_policy(
    *, actor: Actor, policy: Policy, effective_from: datetime | None, because: str, previewed: str
) -> Outcome[PolicyVersion]:
    """Add a version that begins at `effective_from`, or at once. Clocks that run keep the version they started under.

    `previewed` is the digest (policy_change.digest) of what the administrator saw. Raises Invalid with every reason
    for a policy with faults, one that changes nothing, one without a reason, and one that was not previewed so.
    """
    if bureau_desk().pk not in actor.desks:
        raise Forbidden
    # One change at a time; readers and the keys that point here do not wait.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases_policyversion'))")
    at, newest = now(), PolicyVersion.newest()
    _refuse(policy, effective_from, at)
    if not because.strip():
        raise Invalid("because", _("Say why: those who work by it will ask."))
    changed = changes(newest.policy(), policy)
    if not changed and newest.effective_from <= at:
        raise Invalid("policy", _(NOTHING))
    if previewed != digest(policy, effective_from, newest.number):
        raise Invalid("previewed", _("This is not what the preview showed. Look at the preview again."))
    made = PolicyVersion.objects.create(
        number=newest.number + 1,
        effective_from=effective_from or at,
        body=policy.to_json(),
        made_by_id=actor.person,
        made_at=at,
        because=because.strip(),
    )
    memory().clear()
    facts = {
        "version": made.number,
        "after": newest.number,
        "effective_from": made.effective_from,
        "fields": sorted({PolicyField(change.name) for change in changed}),
    }
    return Outcome(made, stream=POLICY_STREAM, facts=facts)


def _refuse(policy: Policy, effective_from: datetime | None, at: datetime) -> None:
    found = faults(policy, effective_from=effective_from, at=at)
    if found:
        raise Invalid(found[0].where, "\n".join(_(fault.text) % fault.values for fault in found))
