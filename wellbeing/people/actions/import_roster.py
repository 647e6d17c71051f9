"""Import a roster (师资花名册) into the drafts of a term: all of the file, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_noop

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, Newer, Written
from wellbeing.people.actions._lines import rows
from wellbeing.people.actions._moving import one_at_a_time
from wellbeing.people.findings import elsewhere
from wellbeing.people.flow import MAY_FILL
from wellbeing.people.models import ReturnedTeacher, StaffingPolicyVersion, StaffingReturn, Term, User
from wellbeing.people.returned import Standing, faults
from wellbeing.people.roster import BadRoster, CellFault, Roster, RosterSchool, read
from wellbeing.workdays import now

Counts = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many returns the file filled in, with how many teachers, and the headings of what was not read."""

    schools: int
    teachers: int
    unread: tuple[str, ...]


class Overwrites(Newer):
    """Others have written into returns that the file names since its page was opened: per school, what stands now and
    what the file says (pupils, teachers)."""

    def __init__(self, written: Written, schools: list[tuple[str, Counts, Counts]]) -> None:
        super().__init__("import_roster", written)
        self.schools = schools


@action(P.ROSTER_IMPORT)
def import_roster(
    *, actor: Actor, term: Term, content: bytes, name: str, filled_from: str | None = None
) -> Outcome[Imported]:
    """Fill in the returns of the schools that the file names; each school looks at its own and submits it.

    Raises Invalid("file", [sentences]) with every fault by its cell: a code that no school has or whose return the
    school has submitted, and whatever a form would refuse. The same file again writes the same again. `filled_from` is
    the moment at which the page was opened: Overwrites where somebody else has written into one of these returns since.
    """
    try:
        roster = read(content, name)
        schools = roster.schools
        found = StaffingReturn.objects.filter(term=term, school__organisation__code__in=schools).order_by("pk")
        related = ("school__organisation", "merged_into")
        returns = list(found.select_related(*related).select_for_update(of=("self",)))
        one_at_a_time()
        wrong = list(_faults(roster, {one.school.organisation.code: one for one in returns}, term))
        if wrong:
            raise BadRoster(wrong)
    except BadRoster as bad:
        raise Invalid("file", bad.lines()) from None
    _check_unwritten(actor, returns, schools, filled_from)
    at = now()
    for one in returns:
        values = schools[one.school.organisation.code].values
        one.stage, one.enrolment = values.get("stage", one.stage), values.get("enrolment", one.enrolment)
        one.boarding = values.get("boarding", one.boarding)
        one.moved_at, one.moved_by_id = at, actor.id
    StaffingReturn.objects.bulk_update(returns, ["stage", "enrolment", "boarding", "moved_at", "moved_by"], 500)
    ReturnedTeacher.objects.filter(staffing_return__in=returns).delete()
    lines = [row for one in returns for row in rows(one, schools[one.school.organisation.code].teachers)]
    ReturnedTeacher.objects.bulk_create(lines, 2000)
    done = Imported(len(returns), len(lines), tuple(roster.unread))
    return Outcome(done, stream=term.pk, facts={"term": term.pk, "schools": done.schools, "teachers": done.teachers})


def _check_unwritten(
    actor: Actor, returns: list[StaffingReturn], schools: dict[str, RosterSchool], filled_from: str | None
) -> None:
    """Raises Overwrites, see import_roster."""
    since = parse_datetime(filled_from or "")
    if since is None:
        return
    later = [one for one in returns if one.moved_at > since and one.moved_by_id not in (None, actor.person)]
    if not later:
        return
    later.sort(key=lambda one: one.moved_at)
    held = Counter(ReturnedTeacher.objects.filter(staffing_return__in=later).values_list("staffing_return", flat=True))
    rows = []
    for one in later:
        said = schools[one.school.organisation.code]
        mine = (said.values.get("enrolment", one.enrolment), len(said.teachers))
        rows.append((str(one.school.organisation), (one.enrolment, held[one.pk]), mine))
    newest = User.objects.filter(pk__in=[later[-1].moved_by_id]).first()
    raise Overwrites(Written.at_moment(later[-1].moved_at, newest), rows)


def _faults(roster: Roster, returns: dict[str, StaffingReturn], term: Term) -> Iterator[CellFault]:
    """What the city knows better than the file."""
    policy = StaffingPolicyVersion.at(now()).policy()
    numbers = [line.number for school in roster.schools.values() for line in school.teachers]
    outside = elsewhere(term.pk, numbers, but=[one.pk for one in returns.values()])
    inside = _inside(roster)
    for code, school in roster.schools.items():
        one = returns.get(code)
        if one is None:
            text = gettext_noop("No school of this term has this code.")
            yield CellFault(roster.place("school", school.row), text)
            continue
        if one.state not in MAY_FILL:
            text = gettext_noop("This school has submitted its return; it must be sent back first.")
            yield CellFault(roster.place("school", school.row), text)
        known = (one.school.organisation.name, one.school.organisation.name_en)
        if school.values.get("school_name", known[0]) not in known:
            text = gettext_noop("The school with this code has another name.")
            yield CellFault(roster.place("school_name", school.row), text)
        pupils = school.values.get("enrolment", one.enrolment)
        others = {n: _besides(n, code, outside, inside) for n in {line.number for line in school.teachers}}
        for fault in faults(pupils, one.merged_into is not None, school.teachers, others, policy):
            row = school.rows[fault.line - 1] if fault.line else school.row
            yield CellFault(roster.place(fault.field, row), fault.text, fault.values)


def _inside(roster: Roster) -> dict[str, list[tuple[str, bool, Decimal]]]:
    """Where each staff number stands in the file itself."""
    found: dict[str, list[tuple[str, bool, Decimal]]] = {}
    for school in roster.schools.values():
        for line in school.teachers:
            found.setdefault(line.number, []).append((school.code, line.full_time, line.fte))
    return found


def _besides(
    number: str, code: str, outside: dict[str, Standing], inside: dict[str, list[tuple[str, bool, Decimal]]]
) -> Standing:
    """Where a teacher of one school stands besides: in other schools of the file, and in those it does not name."""
    known = outside.get(number, Standing())
    others = [(full, fte) for school, full, fte in inside[number] if school != code]
    return Standing(
        known.schools + len(others),
        known.full_time + sum(full for full, _fte in others),
        known.fte + sum((fte for _full, fte in others), Decimal(0)),
    )
