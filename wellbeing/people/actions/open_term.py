"""Open a term: every school gets its return, with what it reported last for a start."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.actions._lines import lines_of, rows
from wellbeing.people.actions._moving import one_at_a_time
from wellbeing.people.flow import COUNTED
from wellbeing.people.models import ReturnedTeacher, School, StaffingReturn, Term
from wellbeing.workdays import now

LONGEST = 366  # days; a slip in the year


@action(P.TERM_OPEN)
def open_term(*, actor: Actor, name: str, first_day: date, last_day: date) -> Outcome[Term]:
    """Make the term and a draft for every school that was not merged into another. Raises Invalid: days that cannot
    be, a name or days that another term has."""
    one_at_a_time()
    if not name.strip():
        raise Invalid("name", _("Give the term a name."))
    if last_day <= first_day:
        raise Invalid("last_day", _("The term must end after it begins."))
    if (last_day - first_day).days > LONGEST:
        raise Invalid("last_day", _("A term is at most a year long."))
    clash = Term.objects.filter(first_day__lte=last_day, last_day__gte=first_day).first()
    if clash is not None:
        raise Invalid("first_day", _("These days overlap with the term %(term)s.") % {"term": clash.name})
    if Term.objects.filter(name=name.strip()).exists():
        raise Invalid("name", _("Another term has this name."))
    at = now()
    term = Term.objects.create(name=name.strip(), first_day=first_day, last_day=last_day, opened_at=at)
    last = _last_returns(term)
    merged = {one.school_id for one in last.values() if one.merged_into_id}
    schools = School.objects.exclude(pk__in=merged).select_related("organisation").order_by("pk")
    drafts = StaffingReturn.objects.bulk_create(
        StaffingReturn(
            term=term,
            school=school,
            division_id=school.organisation.division_id,
            stage=school.stage,
            enrolment=school.enrolment,
            boarding=school.boarding,
            moved_at=at,
            moved_by_id=actor.id,
        )
        for school in schools
    )
    ReturnedTeacher.objects.bulk_create(
        row for draft in drafts if draft.school_id in last for row in rows(draft, lines_of(last[draft.school_id]))
    )
    return Outcome(term, stream=term.pk, facts={"term": term.pk, "schools": len(drafts)})


def _last_returns(term: Term) -> dict[UUID, StaffingReturn]:
    """Each school's newest return that counted, from the terms before."""
    newest = StaffingReturn.objects.filter(term__first_day__lt=term.first_day, state__in=COUNTED)
    found = newest.order_by("school_id", "-term__first_day").distinct("school_id")
    return {one.school_id: one for one in found}
