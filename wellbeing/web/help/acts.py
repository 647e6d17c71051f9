"""Help for the pages of one step each: what is done with a case, its letters, its leave, and the plans of an office."""

from __future__ import annotations

from wellbeing.translatable import _
from wellbeing.web.help.screen import Screen

SCREENS: dict[str, Screen] = {
    "tier": Screen(
        _("Risk and tier"),
        _("How great the danger is, by questions with known weights, and the tier that follows from it."),
        (
            _("A positive answer proposes a tier; you may choose a higher one, never a lower one."),
            _("Raise at once and alone. Red and orange are lowered by two people, after a meeting face to face."),
            _("A questionnaire is recorded once; a critical answer speaks before the form is finished."),
        ),
        ("assess_risk", "raise_tier", "lower_tier", "confirm_lowering", "record_instrument", "interview"),
    ),
    "crisis": Screen(
        _("The first days of a crisis"),
        _("Who is told, who stays with the person, what is reported and by when."),
        (
            _("Write down every try, also one that reached nobody: the clock stops with a person reached."),
            _("The safety plan prints on one page without a name; leave it with the person."),
            _("A mandatory report waits for its receipt number; enter it as soon as it is known."),
            _("A clock pauses with a reason, once, and shows on the board; the next time a desk above decides."),
        ),
        (
            *("tell", "plan_safety", "safety_plan_print", "watch_at_home", "follow_up", "report_mandatory"),
            *("note_receipt", "write_report", "report_print", "pause_clock", "resume_clock", "take_back_call"),
        ),
    ),
    "consent": Screen(
        _("Consent and contact"),
        _("What the guardian agreed to, and through whom the person does not want to be reached."),
        (
            _("Say who answered and how. A refusal is recorded like a consent, and never stops help in danger."),
            _("After “do not contact” nothing goes to that home; what must go all the same a second person decides."),
        ),
        ("record_consent", "agree_school", "stop_contact", "ask_contact", "allow_contact"),
    ),
    "sharing": Screen(
        _("Who may open a file"),
        _("Everybody who may open this file, why and until when; and how it moves to another county."),
        (
            _("An access is given until a day and with a reason; it ends by itself, or at once by your hand."),
            _("A school's crisis lead is given the cover alone: how things stand, and never what was said."),
            _("A transfer shows first what the other county would read. Nothing moves before it accepts."),
            _("A case has one manager at one school; what is attached is sealed, and opened by those who may."),
        ),
        (
            *("case_access", "grant_access", "revoke_access", "ask_transfer", "accept_transfer", "refuse_transfer"),
            *("assign_manager", "attach", "attachment_page", "withdraw_attachment", "flag_groups", "reopen_case"),
            *("person_entry", "person_result"),
        ),
    ),
    "leave": Screen(
        _("Leave and return"),
        _("The steps away from school and back, each with its papers and whose turn it is."),
        (
            _("Only the step that is possible now has a button; the panel of the case shows the way."),
            _("A refused return says what is missing and when it is looked at again; the family may appeal."),
            _("While somebody is away the school keeps in touch; each talk is written down."),
            _("The plan of return prints without tier or record."),
        ),
        (
            *("begin_leave", "leave_assess", "leave_talk", "leave_apply", "leave_extend", "leave_submit"),
            *("leave_ask_more", "leave_review", "leave_come_back", "leave_call_off", "follow_leave", "weigh_return"),
            *("decide_return", "appeal_return", "decide_appeal", "plan_return", "return_plan_print"),
            *("leave_papers", "leave_paper"),
        ),
    ),
    "letter": Screen(
        _("Sending a letter"),
        _("From the school's request to the hospital: asked, answered, accepted, sent, taken back."),
        (
            _("Look before you send: the preview is all that the receiver will read."),
            _("Whoever declines says why, and the sender is told at once; red is never declined."),
            _("A hospital without an account reads through a one-time link: send the code by another way."),
            _("Over water: two escorts at red, and a safety contact until they have arrived."),
        ),
        (
            *("accept_referral", "ask_for_more", "answer_referral", "take_over", "decline_referral", "send_referral"),
            *("redirect", "renew_letter", "go_on", "hand_to_rescue", "emergency", "make_link", "end_link", "withdraw"),
            *("plan_crossing", "move_crossing", "contact_crossing", "choose_time", "ask_other_times"),
            *("return_to_school", "close_referral", "paper"),
        ),
    ),
    "hospital": Screen(
        _("Receiving a letter"),
        _("A hospital's part: receive, offer a time, say what was found, or give it back."),
        (
            _("Receive first: that alone tells the sender that somebody has it."),
            _("Book a time or propose up to three; the county chooses and the others are free again."),
            _("The report goes to the county; the school reads the plan of return, not the report."),
            _("Cannot help? Give it back with the reason while there is time."),
        ),
        ("receive", "book", "propose_times", "record_feedback", "give_back"),
    ),
    "rota": Screen(
        _("Duty rota"),
        _("Who is on duty at a desk, hour by hour; warnings go to those who are."),
        (
            _("Plan a week from a pattern, then change single shifts. An empty hour is said in time."),
            _("Swap with a colleague: nothing changes before she agrees."),
        ),
        ("rota", "plan_shift", "plan_week", "drop_shift", "ask_swap", "answer_swap"),
    ),
    "policy": Screen(
        _("Policy"),
        _("The limits that clocks and tiers follow, each with its source; versions are kept."),
        (
            _("Change a figure and look at the preview: what would have rung, and for whom."),
            _("A version takes effect from a moment that you name; what runs already keeps its own time."),
        ),
        ("policy", "change_policy"),
    ),
    "staffing": Screen(
        _("Staffing"),
        _("Whether each school has its counsellors: the school returns, the county confirms, the bureau locks."),
        (
            _("A school fills and submits; the county confirms or sends back with a reason."),
            _("The ratio is counted from the returns; what-if shows what one more post would change."),
            _("After the term is locked a return changes only when the bureau unlocks it."),
        ),
        (
            *("staffing", "staffing_what_if", "returns", "staffing_return", "fill_return", "submit_return"),
            *("confirm_return", "send_back_return", "unlock_return", "open_term", "lock_term", "import_roster"),
            "change_staffing_policy",
        ),
    ),
    "centres": Screen(
        _("Centres"),
        _("What a county's centre must have, item by item, inspected and signed."),
        (
            _("The centre fills and submits; the bureau inspects, and signs or declines with a reason."),
            _("Activities count by hours and heads, without names."),
        ),
        (
            *("centres", "centre", "fill_centre", "submit_centre", "inspect_centre", "sign_centre", "decline_centre"),
            *("activities", "note_activity", "strike_activity"),
        ),
    ),
}
