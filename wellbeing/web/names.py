"""What codes are called on a page: one table per kind of code, so that no template knows a code's words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.clocks import CLOCK_TEXT
from cases.consent import CONSENT_TEXT
from cases.flow import BATCH_TEXT, STATUS_TEXT
from cases.models import CloseReason, EntryKind, ReportKind
from cases.pausing import PAUSE_TEXT
from cases.retention import HOLD_TEXT
from cases.telling import HOW_TEXT, TOLD_TEXT, WHOM_TEXT
from cases.transfer import BASIS_TEXT, END_TEXT
from referrals.crossing import CROSSING_TEXT, PORT_TEXT, VESSEL_TEXT
from referrals.flow import STATE_TEXT
from referrals.models import Why
from wellbeing.access.models import Hold, Origin
from wellbeing.people.centre_items import ITEM_TEXT
from wellbeing.people.flow import CENTRE_TEXT, RETURN_TEXT
from wellbeing.registers.flow import INCIDENT_TEXT, YEAR_TEXT
from wellbeing.registers.kinds import ABOUT_TEXT, ACTIVITY_TEXT, LINE_TEXT, TOLD_WHOM
from wellbeing.registers.year_access import staff_label

# Colour, and what it means; the badge shows both beside its shape.
TIERS: dict[str, tuple[str, str]] = {
    "red": (gettext_noop("Red"), gettext_noop("acute danger")),
    "orange": (gettext_noop("Orange"), gettext_noop("high risk")),
    "yellow": (gettext_noop("Yellow"), gettext_noop("moderate risk")),
    "blue": (gettext_noop("Blue"), gettext_noop("watch")),
    "green": (gettext_noop("Green"), gettext_noop("routine")),
}
NOTICES: dict[str, str] = {
    "warning": gettext_noop("A new warning waits for you"),
    "acknowledged": gettext_noop("Your warning was acknowledged"),
    "warning_again": gettext_noop("Nobody has acknowledged a warning yet"),
    "due_soon": gettext_noop("A clock will run out soon"),
    "draft_waits": gettext_noop("A call sheet was begun and has not been logged"),
    "draft_stuck": gettext_noop("A call sheet that nobody has logged cannot be brought up by the system: ask for it"),
    "draft_logged": gettext_noop("The city's desk has logged your call sheet: the case is yours"),
    "debrief_left": gettext_noop("A colleague has left a note after a hard call"),
    "raised": gettext_noop("A case that you follow was raised: look at its tier"),
    "danger_again": gettext_noop("Danger was heard again in a red case: read the file"),
    "call_news": gettext_noop("There is news from the call of a warning: read the sheet"),
    "callback_unreached": gettext_noop("Three call-backs without an answer: decide what happens"),
    "escalated": gettext_noop("A clock ran out, or nobody was on duty, and it came up to you"),
    "screening_flag": gettext_noop("A student has answered, and waits for a talk with you"),
    "named_second": gettext_noop("You are named as the second person for not asking a guardian: object if you are not"),
    "found_at_school": gettext_noop("Another school flagged a student of this number: is she there now?"),
    "screening_waits": gettext_noop("A screening file waits to be confirmed: until then nobody in it is warned about"),
    "screening_dropped": gettext_noop("A screening file was destroyed because nobody confirmed it: bring it again"),
    "screening_danger_gone": gettext_noop(
        "A screening file that shows red or orange was dropped: ask who did, and why"
    ),
    "screening_stuck": gettext_noop("Part of a screening file cannot be imported: nobody in it has been warned about"),
    "interviews_left": gettext_noop("A campaign has ended, and flagged students still wait for a talk"),
    "glass_broken": gettext_noop("A file was opened in an emergency: review it within a day"),
    "glass_here": gettext_noop("A file that you work with was opened by somebody else in an emergency"),
    "sealed_asked": gettext_noop("Somebody asks for the sealed section of a file: answer within ten minutes"),
    "sealed_confirmed": gettext_noop("The sealed section that you asked for is open to you for minutes"),
    "sealed_refused": gettext_noop("The second person refused to open the sealed section"),
    "caller_refused": gettext_noop("Your asking for a caller's number was refused"),
    "glass_late": gettext_noop("An opening in an emergency has waited too long for its review"),
    "glass_doubted": gettext_noop("An opening in an emergency was found not justified, or unclear"),
    "glass_reviewed": gettext_noop("Your opening in an emergency was reviewed"),
    "records_received": gettext_noop("A request for records waits for you to examine it"),
    "records_asked": gettext_noop("Somebody asks for records of a case of yours: say whose home must not be reached"),
    "records_proposed": gettext_noop("An answer to a request for records waits for a second person"),
    "records_decided": gettext_noop("A request for records was decided, or sent back"),
    "records_late": gettext_noop("A request for records is not decided yet, and its day is near or over"),
    "erasure_asked": gettext_noop("A closed case is to be erased: confirm it as the second person"),
    "contact_asked": gettext_noop("A colleague asks that a home may be reached again: decide as the second person"),
    "caller_asked": gettext_noop("Somebody asks for a caller's number: confirm it within ten minutes, or let it lapse"),
    "calls_unlogged": gettext_noop("Calls were taken and nobody has logged them: their numbers will be destroyed"),
    "heavy_shift": gettext_noop("A counsellor has had too many red calls in this shift: relieve and debrief"),
    "caller_here": gettext_noop("A colleague perhaps has a caller of yours on the line, and asks you"),
    "caller_consult": gettext_noop("A counsellor asks about a caller who perhaps has an open case elsewhere"),
    "caller_confirmed": gettext_noop("Your asking for a caller's number was confirmed: read it within ten minutes"),
    "export_asked": gettext_noop("Somebody wants to take a long list out as a file: confirm it, or let it lapse"),
    "export_ready": gettext_noop("A file waits for you: fetch it once, before its time is over"),
    "export_fetched": gettext_noop("A file that you asked for was fetched by its receiver"),
    "post_waits": gettext_noop("Somebody was proposed for a post: confirm it as the second person, or decline it"),
    "token_waits": gettext_noop("Somebody asks for a token of the API: confirm it as the second person, or decline it"),
    "caller_read": gettext_noop("A caller's number that you confirmed was read"),
    "swap_asked": gettext_noop("A colleague asks you to take a shift over"),
    "swap_answered": gettext_noop("Your question about a shift was answered"),
    "rota_gap": gettext_noop("A desk of yours will have nobody on duty"),
    "return_sent_back": gettext_noop("Your staffing return was sent back"),
    "return_unlocked": gettext_noop("Your staffing return was unlocked: mend it and submit it again"),
    "year_waits": gettext_noop("A hotline's yearly return waits for you to confirm it"),
    "year_sent_back": gettext_noop("Your hotline's yearly return was sent back: mend it"),
    "incident": gettext_noop("An incident on campus was reported"),
    "concern": gettext_noop("A teacher has reported a concern: look at it"),
    "handover": gettext_noop("Cases of a colleague were handed over to you"),
    "handover_away": gettext_noop("Your cases were handed over to a colleague in your name"),
    "cover_over": gettext_noop("Your cover is over: the cases are with your colleague again"),
    "handed_back": gettext_noop("Your cases are with you again"),
    "manager": gettext_noop("You are the case manager now"),
    "manager_left": gettext_noop("The manager of a case has left: name another one"),
    "calls_left": gettext_noop("A counsellor has left: the cases of her calls are with you, see to their call-backs"),
    "case_alone": gettext_noop(
        "Nobody who worked on this case is there any more: your desk stands in, see who takes it"
    ),
    "managers_left": gettext_noop("A colleague has left, and her cases have no manager: hand them over"),
    "given": gettext_noop("A file was opened to you"),
    "row_forged": gettext_noop("A grant or a post stands in the database that was not given here: look at the audit"),
    "channel_dead": gettext_noop("A channel of notices does not work"),
    "channel_back": gettext_noop("A channel of notices works again"),
    "platform_refused": gettext_noop("The data platform's daily file was refused"),
    "platform_back": gettext_noop("The data platform's daily file is written again"),
    "notice_stuck": gettext_noop("A notice of the page has not gone through for half an hour: it is tried on"),
    "notice_dead": gettext_noop("A notice was given up: its channel never took it"),
    "absence": gettext_noop("A colleague goes on leave"),
    "absence_over": gettext_noop("A leave was ended or taken back"),
    "absence_yours": gettext_noop("A leave was entered for you"),
    "desk_empty": gettext_noop("A desk is left with nobody: its people are on leave"),
    "desk_left": gettext_noop("A desk is left with nobody: its last post ends"),
    "leave": gettext_noop("A leave or a return has moved on: look what comes next"),
    "confirm_lowering": gettext_noop("A lowering waits for a second person"),
    "confirm_closing": gettext_noop("The closing of a case in danger waits for a second person"),
    "clock_stuck": gettext_noop("A clock of a case cannot be looked at by the system: look at the case yourselves"),
    "reopened": gettext_noop("A closed case of your desk was opened again: read why"),
    "pause_asked": gettext_noop("A clock is to stand still again: decide whether it may"),
    "clock_goes_on": gettext_noop("The pause of a clock is over: it runs again"),
    "refused_again": gettext_noop("A guardian refused again: the county centre joins"),
    "transfer_asked": gettext_noop("A file waits to be taken over"),
    "danger_elsewhere": gettext_noop("Danger was heard about a person whose file you took over: ask the hotline"),
    "transfer_taken": gettext_noop("Your desk has taken a file over: name its case manager"),
    "transfer_accepted": gettext_noop("A file was handed over; what stays with you is under “Closed and handed over”"),
    "transfer_refused": gettext_noop("A file was sent back: it stays with you, read why"),
    "referral_sent": gettext_noop("A referral has arrived"),
    "referral_submitted": gettext_noop("A school asks for a referral, or has answered"),
    "referral_asked": gettext_noop("The county centre asks you for more about a referral"),
    "referral_accepted": gettext_noop("The county centre has accepted your referral"),
    "referral_declined": gettext_noop("The county centre has declined a referral"),
    "referral_given_back": gettext_noop("A referral was given back: find another place"),
    "referral_missed": gettext_noop("The person did not come to the appointment"),
    "referral_renewed": gettext_noop("A referral letter has a new version"),
    "referral_expired": gettext_noop("A referral has expired"),
    "referral_received": gettext_noop("The referral was received"),
    "times_proposed": gettext_noop("The hospital proposes times: choose one"),
    "time_chosen": gettext_noop("A time for the appointment was chosen"),
    "times_asked": gettext_noop("The county centre asks for other times"),
    "times_passed": gettext_noop("Proposed times have passed without a choice"),
    "appointment_booked": gettext_noop("An appointment was booked"),
    "feedback": gettext_noop("A report has come back"),
    "crossing": gettext_noop("A crossing was planned or has changed"),
    "link_opened": gettext_noop("A one-time link to a letter was opened"),
    "link_exhausted": gettext_noop("A one-time link ended after wrong codes: make a new one"),
    "link_over": gettext_noop("A one-time link has ended, and the hospital still owes its answer: make a new one"),
    "return_plan": gettext_noop("A return-to-school plan has arrived"),
    "referral_tier": gettext_noop("The tier of a referral has changed"),
    "consent_back": gettext_noop("A guardian took the consent back: end the referral, or go on where danger stands"),
    "consent_again": gettext_noop("A guardian has consented again: the referral goes on"),
    "goes_on": gettext_noop("A referral goes on without consent: the danger stands"),
    "gave_way": gettext_noop("An emergency went first: a referral has ended for it"),
    "referral_withdrawn": gettext_noop("A referral was withdrawn"),
}
CHANNELS: dict[str, str] = {
    "in_app": gettext_noop("the page"),
    "robot": gettext_noop("the chat robot"),
    "sms": gettext_noop("SMS"),
    "email": gettext_noop("e-mail"),
}
MACHINES: dict[str, str] = {
    "ticker": gettext_noop("the clock keeper"),
    "worker": gettext_noop("the messenger"),
}


def _of(table: Mapping[Any, str]) -> Callable[[str], str]:
    return lambda code: _(table[code]) if code in table else code


def _choice(kind: Any) -> Callable[[str], str]:
    return lambda code: str(kind(code).label) if code in kind.values else code


KINDS: dict[str, Callable[[str], str]] = {
    "clock": _of(CLOCK_TEXT),
    "pause": _of(PAUSE_TEXT),
    "close": _choice(CloseReason),
    "status": _of(STATUS_TEXT),
    "batch": _of(BATCH_TEXT),
    "state": _of(STATE_TEXT),
    "notice": _of(NOTICES),
    "machine": _of(MACHINES),
    "channel": _of(CHANNELS),
    "entry": _choice(EntryKind),
    "hold": _choice(Hold),
    "legal_hold": _of(HOLD_TEXT),
    "origin": _choice(Origin),
    "whom": _of(WHOM_TEXT),
    "told": _of(TOLD_TEXT),
    "how": _of(HOW_TEXT),
    "why": _choice(Why),
    "consent": _of(CONSENT_TEXT),
    "port": _of(PORT_TEXT),
    "vessel": _of(VESSEL_TEXT),
    "crossing": _of(CROSSING_TEXT),
    "basis": _of(BASIS_TEXT),
    "end": _of(END_TEXT),
    "report": _choice(ReportKind),
    "return": _of(RETURN_TEXT),
    "centre": _of(CENTRE_TEXT),
    "item": _of(ITEM_TEXT),
    "incident": _of(INCIDENT_TEXT),
    "about": _of(ABOUT_TEXT),
    "staff": staff_label,
    "year": _of(YEAR_TEXT),
    "activity": _of(ACTIVITY_TEXT),
    "line": _of(LINE_TEXT),
    "told_whom": _of(TOLD_WHOM),
    "tier": lambda code: _(TIERS[code][0]) if code in TIERS else code,
}


def called(code: object, kind: str) -> str:
    """The words for one code; an unknown code stays as it is. KeyError for an unknown kind."""
    return KINDS[kind](str(code))


# Faults of a field that Django names itself, in words of ours: the catalogue here goes before its own.
FIELD_FAULTS = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter a number."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Enter a valid date/time."),
    gettext_noop("Ensure this value is greater than or equal to %(limit_value)s."),
    gettext_noop("Ensure this value is less than or equal to %(limit_value)s."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
)
