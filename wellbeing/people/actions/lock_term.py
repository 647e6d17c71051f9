"""Lock a term: what the counties confirmed stands, what they did not has lapsed, and nothing of it changes any more."""

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.actions._moving import one_at_a_time
from wellbeing.people.findings import findings
from wellbeing.people.flow import RETURN, SHUT, ReturnState
from wellbeing.people.models import School, StaffingReturn, Term
from wellbeing.workdays import now


@action(P.TERM_LOCK)
def lock_term(*, actor: Actor, term: Term, unconfirmed: int) -> Outcome[Term]:
    """Lock all returns of the term, again after an unlock. The register of schools follows what was confirmed.

    `unconfirmed` is how many returns the administrator saw that will lapse: Invalid when it is another number now.
    """
    held = Term.objects.select_for_update().filter(pk=term.pk).first()
    if held is None:
        raise Forbidden
    open_ones = StaffingReturn.objects.filter(term=held).exclude(state__in=SHUT).order_by("pk")
    left = list(open_ones.select_related("school").select_for_update(of=("self",)))
    one_at_a_time()  # after the rows, as every other action does: nobody waits for somebody who waits
    at = now()
    lapsing = sum(one.state != ReturnState.CONFIRMED for one in left)
    if lapsing != unconfirmed:
        text = _("%(n)s returns are not confirmed now; look at the list again.") % {"n": lapsing}
        raise Invalid("unconfirmed", text)
    if held.locked_at is None:
        held.locked_at = at
        held.save(update_fields=["locked_at"])
    for one in left:
        one.state, one.moved_at, one.moved_by_id = RETURN.next(one.state, "lock_term"), at, actor.id
    StaffingReturn.objects.bulk_update(left, ["state", "moved_at", "moved_by"])
    _keep_findings(held)
    locked = [one for one in left if one.state == ReturnState.LOCKED]
    for one in locked:
        one.school.stage, one.school.enrolment, one.school.boarding = one.stage, one.enrolment, one.boarding
    School.objects.bulk_update([one.school for one in locked], ["stage", "enrolment", "boarding"])
    facts = {"term": held.pk, "locked": len(locked), "lapsed": lapsing}
    return Outcome(held, stream=held.pk, facts=facts)


def _keep_findings(term: Term) -> None:
    """Note of each school whether it was short, for "since when"; of one that did not report, nothing is known."""
    found = findings(term, every=True)
    for short in (True, False):
        keys = [one.pk for one in found if one.state == ReturnState.LOCKED and bool(one.finding.missing) is short]
        StaffingReturn.objects.filter(pk__in=keys).update(short=short)
