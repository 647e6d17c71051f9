"""Report a concern (关切上报): a form teacher says what was noticed, and the counsellor has a case.

The reporter sees nothing of it afterwards, so the file is opened by a machine in her transaction; each word is sealed
at once, and she gets no grant.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases import clocks, concern
from cases.actions import _clocks, _notices, _paper
from cases.actions._opening import open_file
from cases.actions._warning import warn
from cases.clocks import ClockKind
from cases.concern import Level, Sign
from cases.models import Case, Channel, EntryKind, Person, PolicyVersion, Section
from cases.paper_number import PaperKind
from cases.screening_hashes import Hashes
from cases.students import own_students
from cases.telling import Known
from cases.tiers import Tier, higher, propose
from wellbeing.access.actor import Actor, PostInfo, identity
from wellbeing.access.grants import OWNER_DAYS
from wellbeing.access.machines import CONCERN
from wellbeing.access.permissions import P
from wellbeing.access.policy import through
from wellbeing.action import Outcome, action
from wellbeing.audit.record import record, user_stream
from wellbeing.errors import Invalid
from wellbeing.people.desks import desk_at, members, triage_desk
from wellbeing.people.models import Desk, Organisation, Role
from wellbeing.rota.duty import on_duty
from wellbeing.vault.blind_index import student_number
from wellbeing.workdays import now

REPORTERS = (Role.REPORTER, Role.SCHOOL_COUNSELLOR, Role.SCHOOL_CRISIS_LEAD)


@action(P.CONCERN_REPORT)
def report_concern(
    *,
    actor: Actor,
    name: str,
    grade: str = "",
    number: str = "",
    signs: Sequence[Sign] = (),
    level: Level | None = None,
    seen: str = "",
    paper: str = "",
    occurred_at: datetime | None = None,
    school: UUID | None = None,
) -> Outcome[None]:
    """Open a case from a concern at the tier that its facts call for; danger warns the county at once. `seen` says in a
    word or two what the signs do not; danger that is named in it counts like its sign, ticked or not.

    Everything else waits for the counsellor, as long as a yellow warning would wait to be acknowledged at most.
    `paper` is the number of the sheet that it was written on, `occurred_at` when it was seen; without one it is now.
    `school` is the student's, where the reporter serves at several. Invalid without a name, without a sign or a word,
    for a school that is not hers, and for a sheet as `_paper.taken` says. Answers nothing: "received" is all that the
    reporter learns.
    """
    if not name.strip():
        raise Invalid("name", _("Write who it is about: a name, or what you call her or him."))
    if not signs and not seen.strip():
        raise Invalid("signs", _("Tick what you noticed, or write it in a word or two."))
    at = now()
    sheet = _paper.taken(paper, PaperKind.CONCERN, occurred_at, "occurred_at", at)
    post = _post(actor, school)
    actor = through(actor, P.CONCERN_REPORT, desk_id=post.desk_id)
    said = {"name": name, "grade": grade, "student_number": number}
    with identity(CONCERN):
        case = _open(actor, post, said, signs, level, seen, occurred_at or at)
    _paper.enter(sheet, case, actor=actor, occurred=occurred_at, at=at)
    record(stream=case.pk, act=P.CONCERN_REPORT, actor=actor, facts={"tier": Tier(case.tier)})
    return Outcome(None, stream=user_stream(actor.id), desk=post.desk_id)


def _post(actor: Actor, school: UUID | None) -> PostInfo:
    """The post by which she reports. Invalid where she serves at several schools and does not say which it is: what is
    said of a student is for her own school alone."""
    hers = actor.houses(REPORTERS)
    at = school or (hers[0] if len(hers) == 1 else None)
    found = next((post for post in actor.posts if post.role in REPORTERS and post.organisation_id == at), None)
    if found is None:
        raise Invalid("school", _("Choose the student's school."))
    return found


def _open(
    actor: Actor,
    post: PostInfo,
    said: dict[str, str],
    signs: Sequence[Sign],
    level: Level | None,
    seen: str,
    occurred: datetime,
) -> Case:
    at, version = now(), PolicyVersion.current()
    policy, school = version.policy(), Organisation.objects.get(pk=post.organisation_id)
    desk = desk_at(school.pk, Role.SCHOOL_COUNSELLOR) or triage_desk(school.division_id)
    person = _known(school, desk, said["student_number"])
    earlier = _concerns(person, at - timedelta(days=policy.concern_days))
    read = [sign for sign in concern.named(seen) if sign not in signs]
    proposal = propose(concern.facts([*signs, *read], 1 + earlier), policy)
    case, write = open_file(
        actor=actor,
        owner=desk,
        desk_id=desk.pk,
        division=school.division_id,
        channel=Channel.CONCERN,
        tier=proposal.tier,
        at=at,
        until=at + OWNER_DAYS,
        identity={"about_kind": "student", "school": school.name, **said},
        person=person,
    )
    rules = [reason.rule for reason in proposal.reasons]
    words = {
        "signs_seen": [str(sign) for sign in signs],
        **({"signs_read": [str(sign) for sign in read]} if read else {}),
        "seen_by": level,
        "account": seen,
        "proposed": proposal.tier,
        "rules": rules,
    }
    entry = write.entry(Section.RISK, EntryKind.CONCERN, words, actor=actor, at=occurred, desk_id=desk.pk)
    entry.save(force_insert=True)
    warn(case, actor=actor, known=Known(somebody=True), rules=frozenset(rules), at=at)
    alone = members(desk.pk)
    if len(alone) == 1 and desk.role == Role.SCHOOL_COUNSELLOR:  # a school with one counsellor need not name her
        case.manager_id = alone[0]
        case.save(update_fields=["manager"])
    due = clocks.due(ClockKind.ACKNOWLEDGE, higher(proposal.tier, Tier.YELLOW), at, policy)
    _clocks.start(case, desk, ClockKind.FOLLOW_UP, at=at, due=due, version=version)
    _notices.tell_desk("concern", case, desk, on_duty(desk.pk), key=f"concern:{case.pk}", policy=policy)
    return case


def _known(school: Organisation, desk: Desk, number: str) -> Person | None:
    """The student of this number, where her school knows her."""
    if not student_number(number):
        return None
    hashes = Hashes()
    marks = (hashes.student(number, school.division_id, school.code), hashes.here(number, school.code))
    found = own_students(school, desk, marks)
    return next((found[mark].person for mark in marks if mark in found), None)


def _concerns(person: Person | None, since: Any) -> int:
    if person is None:
        return 0
    return Case.objects.filter(person=person, channel=Channel.CONCERN, opened_at__gte=since).count()
