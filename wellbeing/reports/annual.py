"""The official annual report of the hotline: every field of the form, with what is held here, and a dash otherwise.

Source: PRACTICE.md 3.1 and the end of 3.6: the registration, risk and follow-up figures, local and other callers,
crisis, difficult and repeated calls, categories of what was talked about, staff by kind, full-time and part-time,
training. What nothing holds stays empty for a person to fill in; nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellbeing.access.actor import Actor
from wellbeing.reports import figures
from wellbeing.reports import measures as m
from wellbeing.reports.measures import NOT_KEPT, SEALED
from wellbeing.reports.months import back, last, month_of
from wellbeing.reports.sheets import Sheet
from wellbeing.reports.words import say
from wellbeing.workdays import now

NUMBER = "0580-2912345"
FIRST_YEAR = 2024
# The form's categories of what a call was about, and its kinds of staff (PRACTICE.md 3.2, 3.6).
TOPICS = (
    gettext_noop("Health"),
    gettext_noop("Mental illness"),
    gettext_noop("Emotions"),
    gettext_noop("Sexuality"),
    gettext_noop("Love"),
    gettext_noop("Marriage"),
    gettext_noop("Family"),
    gettext_noop("Bringing up children"),
)
STAFF = (
    gettext_noop("Psychiatrists"),
    gettext_noop("Nurses"),
    gettext_noop("Therapists"),
    gettext_noop("Counsellors"),
    gettext_noop("Social workers"),
    gettext_noop("Psychology teachers"),
)
FRAME = (gettext_noop("Hours of service a day"), gettext_noop("Seats"))
TRAINING = ("trainings", "trained")
TWELVE = gettext_noop("Told of twelve published months only.")
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


def years() -> list[int]:
    """The years that a report can be made of, the newest first."""
    return list(range(now().year, FIRST_YEAR - 1, -1))


def report(actor: Actor, year: int) -> dict[str, Any]:
    """The report of a year from its published months; `months` says how many of them it holds."""
    end = min(date(year, 12, 1), back(month_of(now().date()), 1))
    book = figures.read(actor, [month for month in last(end, 12) if month.year == year])
    held = sorted({month for month, _d, _m in book.values})
    return {
        "year": year,
        "years": years(),
        "months": len(held),
        "parts": [
            Part(_("The hotline"), [Field(_("Number"), NUMBER), *_empty(FRAME, NOT_KEPT)]),
            Part(_("Calls and service"), [_field(book, held, one) for one in m.HOTLINE]),
            Part(_("Alerts and referrals"), [_field(book, held, one) for one in (*m.DANGER, *m.REFERRALS)]),
            Part(_("What the calls were about"), _empty(TOPICS, SEALED)),
            Part(_("Staff, full-time and part-time"), _empty(STAFF, NOT_KEPT)),
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


def _empty(labels: tuple[str, ...], why: str) -> list[Field]:
    return [Field(_(label), "–", _(why)) for label in labels]


def sheet(made: dict[str, Any]) -> Sheet:
    """The report as rows for an export."""

    def rows() -> Iterator[tuple[str, str, str, str]]:
        for part in made["parts"]:
            for one in part.fields:
                yield part.title, one.label, one.text, one.lacks

    title = _("Annual report of the hotline, %(year)s") % {"year": made["year"]}
    return Sheet(title, [_("Part"), _("Field"), _("Amount"), _("Remark")], rows)
