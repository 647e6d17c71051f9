"""What is counted of the city youth centre and of incidents on campus, and which figures are made of it. Pure.

Source: the issue's own list (cases taken over, time to first contact, sessions, outcome at 30 and 90 days, training and
supervision given, public education held); the plan names the centre's effectiveness beside the hotline's.
"""

from __future__ import annotations

from collections.abc import Callable

from wellbeing.reports import formulas
from wellbeing.reports.kinds import Indicator, Spread, Table
from wellbeing.translatable import _

KINDS = ("training", "supervision", "event", "class")
OUTCOMES = ("closed", "lower", "same", "higher")
TABLES = (
    Table("activities", KINDS, plain=True),
    Table("reached", KINDS),
    Table("taken", ("cases",)),
    Table("sessions", ("held",)),
    Table("after30", OUTCOMES),
    Table("after90", OUTCOMES),
    Table("incidents", ("student", "teacher")),
)
CONTACT = Spread("contact", (1, 2, 4, 8, 12, 24, 48, 72, 168), months=12)


def _cells(table: str, *cells: str) -> tuple[str, ...]:
    return tuple(f"{table}.{cell}" for cell in cells)


def _share(code: str, label: str, table: str, *cells: str) -> Indicator:
    formula: Callable[[int, int], formulas.Share] = formulas.outcome_share
    return Indicator(code, label, "share", _cells(table, *cells), _cells(table, *OUTCOMES), formula)


CENTRE = (
    Indicator("taken", _("Cases taken over"), "count", _cells("taken", "cases")),
    Indicator("contact_median", _("Half had their first contact within"), "within_hours", ("contact.median",)),
    Indicator("contact_p90", _("Nine of ten had it within"), "within_hours", ("contact.p90",)),
    Indicator("sessions", _("Meetings and follow-ups in these cases"), "count", _cells("sessions", "held")),
    _share("better30", _("Closed or at a lower tier after 30 days"), "after30", "closed", "lower"),
    _share("better90", _("Closed or at a lower tier after 90 days"), "after90", "closed", "lower"),
    _share("worse90", _("At a higher tier after 90 days"), "after90", "higher"),
    Indicator("trainings", _("Trainings given"), "number", _cells("activities", "training")),
    Indicator("trained", _("People trained"), "count", _cells("reached", "training")),
    Indicator("supervisions", _("Supervisions given"), "number", _cells("activities", "supervision")),
    Indicator("events", _("Public events held"), "number", _cells("activities", "event")),
    Indicator("classes", _("Public classes held"), "number", _cells("activities", "class")),
    Indicator("reached", _("People reached by events and classes"), "count", _cells("reached", "event", "class")),
)
INCIDENTS = (
    Indicator("incidents", _("Incidents on campus"), "count", _cells("incidents", "student", "teacher")),
    Indicator("incidents_students", _("Incidents that concern students"), "count", _cells("incidents", "student")),
    Indicator("incidents_teachers", _("Incidents that concern teachers"), "count", _cells("incidents", "teacher")),
)
