"""The states of a referral (DOMAIN.md, Green channel), as one table: who does what, and which clocks end and begin.

Nothing is ever sent and forgotten: every state that is not final has a clock that runs (tests/referrals/test_flow.py).
A hospital that declines gives the referral back; only the county's refusal of a school's request is an end.
"""

from cases.clocks import ClockKind as C
from wellbeing.flow import Flow, Step

SCHOOL, TRIAGE, HOSPITAL = ("school_counsellor",), ("county_triage", "city_duty"), ("hospital_liaison",)
MACHINE = ("system",)
ON_THE_WAY = (C.CHANNEL, C.APPOINTMENT)  # from the county's yes until the hospital has given a time
ALL = (C.TRIAGE, C.ANSWER, C.CHANNEL, C.APPOINTMENT, C.FEEDBACK)

REFERRAL = Flow(
    "referral",
    initial="draft",
    final=("closed", "declined", "withdrawn", "expired"),
    steps=(
        Step("draft", "submit_referral", "submitted", SCHOOL, starts=(C.TRIAGE,)),
        Step("draft", "open_channel", "sent", TRIAGE, starts=ON_THE_WAY),
        Step("submitted", "accept_referral", "accepted", TRIAGE, stops=(C.TRIAGE,), starts=ON_THE_WAY),
        Step("submitted", "ask_for_more", "returned_for_more", TRIAGE, stops=(C.TRIAGE,), starts=(C.ANSWER,)),
        Step("submitted", "decline_referral", "declined", TRIAGE, stops=(C.TRIAGE,)),
        Step("submitted", "withdraw", "withdrawn", SCHOOL, stops=(C.TRIAGE,)),
        Step("returned_for_more", "answer_referral", "submitted", SCHOOL, stops=(C.ANSWER,), starts=(C.TRIAGE,)),
        Step("returned_for_more", "take_over", "accepted", TRIAGE, stops=(C.ANSWER,), starts=ON_THE_WAY),
        Step("returned_for_more", "withdraw", "withdrawn", SCHOOL, stops=(C.ANSWER,)),
        Step("returned_for_more", "expire", "expired", MACHINE, stops=(C.ANSWER,)),
        Step("accepted", "send_referral", "sent", TRIAGE),
        Step("accepted", "withdraw", "withdrawn", TRIAGE, stops=ON_THE_WAY),
        Step("sent", "receive", "received", HOSPITAL),
        Step("sent", "redirect", "redirected", TRIAGE),
        Step("sent", "give_back", "redirected", HOSPITAL),
        Step("sent", "withdraw", "withdrawn", TRIAGE, stops=ON_THE_WAY),
        Step("sent", "expire", "expired", MACHINE, stops=ON_THE_WAY),
        Step("redirected", "send_referral", "sent", TRIAGE),
        Step("redirected", "withdraw", "withdrawn", TRIAGE, stops=ON_THE_WAY),
        Step("received", "book", "appointment", HOSPITAL, stops=(C.APPOINTMENT,), starts=(C.FEEDBACK,)),
        Step("received", "redirect", "redirected", TRIAGE),
        Step("received", "give_back", "redirected", HOSPITAL),
        Step("received", "withdraw", "withdrawn", TRIAGE, stops=ON_THE_WAY),
        Step("appointment", "book", "appointment", HOSPITAL, stops=(C.FEEDBACK,), starts=(C.FEEDBACK,)),
        Step("appointment", "miss", "received", HOSPITAL, stops=(C.FEEDBACK,), starts=(C.APPOINTMENT,)),
        Step("appointment", "attend", "attended", HOSPITAL),
        Step("appointment", "give_back", "redirected", HOSPITAL, stops=(C.FEEDBACK,), starts=(C.APPOINTMENT,)),
        Step("appointment", "withdraw", "withdrawn", TRIAGE, stops=(C.CHANNEL, C.FEEDBACK)),
        Step("attended", "record_feedback", "reported", HOSPITAL, stops=(C.FEEDBACK,)),
        Step("reported", "return_to_school", "return_plan", TRIAGE),
        Step("return_plan", "follow_up", "followed_up", TRIAGE),
        Step("followed_up", "close", "closed", TRIAGE, stops=(C.CHANNEL,)),
    ),
)

# Whose turn it is in each state, as the field of the referral that names the desk.
TURN = {
    "submitted": "to_desk",
    "returned_for_more": "asked_by",
    "accepted": "from_desk",
    "redirected": "from_desk",
    "sent": "to_desk",
    "received": "to_desk",
    "appointment": "to_desk",
    "attended": "to_desk",
    "reported": "from_desk",
    "return_plan": "from_desk",
    "followed_up": "from_desk",
}


def _(text: str) -> str:
    """Marks an English text for translation; the page translates it."""
    return text


STATE_TEXT = {
    "draft": _("Draft"),
    "submitted": _("Submitted"),
    "accepted": _("Accepted by the county centre"),
    "sent": _("Sent to the hospital"),
    "received": _("Received"),
    "appointment": _("Appointment"),
    "attended": _("Attended"),
    "reported": _("Reported back"),
    "return_plan": _("Return-to-school plan"),
    "followed_up": _("Followed up"),
    "closed": _("Closed"),
    "returned_for_more": _("Returned for more"),
    "redirected": _("Redirected"),
    "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
    "expired": _("Expired"),
}
