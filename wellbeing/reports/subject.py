"""The page behind a tile: trend, comparison of the divisions, the months in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellbeing.access.actor import Actor
from wellbeing.reports import figures
from wellbeing.reports import measures as m
from wellbeing.reports.formulas import percent, share
from wellbeing.reports.words import CELL_TEXT, SUBJECT_TEXT, TABLE_TEXT, month_text, number, say
from wellbeing.suppression import LEAST, SMALL, told

RUNNING = {  # indicator → the table it is the sum of
    **{code: code for code in ("calls", "warnings", "ended", "taken", "incidents")},
    "screening_listed": "screened",
    "screened_filed": "filed",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a trend: as a number for the line, in words for the table; None where nothing can be said."""

    month: date
    value: float | None
    text: str

    @property
    def label(self) -> str:
        return month_text(self.month)


def page(actor: Actor, subject: str, of: str = "") -> dict[str, Any]:
    """A subject's page; `of` names the indicator whose trend is drawn, the first that is held otherwise. KeyError for
    an unknown subject."""
    indicators = m.SUBJECTS[subject]
    book, running = figures.past_year(actor), figures.running(actor)
    held = [one for one in indicators if one.part]
    chosen = next((one for one in held if one.code == of), held[0] if held else None)
    return {
        "subject": subject,
        "title": _(SUBJECT_TEXT[subject]),
        "rows": [_row(book, running, one) for one in indicators],
        "choices": [{"code": one.code, "label": _(one.label)} for one in held],
        "chosen": chosen and {"code": chosen.code, "label": _(chosen.label)},
        "trend": trend(book, chosen) if chosen else [],
        "divisions": _divisions(book, held),
        "months": _months(book, held),
        "chain": chain(book) if subject == "centre" else [],
        "patterns": patterns(book) if subject == "hotline" else [],
        "topics": topics(book) if subject == "hotline" else [],
        "ballots": [_(text) for text in BALLOT_RULES] if subject == "hotline" else [],
        "open_now": _now(actor) if subject == "danger" else [],
        "running": running,
        "latest": book.latest,
        "least": LEAST,
    }


