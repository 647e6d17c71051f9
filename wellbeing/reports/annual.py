"""The official annual report of the hotline: every field of the form, and a dash with its reason where nothing is held.

Source: PRACTICE.md 3.1 and the end of 3.6: the registration, risk and follow-up figures, local and other callers,
crisis, difficult and repeated calls, categories of what was talked about, staff by kind, full-time and part-time,
training. Seats, hours and staff come from the hotline's yearly return (registers/year_access.py), what calls were
about from the months' ballot boxes; nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellbeing.access.actor import Actor, reading
from wellbeing.access.machines import FIGURES
from wellbeing.exchange.models import Seat
from wellbeing.registers.flow import YearState
from wellbeing.registers.kinds import STAFF_CELLS
from wellbeing.registers.models import HotlineYear
from wellbeing.registers.year_access import confirmed, of_year, staff_label, years
from wellbeing.reports import figures
from wellbeing.reports import measures as m
from wellbeing.reports.ballot_measures import FEW, FORM, TABLE
from wellbeing.reports.months import back, last, month_of
from wellbeing.reports.sheets import Block, Sheet
from wellbeing.reports.words import say
from wellbeing.suppression import told
from wellbeing.workdays import TIMEZONE, now

NUMBER = "0580-2912345"
TRAINING = ("trainings", "trained")
TWELVE = gettext_noop("Told of twelve published months only.")
NO_RETURN = gettext_noop("The hotline's yearly return is not filled in.")
WAITS = gettext_noop("The hotline's yearly return waits for the bureau's confirmation.")
SENT_BACK = gettext_noop("The hotline's yearly return was sent back.")
TOO_LITTLE = gettext_noop("Not published yet, or too little for a share.")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; `lacks` says why it is empty."""

    label: str
    text: str
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    fields: list[Field]


def report(actor: Actor, year: int) -> dict[str, Any]:
    """The report of a year from its published months; `months` says how many of them it holds."""
    end = min(date(year, 12, 1), back(month_of(now().date()), 1))
    book = figures.read(actor, [month for month in last(end, 12) if month.year == year])
    held = sorted({month for month, _d, _m in book.values})
    returns = of_year(actor, year)
    said, why = confirmed(returns), _why([YearState(one.state) for one in returns])
    return {
        "year": year,
        "years": years(),
        "months": len(held),
        "waiting": any(one.state == YearState.FILLED for one in returns),
        "parts": [
            Part(_("The hotline"), [Field(_("Number"), NUMBER), *_frame(said, why, year)]),
            Part(_("Calls and service"), [_field(book, held, one) for one in m.HOTLINE]),
            Part(_("Alerts and referrals"), [_field(book, held, one) for one in (*m.DANGER, *m.REFERRALS)]),
            Part(_("What the calls were about"), [_topic(book, held, label, topics) for label, topics in FORM]),
            Part(_("Staff, full-time and part-time"), _staff(said, why)),
            Part(_("Training"), [_field(book, held, one) for one in m.SUBJECTS["centre"] if one.code in TRAINING]),
        ],
    }


def _field(book: figures.Book, held: list[date], one: m.Indicator) -> Field:
    """Classes and means are those of the twelve months that end with the year: shown of a whole year alone."""
    spread = one.unit in m.CLASSED
    value = book.value(one, held) if held and (not spread or len(held) == m.YEAR) else None
    lacks = book.lacks(one, held)
    if value is None and not lacks:
        lacks = TWELVE if spread and held else TOO_LITTLE
    return Field(_(one.label), say(one, value), _(lacks) if lacks else "")


def _topic(book: figures.Book, held: list[date], label: str, topics: tuple[str, ...]) -> Field:
    """A category of the form: what the months told of its topics. One of which none told anything is not nought."""
    sums = book.sums([f"{TABLE}.topic_{topic}" for topic in topics], held)
    return Field(_(label), told(sum(sums.values()) if sums else None), "" if sums else _(FEW))


def _why(states: list[YearState]) -> str:
    """Why a year has no confirmed return."""
    if not states:
        return NO_RETURN
    return WAITS if YearState.FILLED in states else SENT_BACK


def _frame(said: HotlineYear | None, why: str, year: int) -> list[Field]:
    seats = _seats_of(year)
    known = _("At the exchange %(seats)s seats had a counsellor in this year.") % {"seats": seats} if seats else ""
    if said is None:
        return [Field(_("Hours of service a day"), "–", _(why)), Field(_("Seats"), "–", f"{_(why)} {known}".strip())]
    return [Field(_("Hours of service a day"), f"{said.hours:g}"), Field(_("Seats"), str(said.seats), known)]


def _seats_of(year: int) -> int:
    """How many seats of the exchange had a counsellor at some time of a year: what a return is held against."""
    begin, end = datetime(year, 1, 1, tzinfo=TIMEZONE), datetime(year + 1, 1, 1, tzinfo=TIMEZONE)
    with reading(FIGURES):
        held = Seat.objects.filter(Q(until=None) | Q(until__gt=begin), since__lt=end)
        return held.values("hotline", "seat").distinct().count()


def _staff(said: HotlineYear | None, why: str) -> list[Field]:
    if said is None:
        return [Field(staff_label(cell), "–", _(why)) for cell in STAFF_CELLS]
    cells = [Field(staff_label(cell), str(said.staff.get(cell, 0))) for cell in STAFF_CELLS]
    return [*cells, Field(_("All staff"), str(sum(said.staff.values())))]


def sheet(made: dict[str, Any]) -> Sheet:
    """The report as rows for an export; on paper a table per part."""

    def rows() -> Iterator[tuple[str, str, str, str]]:
        for part in made["parts"]:
            for one in part.fields:
                yield part.title, one.label, one.text, one.lacks

    def blocks() -> Iterator[Block]:
        for part in made["parts"]:
            fields = [(one.label, one.text, one.lacks) for one in part.fields]
            yield Block(part.title, (_("Field"), _("Amount"), _("Remark")), fields)

    title = _("Annual report of the hotline, %(year)s") % {"year": made["year"]}
    return Sheet(title, [_("Part"), _("Field"), _("Amount"), _("Remark")], rows, blocks)
