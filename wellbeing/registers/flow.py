"""The states of an incident on campus and of a hotline's yearly return, each as one table."""

from enum import StrEnum

from wellbeing.flow import Flow, Step
from wellbeing.translatable import _


class IncidentState(StrEnum):
    OPEN = "open"
    REVIEWED = "reviewed"
    CLOSED = "closed"


INCIDENT_TEXT: dict[IncidentState, str] = {
    IncidentState.OPEN: _("under way"),
    IncidentState.REVIEWED: _("reviewed"),
    IncidentState.CLOSED: _("incident closed"),
}
WRITERS, COUNTY = ("school_crisis_lead", "county_triage"), ("county_triage",)

# A second meeting may follow a first one; what was learned must be written before the county closes it. What
# comes to light after that opens it again, for a review of its own.
INCIDENT = Flow(
    "incident",
    initial="open",
    final=("closed",),
    steps=(
        Step("open", "write_incident", "open", WRITERS),
        Step("open", "review_incident", "reviewed", WRITERS),
        Step("reviewed", "write_incident", "reviewed", WRITERS),
        Step("reviewed", "review_incident", "reviewed", WRITERS),
        Step("reviewed", "close_incident", "closed", COUNTY),
        Step("closed", "reopen_incident", "open", COUNTY),
    ),
)


class YearState(StrEnum):
    FILLED = "filled"
    RETURNED = "returned"
    CONFIRMED = "confirmed"


YEAR_TEXT: dict[YearState, str] = {
    YearState.FILLED: _("filled in, waits for the bureau"),
    YearState.RETURNED: _("sent back"),
    YearState.CONFIRMED: _("confirmed by the bureau"),
}
SUPERVISOR, BUREAU = ("hotline_supervisor",), ("education_admin",)

# What is confirmed stands in the annual report. A mistake found later is sent back, filled in and confirmed again.
YEAR = Flow(
    "hotline_year",
    initial="filled",
    final=("confirmed",),
    steps=(
        Step("filled", "fill_year", "filled", SUPERVISOR),
        Step("filled", "confirm_year", "confirmed", BUREAU),
        Step("filled", "send_back_year", "returned", BUREAU),
        Step("confirmed", "send_back_year", "returned", BUREAU),
        Step("returned", "fill_year", "filled", SUPERVISOR),
    ),
)
