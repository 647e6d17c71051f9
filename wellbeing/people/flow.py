"""The states of a staffing return and of a standard centre, as one table each: who does what, and what is next."""

from enum import StrEnum

from wellbeing.flow import Flow, Step
from wellbeing.translatable import _


class ReturnState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    LOCKED = "locked"
    LAPSED = "lapsed"


class CentreState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    STANDARD = "standard"


RETURN_TEXT: dict[ReturnState, str] = {
    ReturnState.DRAFT: _("not submitted"),
    ReturnState.SUBMITTED: _("submitted"),
    ReturnState.RETURNED: _("sent back"),
    ReturnState.CONFIRMED: _("confirmed"),
    ReturnState.LOCKED: _("locked"),
    ReturnState.LAPSED: _("not reported in time"),
}
CENTRE_TEXT: dict[CentreState, str] = {
    CentreState.DRAFT: _("being filled in"),
    CentreState.SUBMITTED: _("waits for inspection"),
    CentreState.DECLINED: _("not standard yet"),
    CentreState.STANDARD: _("standard"),
}

SCHOOL, COUNTY, CITY = ("school_counsellor", "school_crisis_lead"), ("county_triage", "city_duty"), ("education_admin",)
MAY_FILL = (ReturnState.DRAFT, ReturnState.RETURNED)  # in these the school writes
COUNTED = (ReturnState.SUBMITTED, ReturnState.CONFIRMED, ReturnState.LOCKED)  # in these the figures count
SHUT = (ReturnState.LOCKED, ReturnState.LAPSED)  # in these nothing changes but by an unlock

# The lock of a term takes every return with it: what was not confirmed by then has lapsed.
RETURN = Flow(
    "staffing_return",
    initial="draft",
    final=("locked", "lapsed"),
    steps=(
        Step("draft", "fill_return", "draft", SCHOOL),
        Step("draft", "submit_return", "submitted", SCHOOL),
        Step("draft", "lock_term", "lapsed", CITY),
        Step("submitted", "confirm_return", "confirmed", COUNTY),
        Step("submitted", "send_back_return", "returned", COUNTY),
        Step("submitted", "lock_term", "lapsed", CITY),
        Step("returned", "fill_return", "returned", SCHOOL),
        Step("returned", "submit_return", "submitted", SCHOOL),
        Step("returned", "lock_term", "lapsed", CITY),
        Step("confirmed", "send_back_return", "returned", COUNTY),
        Step("confirmed", "lock_term", "locked", CITY),
        Step("locked", "unlock_return", "returned", CITY),
        Step("lapsed", "unlock_return", "returned", CITY),
    ),
)

CENTRE = Flow(
    "standard_centre",
    initial="draft",
    final=("standard",),
    steps=(
        Step("draft", "fill_centre", "draft", COUNTY),
        Step("draft", "submit_centre", "submitted", COUNTY),
        Step("submitted", "inspect_centre", "submitted", CITY),
        Step("submitted", "sign_centre", "standard", CITY),
        Step("submitted", "decline_centre", "declined", CITY),
        Step("declined", "fill_centre", "draft", COUNTY),
        Step("standard", "decline_centre", "declined", CITY),
    ),
)
