"""Who may what, as one table: each permission with the roles it is for, and the hold on the object that it asks for."""

from dataclasses import dataclass

from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.people.models import Role as R


@dataclass(frozen=True, slots=True)
class Right:
    """A permission is for posts of these roles; with `hold`, only through a live grant on the object itself, and with
    `origins` through one of those alone. What `writes` into a section of a file asks for that section's right too.

    `signed_in` ones need no post: one's own frame, and nothing of any case.
    """

    roles: frozenset[str]
    hold: Hold | None = None
    signed_in: bool = False
    origins: frozenset[str] | None = None
    writes: P | None = None


def _right(
    *roles: str, hold: Hold | None = None, origins: frozenset[str] | None = None, writes: P | None = None
) -> Right:
    return Right(frozenset(roles), hold, origins=origins, writes=writes)


DESK = (R.HOTLINE_COUNSELLOR, R.HOTLINE_SUPERVISOR, R.SCHOOL_COUNSELLOR, R.COUNTY_TRIAGE, R.CITY_DUTY)
HOTLINE = (R.HOTLINE_COUNSELLOR, R.HOTLINE_SUPERVISOR)
TRIAGE = (R.COUNTY_TRIAGE, R.CITY_DUTY)
SCHOOL = (R.SCHOOL_COUNSELLOR, R.SCHOOL_CRISIS_LEAD)
CHANNEL = (*DESK, R.HOSPITAL_LIAISON)
DESTINATION = (R.HOSPITAL_LIAISON, R.CITY_DUTY)  # who receives; referrals.flow says through which desk
GLASS_REVIEWERS = (R.HOTLINE_SUPERVISOR, *TRIAGE, R.EDUCATION_ADMIN, R.SECURITY_ADMIN)
GLASS_SECONDS = (R.HOTLINE_SUPERVISOR, *TRIAGE, R.EDUCATION_ADMIN)  # who may sit at a reviewing desk (break_glass)
# By whom a file is answered for. A desk that it was only opened to may act (raise, assess, plan), and writes neither
# into what was told, nor of the home, nor what is sealed.
ANSWERING = frozenset(set(Origin) - {Origin.GIVEN, Origin.BREAK_GLASS, Origin.COURT, Origin.RECORDS})
ROTA = (*CHANNEL, R.EDUCATION_ADMIN)
TOKENS = (*CHANNEL, R.SCHOOL_CRISIS_LEAD, R.EDUCATION_ADMIN)  # never an administrator's post: none acts by a program

