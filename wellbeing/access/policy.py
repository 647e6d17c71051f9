"""Who may what: one table, one evaluator. `may` enforces it, `explain` shows the same tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import models

from wellbeing.access.actor import Actor
from wellbeing.access.grants import Held, held, held_each
from wellbeing.access.machines import MACHINES
from wellbeing.access.models import Hold
from wellbeing.access.permissions import P
from wellbeing.people.models import Role as R


@dataclass(frozen=True, slots=True)
class Right:
    """A permission is for posts of these roles; with `hold`, only through a live grant on the object itself.

    `signed_in` ones need no post: one's own frame, and nothing of any case.
    """

    roles: frozenset[str]
    hold: Hold | None = None
    signed_in: bool = False


class Clause(StrEnum):
    """What is asked, one after the other."""

    MACHINE = "machine"  # its name is listed for this
    SIGNED_IN = "signed in"
    POST = "post"  # a post of the right role runs today
    OBJECT = "object"  # it is about one object
    GRANT = "grant"  # a live grant on the object, through that post


class Step(NamedTuple):
    """One clause, whether it held, and what made it hold: her posts, or her live grants."""

    clause: Clause
    holds: bool
    by: tuple[Any, ...] = ()


class Verdict(NamedTuple):
    """The steps in the order of evaluation; it is allowed when every one held, and there was one."""

    steps: tuple[Step, ...]

    @property
    def allowed(self) -> bool:
        return bool(self.steps) and all(step[1] for step in self.steps)


def _right(*roles: str, hold: Hold | None = None) -> Right:
    return Right(frozenset(roles), hold)


NO_GRANT: frozenset[Held] = frozenset()
DESK = (R.HOTLINE_COUNSELLOR, R.HOTLINE_SUPERVISOR, R.SCHOOL_COUNSELLOR, R.COUNTY_TRIAGE, R.CITY_DUTY)
HOTLINE = (R.HOTLINE_COUNSELLOR, R.HOTLINE_SUPERVISOR)
TRIAGE = (R.COUNTY_TRIAGE, R.CITY_DUTY)
SCHOOL = (R.SCHOOL_COUNSELLOR, R.SCHOOL_CRISIS_LEAD)
CHANNEL = (*DESK, R.HOSPITAL_LIAISON)
DESTINATION = (R.HOSPITAL_LIAISON, R.CITY_DUTY)  # who receives; referrals.flow says through which desk
GLASS_REVIEWERS = (R.HOTLINE_SUPERVISOR, *TRIAGE, R.EDUCATION_ADMIN, R.SECURITY_ADMIN)
ROTA = (*CHANNEL, R.EDUCATION_ADMIN)

RIGHTS: dict[P, Right] = {
    P.CALL_TAKE: _right(R.HOTLINE_COUNSELLOR, R.HOTLINE_SUPERVISOR),
    P.DRAFT_SAVE: _right(*DESK),  # whose: cases.draft_access
    P.DRAFT_READ: _right(*DESK),
    P.PAPER_PRINT: _right(*DESK, R.SCHOOL_CRISIS_LEAD, R.REPORTER),  # which sheets: cases.paper_access
    P.SHIFT_HAND_OVER: _right(R.HOTLINE_COUNSELLOR, R.HOTLINE_SUPERVISOR),
    **dict.fromkeys((P.DESKS_WATCH, P.CALL_REVIEW), _right(R.HOTLINE_SUPERVISOR)),  # which calls: cases.supervision
    P.DEBRIEF: _right(*HOTLINE),
    P.CASE_LIST: _right(*DESK, R.SCHOOL_CRISIS_LEAD),
    P.BOARD_SEE: _right(*DESK),
    P.CASE_SEARCH: _right(*DESK),
    P.CASE_SEE: _right(*DESK, R.SCHOOL_CRISIS_LEAD, hold=Hold.SEE),
    P.FILE_READ: _right(*DESK, hold=Hold.READ),
    P.WARNING_ACKNOWLEDGE: _right(*TRIAGE, hold=Hold.WORK),
    P.RISK_ASSESS: _right(*DESK, hold=Hold.WORK),
    P.INSTRUMENT_RECORD: _right(*DESK, hold=Hold.WORK),
    P.TIER_RAISE: _right(*DESK, hold=Hold.WORK),
    P.TIER_LOWER: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.LOWERING_CONFIRM: _right(R.SCHOOL_COUNSELLOR, R.HOTLINE_SUPERVISOR, *TRIAGE, hold=Hold.WORK),
    P.MANAGER_ASSIGN: _right(*TRIAGE, hold=Hold.WORK),
    P.FOLLOW_UP: _right(*DESK, hold=Hold.WORK),
    P.STEPS_SEE: _right(R.SCHOOL_COUNSELLOR),
    P.SESSION_LOG: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.GROUP_LOG: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),  # each case of the group: SESSION_LOG
    P.GROUPS_FLAG: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.CONCERN_REPORT: _right(R.REPORTER, *SCHOOL),
    P.CONCERN_MERGE: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.HANDOVER: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),  # whose desk: cases.covering
    P.HANDOVER_BACK: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),
    P.CASE_CLOSE: _right(R.HOTLINE_COUNSELLOR, R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.TRANSFER_ASK: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.TRANSFER_ANSWER: _right(*TRIAGE, hold=Hold.SEE),  # the desk that was asked: the actions
    P.CLOCK_PAUSE: _right(*DESK, hold=Hold.WORK),
    P.CLOCK_RESUME: _right(*DESK, hold=Hold.WORK),
    P.TELL: _right(*DESK, hold=Hold.WORK),
    P.CALL_BACK: _right(R.HOTLINE_COUNSELLOR, R.HOTLINE_SUPERVISOR, hold=Hold.WORK),
    P.SAFETY_PLAN: _right(*DESK, hold=Hold.WORK),
    P.SCHOOL_AGREE: _right(*DESK, hold=Hold.WORK),
    P.MANDATORY_REPORT: _right(*DESK, hold=Hold.WORK),
    P.CONSENT_RECORD: _right(*DESK, hold=Hold.WORK),
    P.ATTACH: _right(*DESK, hold=Hold.WORK),
    P.REPORT_WRITE: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.LEAVE_KEEP: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.RETURN_JUDGE: _right(*TRIAGE, hold=Hold.WORK),
    P.CASE_REOPEN: _right(R.HOTLINE_COUNSELLOR, R.SCHOOL_COUNSELLOR, *TRIAGE),  # which desk: cases.access
    P.GLASS_BREAK: _right(*HOTLINE, *TRIAGE),  # how far: cases.glass_access
    P.GLASS_SEE: _right(R.HOTLINE_COUNSELLOR, *GLASS_REVIEWERS),
    P.GLASS_REVIEW: _right(*GLASS_REVIEWERS),
    P.CALLER_ASK: _right(*HOTLINE, *TRIAGE, hold=Hold.READ),
    P.CALLER_CONFIRM: _right(R.HOTLINE_SUPERVISOR, R.CITY_DUTY),  # never of her own asking: cases.caller_access
    P.CALLER_READ: _right(*HOTLINE, *TRIAGE),  # her own askings
    # rows of persons or cases as a file; whose rows: cases.export_rows, whose file: cases.export_access
    **dict.fromkeys(
        (P.EXPORT_SEE, P.EXPORT_ASK, P.EXPORT_CONFIRM, P.EXPORT_FETCH), _right(R.SCHOOL_COUNSELLOR, *TRIAGE)
    ),
    P.ACCESS_GRANT: _right(*DESK, hold=Hold.WORK),  # of the desk that owns the case: the actions
    P.ACCESS_REVOKE: _right(*DESK, hold=Hold.WORK),
    P.POLICY_SEE: _right(R.EDUCATION_ADMIN, R.SECURITY_ADMIN, *TRIAGE),
    P.POLICY_CHANGE: _right(R.EDUCATION_ADMIN),
    P.CHANNEL_OPEN: _right(*TRIAGE, hold=Hold.WORK),
    P.REFERRAL_SUBMIT: _right(R.SCHOOL_COUNSELLOR, hold=Hold.WORK),
    P.REFERRAL_TRIAGE: _right(*TRIAGE, hold=Hold.WORK),
    P.REFERRAL_ANSWER: _right(R.SCHOOL_COUNSELLOR, hold=Hold.WORK),
    P.REFERRAL_SEND: _right(*TRIAGE, hold=Hold.WORK),
    P.REFERRAL_REDIRECT: _right(*TRIAGE, hold=Hold.WORK),
    P.REFERRAL_GIVE_BACK: _right(*DESTINATION, hold=Hold.WORK),
    P.REFERRAL_LIST: _right(*CHANNEL),
    P.REFERRAL_FIGURES: _right(*TRIAGE, R.HOSPITAL_LIAISON),
    P.REFERRAL_SEE: _right(*CHANNEL, hold=Hold.SEE),
    P.PACKET_READ: _right(*CHANNEL, hold=Hold.READ),
    P.REFERRAL_RECEIVE: _right(*DESTINATION, hold=Hold.WORK),
    P.APPOINTMENT_BOOK: _right(*DESTINATION, hold=Hold.WORK),
    P.TIMES_PROPOSE: _right(*DESTINATION, hold=Hold.WORK),
    P.TIME_CHOOSE: _right(*TRIAGE, hold=Hold.WORK),
    P.FEEDBACK_RECORD: _right(*DESTINATION, hold=Hold.WORK),
    P.CROSSING_KEEP: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.RESCUE_HAND: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.SLOTS_PUBLISH: _right(*DESTINATION),
    P.DESTINATIONS_SEE: _right(*CHANNEL),
    P.RETURN_PLAN: _right(*TRIAGE, hold=Hold.WORK),
    P.REFERRAL_CLOSE: _right(*TRIAGE, hold=Hold.WORK),
    P.REFERRAL_WITHDRAW: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.SCREENING_UPLOAD: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),  # which schools: cases.screening_access
    P.SCREENING_INTERVIEW: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK),
    P.SCREENING_DECIDE: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),  # and for each case the right above
    P.CAMPAIGN_PLAN: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),
    P.LINK_MAKE: _right(*TRIAGE, hold=Hold.WORK),
    P.LINK_END: _right(*TRIAGE, hold=Hold.WORK),
    P.ROTA_SEE: _right(*ROTA),
    P.ROTA_PLAN: _right(*(role for role in ROTA if role != R.HOTLINE_COUNSELLOR)),  # which desk: rota.planning
    P.ROTA_SWAP: _right(*ROTA),
    P.RING_SEE: _right(*HOTLINE),
    P.RING_SETTLE: _right(*HOTLINE),
    # whose school, whose division: people.access
    P.TERM_OPEN: _right(R.EDUCATION_ADMIN),
    P.TERM_LOCK: _right(R.EDUCATION_ADMIN),
    P.RETURN_SEE: _right(*SCHOOL, *TRIAGE, R.EDUCATION_ADMIN),
    P.RETURN_FILL: _right(*SCHOOL),
    P.RETURN_SUBMIT: _right(*SCHOOL),
    P.RETURN_CONFIRM: _right(*TRIAGE),
    P.RETURN_UNLOCK: _right(R.EDUCATION_ADMIN),
    P.ROSTER_IMPORT: _right(R.EDUCATION_ADMIN),
    P.STAFFING_POLICY_CHANGE: _right(R.EDUCATION_ADMIN),
    P.CENTRE_SEE: _right(*TRIAGE, R.EDUCATION_ADMIN),
    P.CENTRE_FILL: _right(*TRIAGE),
    P.CENTRE_INSPECT: _right(R.EDUCATION_ADMIN),
    P.CENTRE_SIGN: _right(R.EDUCATION_ADMIN),
    P.ACTIVITY_SEE: _right(R.CITY_DUTY, R.EDUCATION_ADMIN),
    P.ACTIVITY_NOTE: _right(R.CITY_DUTY),
    # whose school, whose division: registers.access
    P.INCIDENT_SEE: _right(R.SCHOOL_CRISIS_LEAD, *TRIAGE, R.EDUCATION_ADMIN),
    P.INCIDENT_WRITE: _right(R.SCHOOL_CRISIS_LEAD, R.COUNTY_TRIAGE),
    P.INCIDENT_CLOSE: _right(R.COUNTY_TRIAGE),
    P.STAFFING_SEE: _right(R.EDUCATION_ADMIN),
    P.FIGURES_SEE: _right(R.EDUCATION_ADMIN),
    P.FIGURES_EXPORT: _right(R.EDUCATION_ADMIN),
    # whose post, and who confirms it: people.appointing
    P.ACCOUNT_LIST: _right(R.SYSTEM_ADMIN, R.SECURITY_ADMIN),
    P.ACCOUNT_OPEN: _right(R.SYSTEM_ADMIN),
    P.ACCOUNT_CLOSE: _right(R.SYSTEM_ADMIN),
    P.PASSWORD_RENEW: _right(R.SYSTEM_ADMIN),
    P.POST_APPOINT: _right(R.SYSTEM_ADMIN),
    P.POST_CONFIRM: _right(R.SECURITY_ADMIN),
    P.POST_END: _right(R.SYSTEM_ADMIN),
    P.SECOND_FACTOR_RESET: _right(R.SECURITY_ADMIN),
    P.ACCOUNT_KEEP: Right(frozenset(), signed_in=True),
    P.AUDIT_SEE: _right(R.AUDIT_ADMIN),
    P.INBOX_SEE: Right(frozenset(), signed_in=True),
    P.HOME_SEE: Right(frozenset(), signed_in=True),
    # machines only
    P.WARNING_ESCALATE: _right(),
    P.DRAFT_RAISE: _right(),
    P.REFERRAL_EXPIRE: _right(),
    P.REFERRAL_GIVE_WAY: _right(),
    P.REFERRAL_FOLLOW: _right(),
    P.LINK_OPEN: _right(),
    P.TIMES_DROP: _right(),
    P.SCREENING_IMPORT: _right(),
    P.SCREENING_ANSWER: _right(),
    P.CAMPAIGN_END: _right(),
    P.GLASS_ESCALATE: _right(),
    P.CALLER_FORGET: _right(),
    P.EXPORT_END: _right(),
    P.CLOCK_KEEP: _right(),
    P.CLOCK_REMIND: _right(),
    P.WARNING_RING: _right(),
    P.ROTA_WARN: _right(),
    P.RING_HEAR: _right(),
    P.RING_FORGET: _right(),
    P.FIGURES_PREPARE: _right(),
    P.FIGURES_PUBLISH: _right(),
    P.FIGURES_PLATFORM: _right(),
    P.AUDIT_VERIFY: _right(),
    P.KEYS_ROTATE: _right(),
    P.KEYS_RETIRE: _right(),
    P.INDEX_KEYS_END: _right(),
    P.CASE_ERASE: _right(),
}

ADMINISTRATORS = frozenset({R.SYSTEM_ADMIN, R.SECURITY_ADMIN, R.AUDIT_ADMIN})
# Roles that reach a case or a referral at all: a grant may show them one.
CASE_ROLES = frozenset[str]().union(*(right.roles for right in RIGHTS.values() if right.hold))


def asks_second_factor(actor: Actor) -> bool:
    """Whether the actor's posts are worth a second factor: every one but a reporter's, who reads nothing."""
    return bool(actor.roles - {R.REPORTER})


def may(actor: Actor, permission: P, target: models.Model | None = None) -> bool:
    """Whether the actor may do this (to this object) now. There is no default that lets in."""
    return explain(actor, permission, target).allowed


def allowed(actor: Actor, permissions: Iterable[P], target: models.Model) -> frozenset[P]:
    """Those of the permissions that the actor has on one object, with its grants read once."""
    grants = held(actor, target)
    return frozenset(p for p in permissions if _decide(actor, p, True, grants).allowed)


def may_each(actor: Actor, permission: P, targets: Sequence[models.Model]) -> dict[Any, bool]:
    """The same answer for each of a page's objects, by key: one query for all their grants, and one decision each."""
    needs = RIGHTS[permission].hold is not None and not actor.system
    grants = held_each(actor, targets) if needs else {}
    return {target.pk: _decide(actor, permission, True, grants.get(target.pk, NO_GRANT)).allowed for target in targets}


def explain(actor: Actor, permission: P, target: models.Model | None = None) -> Verdict:
    """The decision tree of `may`: the very steps that its answer is made of."""
    needs = RIGHTS[permission].hold is not None and target is not None and not actor.system
    return _decide(actor, permission, target is not None, held(actor, target) if needs and target else NO_GRANT)


def _decide(actor: Actor, permission: P, named: bool, grants: frozenset[Held]) -> Verdict:
    right = RIGHTS[permission]
    if actor.system:
        return Verdict((Step(Clause.MACHINE, permission in MACHINES.get(actor.name, frozenset())),))
    if right.signed_in:
        return Verdict((Step(Clause.SIGNED_IN, actor.id is not None),))
    roles, hold = right.roles, right.hold
    posts = tuple([post for post in actor.posts if post.role in roles])
    seat = Step(Clause.POST, bool(posts), posts)
    if hold is None:
        return Verdict((seat,))
    # A desk's grant counts through the post at that desk; a personal one through any post of the right role.
    desks = {post.desk_id for post in posts}
    live = tuple([grant for grant in grants if grant[0] == hold and (grant[1] is None or grant[1] in desks)])
    return Verdict((seat, Step(Clause.OBJECT, named), Step(Clause.GRANT, bool(live), live)))
