"""What machines may: each named one, and nothing besides. What a person may stands in rights.py."""

from wellbeing.access.permissions import P

MACHINES: dict[str, frozenset[P]] = {
    "system:ticker": frozenset(
        {
            *(P.WARNING_ESCALATE, P.WARNING_RING, P.CLOCK_REMIND, P.CLOCK_RESUME, P.ROTA_WARN),
            *(P.DRAFT_RAISE, P.ACCESS_RENEW),
            *(P.REFERRAL_EXPIRE, P.REFERRAL_FOLLOW, P.LINK_END, P.TIMES_DROP),
            *(
                P.RING_FORGET,
                P.CALLER_FORGET,
                P.EXPORT_END,
                P.GLASS_ESCALATE,
                P.RECORDS_ESCALATE,
                P.ERASURE_PROPOSE,
                P.HANDOVER_BACK,
            ),
            *(P.FIGURES_PREPARE, P.FIGURES_PUBLISH, P.FIGURES_PLATFORM, P.INDEX_KEYS_END),
        }
    ),
    # Whoever reads a letter through a one-time link; referrals/access.py holds it to the link's own referral.
    "system:link": frozenset({P.LINK_OPEN, P.REFERRAL_RECEIVE, P.APPOINTMENT_BOOK, P.TIMES_PROPOSE, P.FEEDBACK_RECORD}),
    "system:import": frozenset({P.SCREENING_UPLOAD, P.SCREENING_IMPORT, P.CAMPAIGN_END, P.ROSTER_IMPORT}),
    "system:exchange": frozenset({P.RING_HEAR}),  # the telephone exchange, by its signature
    "system:answers": frozenset({P.SCREENING_ANSWER}),  # whoever answers with a code has no account
    "system:glass": frozenset(),  # finds a case by its reference, and gives the grant of an opening
    "system:records": frozenset(),  # finds the case that a request is about, and gives the grant of its examination
    "system:retention": frozenset(),  # reads covers of closed cases, and what is held; may change nothing
    "system:contact": frozenset(),  # looks whether a home may be reached, for desks that do not see the case
    "system:supervision": frozenset(),  # finds the supervisor's calls, gives a review's grant, counts
    "system:channel": frozenset({P.CLOCK_KEEP, P.REFERRAL_GIVE_WAY}),
    "system:ballots": frozenset({P.BALLOTS_COUNT}),  # the only one that opens a box of slips, once its month is over
    "system:figures": frozenset(),  # reads covers and clocks for counts; may change nothing
    "system:policy": frozenset(),  # reads clocks for the preview of a policy; may change nothing
    "system:signin": frozenset(),  # counts tries and finds bindings before anybody is known; may change nothing else
    "system:api": frozenset(),  # finds a token before anybody is known and counts its use; may change nothing else
    "system:posts": frozenset({P.MANAGER_RELEASE}),  # and the private part of accounts
    "system:verify": frozenset({P.AUDIT_VERIFY}),
    # Works on the one database role that may change keys.
    "system:keys": frozenset({P.KEYS_ROTATE, P.KEYS_RETIRE, P.CASE_ERASE, P.RESTORE_CHECK}),
    "system:backup": frozenset({P.BACKUP_NOTE, P.SENDING_RELEASE}),  # by its commands; reads no row itself
    "system:witness": frozenset(),  # reads checkpoints for a witness on another machine
    "system:audit": frozenset(),  # finds the case of a reference for the audit, and the reference of a case
    "system:explain": frozenset(),  # reads a cover and its grants, to explain them on the command line
    "system:grants": frozenset(),  # gives and ends grants where the one who acts may decide so and may not see them
    "system:handover": frozenset(),  # finds the cases of a colleague who is away, for her cover
    "system:concern": frozenset(),  # opens a case for a teacher, who gets no grant on it; copies what she wrote as hers
    "system:seals": frozenset(),  # seals the grants, posts and factors of before the seals, once
    "system:pace": frozenset(),  # counts how often somebody searched; reads no word
    "system:turns": frozenset(),  # locks the case beside which somebody writes; may change nothing
    "system:web": frozenset(),  # counts as refused what nobody known has tried
}