def trend(book: figures.Book, indicator: m.Indicator) -> list[Point]:
    """The indicator month by month, of the whole city."""
    values = [(month, book.value(indicator, [month])) for month in book.months]
    return [Point(month, number(indicator, v), say(indicator, v, below=_below(indicator))) for month, v in values]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a pattern: what, how many, and that in words."""

    label: str
    value: int
    text: str


def patterns(book: figures.Book) -> list[dict[str, Any]]:
    """The calls of the year by hour, weekday and line; those of which nothing is published are left out."""
    found = []
    for again in m.AGAIN:
        measures = sorted(again.measures) if again.code == "hours" else again.measures
        sums = book.sums(measures, book.months, [m.CITY])
        bars = [Bar(_cell(measure), sums[measure], told(sums[measure])) for measure in measures if measure in sums]
        if any(bar.value for bar in bars):
            found.append({"code": again.code, "title": _(TABLE_TEXT[again.code]), "bars": bars})
    return found


def topics(book: figures.Book) -> list[dict[str, str]]:
    """What the calls of the year were about, one topic each, the most frequent first, with their shares."""
    sums = book.sums(m.TOPICS, book.months)
    whole = sum(sums.values())
    found = sorted(sums.items(), key=lambda one: (one[0] == m.TOPICS[-1], -one[1]))
    said = [(_cell(measure), told(value), percent(share(value, whole))) for measure, value in found if value]
    return [{"label": label, "text": text, "share": f"{part} %"} for label, text, part in said]


def _cell(measure: str) -> str:
    cell = measure.partition(".")[2]
    return cell.removeprefix("h") if measure.startswith("hours.") else _(CELL_TEXT[cell])


BALLOT_RULES = (
    gettext_noop("Nothing is told of fewer than five answers, and nothing of a share of which one side has fewer."),
    gettext_noop("Each call has one topic; a rare one counts under “other”, and “other” always holds five or more."),
    gettext_noop("They are of whole months and of the whole city: there is no day, no line, no county to choose."),
    gettext_noop("A call that is entered after its box was opened counts in the box of the running month."),
    gettext_noop("Means are coarse, so that nobody finds one caller's rating. A year adds up what its months told."),
)
# Education, monitoring, warning, resolution: what the plan wants linked, each by the figures that stand for it.
CHAIN = (
    (gettext_noop("Education"), m.SUBJECTS["centre"], ("events", "classes", "reached", "trained")),
    (gettext_noop("Monitoring"), m.SUBJECTS["screening"], ()),
    (gettext_noop("Warning"), m.SUBJECTS["danger"], ("warnings", "sla_red", "sla_orange")),
    (gettext_noop("Resolution"), (*m.SUBJECTS["centre"], *m.REFERRALS), ("taken", "better90", "closed_loop_rate")),
)


def chain(book: figures.Book) -> list[dict[str, Any]]:
    """The four side by side, over the year; of monitoring whatever the screening publishes first."""
    return [
        {
            "title": _(title),
            "lines": [
                {"label": _(one.label), "text": say(one, book.value(one, book.months))}
                for one in ([each for each in indicators if each.code in codes] or indicators[:3])
            ],
        }
        for title, indicators, codes in CHAIN
    ]


def _below(indicator: m.Indicator) -> int:
    """Fewer than how many nothing published of one month in the whole city stands for."""
    return SMALL if set(indicator.part) in [set(table.measures) for table in m.TABLES] else 2 * SMALL


def _row(book: figures.Book, running: figures.Running, one: m.Indicator) -> dict[str, Any]:
    latest = book.value(one, [book.latest]) if book.latest else None
    so_far = running.totals.get(RUNNING.get(one.code, "")) if one.part else None
    lacks = book.lacks(one, book.months)
    return {
        "code": one.code,
        "label": _(one.label),
        "running": told(so_far, below=SMALL),
        "month": say(one, latest, below=_below(one)),
        "year": say(one, book.value(one, book.months)),
        "lacks": _(lacks) if lacks else "",
    }


def _compared(book: figures.Book, held: Sequence[m.Indicator]) -> list[m.Indicator]:
    """The first six that a county is told of: what the exchange heard is of the whole city, and compares nothing."""
    counties = [division.code for division in book.divisions if division.code != m.CITY]
    return [
        one
        for one in held
        if one.unit in ("count", "number", "share") and any(book.sums(one.published, book.months, counties).values())
    ][:6]


def _divisions(book: figures.Book, held: Sequence[m.Indicator]) -> dict[str, Any]:
    """The year by division; what no county was told of stands with the city."""
    compared = _compared(book, held)
    rows = [
        {
            "name": _("Not told, or of the whole city") if division.code == m.CITY else str(division),
            "cells": [say(one, book.value(one, book.months, [division.code])) for one in compared],
        }
        for division in sorted(book.divisions, key=lambda one: (one.code == m.CITY, one.code))
    ]
    total = [say(one, book.value(one, book.months)) for one in compared]
    return {"heads": [_(one.label) for one in compared], "rows": rows, "total": total} if compared else {}


def _months(book: figures.Book, held: Sequence[m.Indicator]) -> dict[str, Any]:
    rows = [
        {
            "month": month_text(month),
            "cells": [say(one, book.value(one, [month]), below=_below(one)) for one in held],
        }
        for month in reversed(book.months)
    ]
    return {"heads": [_(one.label) for one in held], "rows": rows} if held else {}


def _now(actor: Actor) -> list[dict[str, Any]]:
    """Open red and orange cases by division, the city first."""
    lines: dict[str, dict[str, str]] = {}
    for one in figures.danger(actor):
        line = lines.setdefault(one.division, {})
        line[f"{one.tier}_open"] = told(one.open, below=2 * SMALL if one.division else SMALL)
        line[f"{one.tier}_overdue"] = told(one.overdue, below=SMALL)
    names = {division.code: str(division) for division in figures.divisions()}
    names |= {"": _("The whole city"), m.CITY: _("Not told, or of the whole city")}
    return [{"name": names[code], **line} for code, line in lines.items()]
