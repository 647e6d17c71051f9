"""The states of a referral (DOMAIN.md, Green channel), as one table. An emergency begins at `sent`."""

from wellbeing.flow import Flow, Step

SCHOOL, TRIAGE, HOSPITAL = ("school_counsellor",), ("county_triage", "city_duty"), ("hospital_liaison",)
MACHINE = ("system",)

REFERRAL = Flow(
    "referral",
    initial="draft",
    final=("closed", "declined", "withdrawn", "expired"),
    steps=(
        Step("draft", "review_at_school", "submitted", SCHOOL),
        Step("draft", "open_channel", "sent", TRIAGE),
        Step("draft", "withdraw", "withdrawn", SCHOOL),
        Step("submitted", "triage", "accepted", TRIAGE),
        Step("submitted", "ask_for_more", "returned_for_more", TRIAGE),
        Step("submitted", "decline", "declined", TRIAGE),
        Step("submitted", "withdraw", "withdrawn", SCHOOL),
        Step("returned_for_more", "review_at_school", "submitted", SCHOOL),
        Step("returned_for_more", "withdraw", "withdrawn", SCHOOL),
        Step("returned_for_more", "expire", "expired", MACHINE),
        Step("accepted", "open_channel", "sent", TRIAGE),
        Step("accepted", "withdraw", "withdrawn", TRIAGE),
        Step("sent", "receive", "received", HOSPITAL),
        Step("sent", "redirect", "redirected", TRIAGE),
        Step("sent", "decline", "declined", HOSPITAL),
        Step("sent", "withdraw", "withdrawn", TRIAGE),
        Step("sent", "expire", "expired", MACHINE),
        Step("redirected", "open_channel", "sent", TRIAGE),
        Step("redirected", "withdraw", "withdrawn", TRIAGE),
        Step("received", "book", "appointment", HOSPITAL),
        Step("received", "decline", "declined", HOSPITAL),
        Step("received", "withdraw", "withdrawn", TRIAGE),
        Step("appointment", "book", "appointment", HOSPITAL),
        Step("appointment", "attend", "attended", HOSPITAL),
        Step("appointment", "withdraw", "withdrawn", TRIAGE),
        Step("attended", "record_feedback", "reported", HOSPITAL),
        Step("reported", "return_to_school", "return_plan", TRIAGE),
        Step("return_plan", "follow_up", "followed_up", TRIAGE),
        Step("followed_up", "close", "closed", TRIAGE),
    ),
)


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
