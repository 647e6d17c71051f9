"""The machines: each acts by a name of its own and may what its line says. What a person may stands in rights.py."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P

MACHINES: dict[str, frozenset[P]] = {}


def _named(name: str, *may: P) -> Actor:
    machine = Actor.machine(name)
    MACHINES[machine.name] = frozenset(may)
    return machine


TICKER = _named(
    "ticker",
    *(P.WARNING_ESCALATE, P.WARNING_RING, P.CLOCK_REMIND, P.CLOCK_RESUME, P.ROTA_WARN),
    *(P.DRAFT_RAISE, P.ACCESS_RENEW, P.HANDOVER_BACK),
    *(P.REFERRAL_EXPIRE, P.REFERRAL_FOLLOW, P.LINK_END, P.TIMES_DROP),
    *(P.RING_FORGET, P.CALLER_FORGET, P.EXPORT_END, P.GLASS_ESCALATE, P.RECORDS_ESCALATE, P.ERASURE_PROPOSE),
    *(P.FIGURES_PREPARE, P.FIGURES_PUBLISH, P.FIGURES_PLATFORM, P.INDEX_KEYS_END),
)
# Whoever reads a letter through a one-time link; referrals/access.py holds it to the link's own referral.
LINK = _named("link", P.LINK_OPEN, P.REFERRAL_RECEIVE, P.APPOINTMENT_BOOK, P.TIMES_PROPOSE, P.FEEDBACK_RECORD)
IMPORT = _named("import", P.SCREENING_UPLOAD, P.SCREENING_IMPORT, P.CAMPAIGN_END, P.ROSTER_IMPORT)
EXCHANGE = _named("exchange", P.RING_HEAR)  # the telephone exchange, by its signature
ANSWERS = _named("answers", P.SCREENING_ANSWER)  # whoever answers with a code has no account
GLASS = _named("glass")  # finds a case by its reference, and gives the grant of an opening
RECORDS = _named("records")  # finds the case that a request is about, and gives the grant of its examination
RETENTION = _named("retention")  # reads covers of closed cases, and what is held; may change nothing
CONTACT = _named("contact")  # looks whether a home may be reached, for desks that do not see the case
SUPERVISION = _named("supervision")  # finds the supervisor's calls, gives a review's grant, counts
CHANNEL = _named("channel", P.CLOCK_KEEP, P.REFERRAL_GIVE_WAY)
BALLOTS = _named("ballots", P.BALLOTS_COUNT)  # the only one that opens a box of slips, once its month is over
FIGURES = _named("figures")  # reads covers and clocks for counts; may change nothing
POLICY = _named("policy")  # reads clocks for the preview of a policy; may change nothing
SIGNIN = _named("signin")  # counts tries and finds bindings before anybody is known; may change nothing else
API = _named("api")  # finds a token before anybody is known and counts its use; may change nothing else
POSTS = _named("posts", P.MANAGER_RELEASE)  # and the private part of accounts
VERIFY = _named("verify", P.AUDIT_VERIFY)
# Works on the one database role that may change keys.
KEYS = _named("keys", P.KEYS_ROTATE, P.KEYS_RETIRE, P.CASE_ERASE, P.RESTORE_CHECK)
BACKUP = _named("backup", P.BACKUP_NOTE, P.SENDING_RELEASE)  # by its commands; reads no row itself
WITNESS = _named("witness")  # reads checkpoints for a witness on another machine
AUDIT = _named("audit")  # finds the case of a reference for the audit, and the reference of a case
EXPLAIN = _named("explain")  # reads a cover and its grants, to explain them on the command line
GRANTS = _named("grants")  # gives and ends grants where the one who acts may decide so and may not see them
HANDOVER = _named("handover")  # finds the cases of a colleague who is away, for her cover
CONCERN = _named("concern")  # opens a case for a teacher, who gets no grant on it; copies what she wrote as hers
SEALS = _named("seals")  # seals the grants, posts and factors of before the seals, once
PACE = _named("pace")  # counts how often somebody searched; reads no word
TURNS = _named("turns")  # locks the case beside which somebody writes; may change nothing
WEB = _named("web")  # counts as refused what nobody known has tried