RIGHTS: dict[P, Right] = {
    P.CALL_TAKE: _right(R.HOTLINE_COUNSELLOR, R.HOTLINE_SUPERVISOR),
    P.CALL_CONTINUE: _right(*HOTLINE, R.CITY_DUTY, hold=Hold.WORK),  # whose sheet: cases.draft_access
    P.DRAFT_LOG: _right(R.CITY_DUTY),  # one that came up to it
    P.DRAFT_SAVE: _right(*DESK),  # whose: cases.draft_access
    P.DRAFT_READ: _right(*DESK),
    P.PAPER_PRINT: _right(*DESK, R.SCHOOL_CRISIS_LEAD, R.REPORTER),  # which sheets: cases.paper_access
    P.SHIFT_HAND_OVER: _right(R.HOTLINE_COUNSELLOR, R.HOTLINE_SUPERVISOR),
    P.DESKS_WATCH: _right(R.HOTLINE_SUPERVISOR),
    P.CALL_REVIEW: _right(R.HOTLINE_SUPERVISOR, R.CITY_DUTY),  # which calls: cases.supervision
    P.DEBRIEF: _right(*HOTLINE),
    P.CALLER_RESTRICT: _right(R.HOTLINE_SUPERVISOR),  # which numbers: cases.restriction_access
    P.CALLER_CONSULT: _right(*HOTLINE),
    P.CASE_LIST: _right(*DESK, R.SCHOOL_CRISIS_LEAD),
    P.BOARD_SEE: _right(*DESK),
    P.CASE_SEARCH: _right(*DESK),
    P.CASE_SEE: _right(*DESK, R.SCHOOL_CRISIS_LEAD, hold=Hold.SEE),
    P.FILE_READ: _right(*DESK, hold=Hold.READ),
    # the sections of a file: to read one besides P.FILE_READ, or what one's own desk wrote; to write besides the act's
    P.IDENTITY_READ: _right(*DESK, hold=Hold.READ),
    P.IDENTITY_WRITE: _right(*DESK, hold=Hold.WORK, origins=ANSWERING),
    P.NARRATIVE_READ: _right(*HOTLINE, *TRIAGE, hold=Hold.READ),
    P.NARRATIVE_WRITE: _right(*DESK, hold=Hold.WORK, origins=ANSWERING),
    P.RISK_READ: _right(*DESK, hold=Hold.READ),
    P.RISK_WRITE: _right(*DESK, hold=Hold.WORK),
    P.GUARDIAN_READ: _right(*DESK, hold=Hold.READ),
    P.GUARDIAN_WRITE: _right(*DESK, hold=Hold.WORK, origins=ANSWERING),
    P.PLAN_READ: _right(*DESK, hold=Hold.READ),
    P.PLAN_WRITE: _right(*DESK, hold=Hold.WORK),
    P.SEALED_READ: _right(*HOTLINE, *TRIAGE, hold=Hold.SEALED),
    P.SEALED_WRITE: _right(*DESK, hold=Hold.WORK, origins=ANSWERING),
    P.WARNING_ACKNOWLEDGE: _right(*TRIAGE, hold=Hold.WORK),
    P.RISK_ASSESS: _right(*DESK, hold=Hold.WORK, writes=P.RISK_WRITE),
    P.INSTRUMENT_RECORD: _right(*DESK, hold=Hold.WORK, writes=P.RISK_WRITE),
    P.TIER_RAISE: _right(*DESK, hold=Hold.WORK, writes=P.RISK_WRITE),
    P.TIER_LOWER: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK, writes=P.RISK_WRITE),
    P.LOWERING_CONFIRM: _right(R.SCHOOL_COUNSELLOR, R.HOTLINE_SUPERVISOR, *TRIAGE, hold=Hold.WORK),
    P.MANAGER_ASSIGN: _right(*TRIAGE, hold=Hold.WORK, writes=P.PLAN_WRITE),
    P.FOLLOW_UP: _right(*DESK, hold=Hold.WORK, writes=P.PLAN_WRITE),
    P.STEPS_SEE: _right(R.SCHOOL_COUNSELLOR),
    P.SESSION_LOG: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK, writes=P.NARRATIVE_WRITE),
    P.GROUP_LOG: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),  # each case of the group: SESSION_LOG
    P.GROUPS_FLAG: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK, writes=P.GUARDIAN_WRITE),
    P.CONCERN_REPORT: _right(R.REPORTER, *SCHOOL),
    P.CONCERN_MERGE: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK, writes=P.RISK_WRITE),
    P.HANDOVER: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),  # whose desk: cases.covering
    P.HANDOVER_BACK: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),
    P.CASE_CLOSE: _right(
        R.HOTLINE_COUNSELLOR, R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK, origins=ANSWERING, writes=P.PLAN_WRITE
    ),
    P.TRANSFER_ASK: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK, origins=ANSWERING, writes=P.PLAN_WRITE),
    P.TRANSFER_ANSWER: _right(*TRIAGE, hold=Hold.SEE),  # the desk that was asked: the actions
    P.CLOCK_PAUSE: _right(*DESK, hold=Hold.WORK, writes=P.PLAN_WRITE),
    P.CLOCK_RESUME: _right(*DESK, hold=Hold.WORK),
    P.TELL: _right(*DESK, hold=Hold.WORK, writes=P.GUARDIAN_WRITE),
    P.CALL_BACK: _right(R.HOTLINE_COUNSELLOR, R.HOTLINE_SUPERVISOR, hold=Hold.WORK, writes=P.RISK_WRITE),
    P.SAFETY_PLAN: _right(*DESK, hold=Hold.WORK, writes=P.PLAN_WRITE),
    P.SCHOOL_AGREE: _right(*DESK, hold=Hold.WORK, writes=P.PLAN_WRITE),
    P.MANDATORY_REPORT: _right(*DESK, hold=Hold.WORK, writes=P.SEALED_WRITE),
    P.CONSENT_RECORD: _right(*DESK, hold=Hold.WORK, writes=P.GUARDIAN_WRITE),
    P.ATTACH: _right(*DESK, hold=Hold.WORK, writes=P.NARRATIVE_WRITE),
    P.ATTACHMENT_WITHDRAW: _right(*DESK, hold=Hold.WORK),  # whose, and how long: cases.attachments
    P.REPORT_WRITE: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK, writes=P.PLAN_WRITE),
    P.LEAVE_KEEP: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK, writes=P.GUARDIAN_WRITE),
    P.RETURN_JUDGE: _right(*TRIAGE, hold=Hold.WORK, writes=P.PLAN_WRITE),
    P.CASE_REOPEN: _right(R.HOTLINE_COUNSELLOR, R.SCHOOL_COUNSELLOR, *TRIAGE),  # which desk: cases.access
    P.GLASS_BREAK: _right(*HOTLINE, *TRIAGE),  # how far: cases.glass_access
    P.GLASS_SEE: _right(R.HOTLINE_COUNSELLOR, *GLASS_REVIEWERS),
    P.GLASS_REVIEW: _right(*GLASS_REVIEWERS),
    P.SEALED_ASK: _right(*HOTLINE, *TRIAGE),  # of an opening of her own that runs: cases.glass_access
    P.SEALED_CONFIRM: _right(*GLASS_SECONDS),  # at one of the two desks that were told: row-level security
    P.CALLER_ASK: _right(*HOTLINE, *TRIAGE, hold=Hold.READ),
    P.CALLER_CONFIRM: _right(R.HOTLINE_SUPERVISOR, R.CITY_DUTY),  # never of her own asking: cases.caller_access
    P.CALLER_READ: _right(*HOTLINE, *TRIAGE),  # her own askings
    # which requests, and who is the second person: cases.records_access
    P.RECORDS_SEE: _right(R.HOTLINE_SUPERVISOR, *TRIAGE),
    **dict.fromkeys((P.RECORDS_RECEIVE, P.RECORDS_CHECK, P.RECORDS_HAND_OUT), _right(*TRIAGE)),
    **dict.fromkeys((P.RECORDS_TAKE_UP, P.RECORDS_PROPOSE), _right(*TRIAGE)),
    P.RECORDS_DECIDE: _right(R.HOTLINE_SUPERVISOR, R.CITY_DUTY),
    # whose county, and who is the second: cases.retention_access
    **dict.fromkeys((P.RETENTION_SEE, P.HOLD_KEEP), _right(R.HOTLINE_SUPERVISOR, *TRIAGE)),
    P.ERASURE_ASK: _right(*TRIAGE),
    P.ERASURE_CONFIRM: _right(R.HOTLINE_SUPERVISOR, R.CITY_DUTY),
    **dict.fromkeys((P.CONTACT_STOP, P.CONTACT_ALLOW), _right(*DESK, hold=Hold.WORK, writes=P.GUARDIAN_WRITE)),
    # rows of persons or cases as a file; whose rows: cases.export_rows, whose file: cases.export_access
    **dict.fromkeys(
        (P.EXPORT_SEE, P.EXPORT_ASK, P.EXPORT_CONFIRM, P.EXPORT_FETCH), _right(R.SCHOOL_COUNSELLOR, *TRIAGE)
    ),
    P.ACCESS_GRANT: _right(*DESK, hold=Hold.WORK, writes=P.PLAN_WRITE),  # of the desk that owns the case: the actions
    P.ACCESS_REVOKE: _right(*DESK, hold=Hold.WORK, writes=P.PLAN_WRITE),
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
    P.SCREENING_INTERVIEW: _right(R.SCHOOL_COUNSELLOR, *TRIAGE, hold=Hold.WORK, writes=P.RISK_WRITE),
    P.SCREENING_DECIDE: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),  # and for each case the right above
    P.CAMPAIGN_PLAN: _right(R.SCHOOL_COUNSELLOR, *TRIAGE),
    P.LINK_MAKE: _right(*TRIAGE, hold=Hold.WORK),
    P.LINK_END: _right(*TRIAGE, hold=Hold.WORK),
    P.ROTA_SEE: _right(*ROTA),
    P.ROTA_PLAN: _right(*(role for role in ROTA if role != R.HOTLINE_COUNSELLOR)),  # which desk: rota.planning
    P.ROTA_SWAP: _right(*ROTA),
    P.RING_SEE: _right(*HOTLINE),
    P.RING_SETTLE: _right(*HOTLINE),
    P.SEAT_ASSIGN: _right(R.HOTLINE_SUPERVISOR),  # of her own hotline: exchange.seats
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
    P.YEAR_SEE: _right(R.HOTLINE_SUPERVISOR, R.EDUCATION_ADMIN),  # her hotline, or all (registers.year_access)
    P.YEAR_FILL: _right(R.HOTLINE_SUPERVISOR),
    P.YEAR_CONFIRM: _right(R.EDUCATION_ADMIN),
    # whose school, whose division: registers.access
    P.INCIDENT_SEE: _right(R.SCHOOL_CRISIS_LEAD, *TRIAGE, R.EDUCATION_ADMIN),
    P.INCIDENT_WRITE: _right(R.SCHOOL_CRISIS_LEAD, R.COUNTY_TRIAGE),
    P.INCIDENT_CLOSE: _right(R.COUNTY_TRIAGE),
    P.STAFFING_SEE: _right(R.EDUCATION_ADMIN),
    P.FIGURES_SEE: _right(R.EDUCATION_ADMIN),
    P.SERVICE_SEE: _right(R.HOTLINE_SUPERVISOR, R.EDUCATION_ADMIN),  # the hotline's part alone
    P.FIGURES_EXPORT: _right(R.EDUCATION_ADMIN),
    # whose post, and who confirms it: people.appointing
    P.ACCOUNT_LIST: _right(R.SYSTEM_ADMIN, R.SECURITY_ADMIN),
    P.BACKUP_SEE: _right(R.SYSTEM_ADMIN),
    P.ACCOUNT_OPEN: _right(R.SYSTEM_ADMIN),
    P.ACCOUNT_CLOSE: _right(R.SYSTEM_ADMIN),
    P.PASSWORD_RENEW: _right(R.SYSTEM_ADMIN),
    P.POST_APPOINT: _right(R.SYSTEM_ADMIN),
    P.POST_CONFIRM: _right(R.SECURITY_ADMIN),
    P.POST_END: _right(R.SYSTEM_ADMIN),
    P.ABSENCE_TAKE: Right(frozenset(), signed_in=True),  # her own alone: the actions
    P.ABSENCE_ENTER: _right(R.SYSTEM_ADMIN, R.SECURITY_ADMIN),
    P.SECOND_FACTOR_RESET: _right(R.SECURITY_ADMIN),
    P.ACCOUNT_KEEP: Right(frozenset(), signed_in=True),
    P.AUDIT_SEE: _right(R.AUDIT_ADMIN),
    # tokens of the API; whose, and who confirms them: api.access
    P.TOKEN_ASK: _right(*TOKENS),
    P.TOKEN_LIST: _right(*TOKENS, R.SYSTEM_ADMIN, R.SECURITY_ADMIN),
    P.TOKEN_DECIDE: _right(R.SECURITY_ADMIN),
    P.TOKEN_END: _right(*TOKENS, R.SYSTEM_ADMIN, R.SECURITY_ADMIN),
    P.API_READ: Right(frozenset(), signed_in=True),
    P.INBOX_SEE: Right(frozenset(), signed_in=True),
    P.HOME_SEE: Right(frozenset(), signed_in=True),
    # machines only
    **dict.fromkeys(
        (
            P.WARNING_ESCALATE,
            P.DRAFT_RAISE,
            *(P.REFERRAL_EXPIRE, P.REFERRAL_GIVE_WAY, P.REFERRAL_FOLLOW),
            *(P.LINK_OPEN, P.TIMES_DROP),
            P.SCREENING_IMPORT,
            P.SCREENING_ANSWER,
            P.CAMPAIGN_END,
            P.GLASS_ESCALATE,
            *(P.CALLER_FORGET, P.MANAGER_RELEASE, P.ACCESS_RENEW, P.EXPORT_END),
            *(P.RECORDS_ESCALATE, P.ERASURE_PROPOSE),
            P.CLOCK_KEEP,
            P.CLOCK_REMIND,
            P.WARNING_RING,
            P.ROTA_WARN,
            *(P.RING_HEAR, P.RING_FORGET),
            *(P.FIGURES_PREPARE, P.FIGURES_PUBLISH, P.FIGURES_PLATFORM, P.BALLOTS_COUNT),
            P.AUDIT_VERIFY,
            *(P.KEYS_ROTATE, P.KEYS_RETIRE, P.INDEX_KEYS_END),
            P.CASE_ERASE,
            *(P.BACKUP_NOTE, P.RESTORE_CHECK, P.SENDING_RELEASE),
        ),
        _right(),
    ),
}

ADMINISTRATORS = frozenset({R.SYSTEM_ADMIN, R.SECURITY_ADMIN, R.AUDIT_ADMIN})
# Roles that reach a case or a referral at all: a grant may show them one.
CASE_ROLES = frozenset[str]().union(*(right.roles for right in RIGHTS.values() if right.hold))
