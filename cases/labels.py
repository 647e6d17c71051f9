"""What codes are called: fields, answers, bands, events. The tables alone; cases/display.py reads them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from cases.attachment import ATTACHED_TEXT
from cases.clocks import CLOCK_TEXT
from cases.consent import CONSENT_TEXT, NOT_SOUGHT_TEXT, RELATION_TEXT
from cases.mandatory import AUTHORITY_TEXT, GROUND_TEXT
from cases.models import CallBackOutcome, ReportKind
from cases.safety_plan import STAYS, STEPS
from cases.telling import HOW_TEXT, TOLD_TEXT, WHOM_TEXT
from cases.tiers import RULE_TEXT
from cases.transfer import BASIS_TEXT
from wellbeing.access.permissions import P
from wellbeing.audit.tags import Tag
from wellbeing.content import ENDING

# Fields that are not on the call sheet.
LABELS = {
    "proposed": gettext_noop("Proposed tier"),
    "rules": gettext_noop("Rules that fired"),
    "tier": gettext_noop("Tier"),
    "from": gettext_noop("From"),
    "to": gettext_noop("To"),
    "because": gettext_noop("Reason"),
    "how": gettext_noop("How"),
    "note": gettext_noop("Note"),
    "manager": gettext_noop("Case manager"),
    "desk": gettext_noop("Desk"),
    "total": gettext_noop("Total"),
    "band": gettext_noop("Band"),
    "parts": gettext_noop("Parts"),
    "instrument": gettext_noop("Instrument"),
    "answers": gettext_noop("Answers"),
    "student_number": gettext_noop("Student number"),
    "critical": gettext_noop("Critical item"),
    "whom": gettext_noop("Who is told"),
    "told": gettext_noop("What came of it"),
    "outcome": gettext_noop("What came of it"),
    "hope": gettext_noop("Hope"),
    "intent": gettext_noop("Intent to die"),
    "consent": gettext_noop("The guardian's answer"),
    "relation": gettext_noop("Who answered"),
    "who": gettext_noop("Name of whoever answered"),
    "why_not": gettext_noop("Not sought, because"),
    "document": gettext_noop("Signed paper (number or where it is)"),
    "watch": gettext_noop("Who watches, when and how"),
    "clock": gettext_noop("Clock"),
    "ground": gettext_noop("Ground"),
    "authority": gettext_noop("Reported to"),
    "reported_to": gettext_noop("Name or number of whoever took it"),
    "receipt_no": gettext_noop("Receipt number"),
    "report": gettext_noop("Written report"),
    "summary": gettext_noop("How things stand"),
    "measures": gettext_noop("What was done"),
    "attached": gettext_noop("What it is"),
    "file_name": gettext_noop("File name"),
    "file_type": gettext_noop("Kind of file"),
    "file_size": gettext_noop("Size"),
    "basis": gettext_noop("On what basis"),
    "new_school": gettext_noop("New school"),
    "refused": gettext_noop("Sent back, because"),
    "next_steps": gettext_noop("What happens next"),
    **{step.code: step.title for step in (*STEPS, *STAYS)},
}
# Codes whose words depend on the field they stand in.
TABLES: dict[str, Mapping[Any, Any]] = {
    "whom": WHOM_TEXT,
    "told": TOLD_TEXT,
    "how": {**HOW_TEXT, "met": gettext_noop("Met"), "home_visit": gettext_noop("Home visit")},
    "outcome": dict(CallBackOutcome.choices),
    "consent": CONSENT_TEXT,
    "relation": RELATION_TEXT,
    "why_not": NOT_SOUGHT_TEXT,
    "clock": CLOCK_TEXT,
    "ground": GROUND_TEXT,
    "authority": AUTHORITY_TEXT,
    "report": dict(ReportKind.choices),
    "rules": RULE_TEXT,
    "basis": BASIS_TEXT,
    "attached": ATTACHED_TEXT,
    "file_type": {kind.value: ending.upper() for kind, ending in ENDING.items()},
}
BAND_TEXT = {
    "incomplete": gettext_noop("Incomplete"),
    "minimal": gettext_noop("Minimal"),
    "mild": gettext_noop("Mild"),
    "moderate": gettext_noop("Moderate"),
    "moderately_severe": gettext_noop("Moderately severe"),
    "severe": gettext_noop("Severe"),
    "none": gettext_noop("None of note"),
    "low": gettext_noop("Low"),
    "high": gettext_noop("High"),
    "very_severe": gettext_noop("Very severe"),
    "normal": gettext_noop("Normal"),
    "borderline": gettext_noop("Borderline"),
    "abnormal": gettext_noop("Abnormal"),
    "negative": gettext_noop("Negative"),
    "non_acute": gettext_noop("Positive, not acute"),
    "acute": gettext_noop("Acutely positive"),
    "clear": gettext_noop("Below every limit"),
    "flagged": gettext_noop("Look closer"),
}
# What the timeline says of an event, by permission or tag.
ACT_TEXT: dict[str, str] = {
    P.CALL_TAKE: gettext_noop("Call logged, case opened"),
    P.WARNING_ACKNOWLEDGE: gettext_noop("Warning acknowledged"),
    P.WARNING_ESCALATE: gettext_noop("Escalated: the clock ran out"),
    P.RISK_ASSESS: gettext_noop("Risk assessed"),
    P.INSTRUMENT_RECORD: gettext_noop("Instrument recorded"),
    P.TIER_RAISE: gettext_noop("Tier raised"),
    P.TIER_LOWER: gettext_noop("Lowering proposed"),
    P.LOWERING_CONFIRM: gettext_noop("Lowering confirmed by a second person"),
    P.MANAGER_ASSIGN: gettext_noop("Case manager named"),
    P.FOLLOW_UP: gettext_noop("Followed up"),
    P.CONSENT_RECORD: gettext_noop("The guardian's answer recorded"),
    P.TRANSFER_ASK: gettext_noop("Another desk was asked to take the file over"),
    P.TRANSFER_ANSWER: gettext_noop("A transfer was answered"),
    P.CASE_CLOSE: gettext_noop("Case closed"),
    P.SCREENING_IMPORT: gettext_noop("Opened from a screening"),
    P.CLOCK_KEEP: gettext_noop("Clock of the green channel set"),
    P.CLOCK_REMIND: gettext_noop("Reminded: a clock will run out"),
    P.CLOCK_PAUSE: gettext_noop("Clock paused"),
    P.CLOCK_RESUME: gettext_noop("Clock goes on"),
    P.WARNING_RING: gettext_noop("Rang again: nobody had acknowledged"),
    P.TELL: gettext_noop("Recorded who was told"),
    P.CALL_BACK: gettext_noop("Called back"),
    P.SAFETY_PLAN: gettext_noop("Safety plan made"),
    P.SCHOOL_AGREE: gettext_noop("Agreed that the school takes part"),
    P.MANDATORY_REPORT: gettext_noop("Mandatory report"),
    P.ATTACH: gettext_noop("Paper attached"),
    P.REPORT_WRITE: gettext_noop("Written report"),
    P.CHANNEL_OPEN: gettext_noop("Referred through the green channel"),
    P.REFERRAL_RECEIVE: gettext_noop("Referral received"),
    P.APPOINTMENT_BOOK: gettext_noop("Appointment booked"),
    P.FEEDBACK_RECORD: gettext_noop("Hospital reported back"),
    P.CROSSING_KEEP: gettext_noop("Crossing"),
    P.RETURN_PLAN: gettext_noop("Return to school planned"),
    P.REFERRAL_SUBMIT: gettext_noop("Referral asked for by the school"),
    P.REFERRAL_TRIAGE: gettext_noop("County centre decided on the referral"),
    P.REFERRAL_ANSWER: gettext_noop("School answered the county centre"),
    P.REFERRAL_SEND: gettext_noop("Referral sent to a hospital"),
    P.REFERRAL_REDIRECT: gettext_noop("Referral taken back for another hospital"),
    P.REFERRAL_GIVE_BACK: gettext_noop("Hospital gave the referral back"),
    P.REFERRAL_EXPIRE: gettext_noop("Referral expired"),
    P.REFERRAL_CLOSE: gettext_noop("Referral closed"),
    P.REFERRAL_WITHDRAW: gettext_noop("Referral withdrawn"),
    Tag.READ_FILE: gettext_noop("File opened"),
    Tag.READ_PACKET: gettext_noop("Packet opened"),
}
VALUES = {
    "red": gettext_noop("Red"),
    "orange": gettext_noop("Orange"),
    "yellow": gettext_noop("Yellow"),
    "blue": gettext_noop("Blue"),
    "green": gettext_noop("Green"),
    "met": gettext_noop("Met"),
    "phone": gettext_noop("By telephone"),
    "home_visit": gettext_noop("Home visit"),
    "unreached": gettext_noop("Not reached"),
    "improved": gettext_noop("Improved"),
    "yes": gettext_noop("Yes"),
    "no": gettext_noop("No"),
}
