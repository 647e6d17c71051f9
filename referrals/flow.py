"""The states of a referral (DOMAIN.md, Green channel), as one table: who does what, and which clocks end and begin.

Nothing is ever sent and forgotten: every state that is not final has a clock that runs (tests/referrals/test_flow.py).
A hospital that declines gives the referral back; only the county's refusal of a school's request is an end. The city
centre receives like a hospital, and may be the one who sends elsewhere: a step counts through the desk that the
referral names for it, never by the role alone.
"""

from cases.clocks import ClockKind as C
from wellbeing.flow import Flow, Step
from wellbeing.translatable import _

SCHOOL, TRIAGE = ("school_counsellor",), ("county_triage", "city_duty")
DESTINATION = ("hospital_liaison", "city_duty")
MACHINE = ("system",)
# A machine takes the steps of one role: ticker and channel their own, a reader through a one-time link the hospital's.
STANDS_FOR = {"system:ticker": "system", "system:channel": "system", "system:link": "hospital_liaison"}
ON_THE_WAY = (C.CHANNEL, C.APPOINTMENT)  # from the county's yes until the hospital has given a time
ALL = (C.TRIAGE, C.ANSWER, C.CHANNEL, C.APPOINTMENT, C.FEEDBACK, C.RETURN_PLAN)
GIVES_WAY = {
    "submitted": (C.TRIAGE,),
    "returned_for_more": (C.ANSWER,),
    **dict.fromkeys(("accepted", "sent", "redirected", "received", "proposed"), ON_THE_WAY),
    **dict.fromkeys(("appointment", "attended"), (C.CHANNEL, C.FEEDBACK)),
    "reported": (C.CHANNEL, C.RETURN_PLAN),
    **dict.fromkeys(("return_plan", "followed_up"), (C.CHANNEL,)),
}

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
        Step("sent", "receive", "received", DESTINATION),
        Step("sent", "redirect", "redirected", TRIAGE),
        Step("sent", "give_back", "redirected", DESTINATION),
        Step("sent", "go_on", "sent", TRIAGE),
        Step("sent", "withdraw", "withdrawn", TRIAGE, stops=ON_THE_WAY),
        Step("sent", "expire", "expired", MACHINE, stops=ON_THE_WAY),
        Step("redirected", "send_referral", "sent", TRIAGE),
        Step("redirected", "withdraw", "withdrawn", TRIAGE, stops=ON_THE_WAY),
        Step("received", "book", "appointment", DESTINATION, stops=(C.APPOINTMENT,), starts=(C.FEEDBACK,)),
        Step("received", "propose_times", "proposed", DESTINATION),
        Step("received", "redirect", "redirected", TRIAGE),
        Step("received", "give_back", "redirected", DESTINATION),
        Step("received", "go_on", "received", TRIAGE),
        Step("received", "withdraw", "withdrawn", TRIAGE, stops=ON_THE_WAY),
        Step("proposed", "choose_time", "appointment", TRIAGE, stops=(C.APPOINTMENT,), starts=(C.FEEDBACK,)),
        Step("proposed", "ask_other_times", "received", TRIAGE),
        Step("proposed", "propose_times", "proposed", DESTINATION),
        Step("proposed", "book", "appointment", DESTINATION, stops=(C.APPOINTMENT,), starts=(C.FEEDBACK,)),
        Step("proposed", "drop_times", "received", MACHINE),
        Step("proposed", "redirect", "redirected", TRIAGE),
        Step("proposed", "give_back", "redirected", DESTINATION),
        Step("proposed", "go_on", "proposed", TRIAGE),
        Step("proposed", "withdraw", "withdrawn", TRIAGE, stops=ON_THE_WAY),
        Step("appointment", "book", "appointment", DESTINATION, stops=(C.FEEDBACK,), starts=(C.FEEDBACK,)),
        Step("appointment", "miss", "received", DESTINATION, stops=(C.FEEDBACK,), starts=(C.APPOINTMENT,)),
        Step("appointment", "attend", "attended", DESTINATION),
        Step("appointment", "give_back", "redirected", DESTINATION, stops=(C.FEEDBACK,), starts=(C.APPOINTMENT,)),
        Step("appointment", "redirect", "redirected", TRIAGE, stops=(C.FEEDBACK,), starts=(C.APPOINTMENT,)),
        Step("appointment", "go_on", "appointment", TRIAGE),
        Step("appointment", "withdraw", "withdrawn", TRIAGE, stops=(C.CHANNEL, C.FEEDBACK)),
        Step("attended", "record_feedback", "reported", DESTINATION, stops=(C.FEEDBACK,), starts=(C.RETURN_PLAN,)),
        Step("reported", "return_to_school", "return_plan", TRIAGE, stops=(C.RETURN_PLAN,)),
        Step("reported", "redirect", "redirected", TRIAGE, stops=(C.RETURN_PLAN,), starts=(C.APPOINTMENT,)),
        Step("return_plan", "follow_up", "followed_up", TRIAGE),
        Step("return_plan", "redirect", "redirected", TRIAGE, starts=(C.APPOINTMENT,)),
        Step("followed_up", "close", "closed", TRIAGE, stops=(C.CHANNEL,)),
        # An emergency of the case goes first: what another desk has under way ends for it, wherever it is.
        *(Step(state, "give_way", "withdrawn", MACHINE, stops=stops) for state, stops in GIVES_WAY.items()),
    ),
)

# Sending a letter takes the step that lies before it, so that a county may answer a request with one click.
BEFORE_SENDING = {"submitted": "accept_referral", "returned_for_more": "take_over"}

# Where a hospital has the letter and owes an answer.
AT_HOSPITAL = ("sent", "received", "proposed", "appointment")

# Whose turn it is in each state, as the field of the referral that names the desk.
TURN = {
    "submitted": "to_desk",
    "returned_for_more": "asked_by",
    "accepted": "from_desk",
    "redirected": "from_desk",
    "sent": "to_desk",
    "received": "to_desk",
    "proposed": "from_desk",
    "appointment": "to_desk",
    "attended": "to_desk",
    "reported": "from_desk",
    "return_plan": "from_desk",
    "followed_up": "from_desk",
}


def sender(state: str) -> str:
    """The field of the referral that names the desk which sends its letter, or would: before that, the county asked."""
    return "to_desk" if state in BEFORE_SENDING else "from_desk"


def through(state: str, action: str) -> str:
    """The field of the referral that names the desk through which a step goes. Raises WrongState."""
    who = REFERRAL.step(state, action).who
    if who == TRIAGE and state in BEFORE_SENDING:  # the county decides on what a school has asked of it
        return "to_desk"
    return {SCHOOL: "asked_by", TRIAGE: "from_desk", DESTINATION: "to_desk", MACHINE: ""}[who]


STATE_TEXT = {
    "draft": _("Draft"),
    "submitted": _("Submitted"),
    "accepted": _("Accepted by the county centre"),
    "sent": _("Letter sent"),
    "received": _("Received"),
    "proposed": _("Times proposed"),
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
# What happens beside the journey and stands in its timeline: the state stays.
EVENT_TEXT = {
    "police": _("Handed over to the police, 110"),
    "ambulance": _("Handed over to the ambulance, 120"),
    "sea_rescue": _("Handed over to the sea rescue, 12395"),
    "renewed": _("Letter written anew"),
    "gave_way": _("An emergency went first: this referral ended for it"),
    "raised": _("The case was raised"),
    "lowered": _("The case was lowered"),
    "consent_back": _("The guardian took the consent back"),
    "consent_again": _("The guardian has consented again"),
    "without_consent": _("Goes on without consent: the danger stands"),
}
