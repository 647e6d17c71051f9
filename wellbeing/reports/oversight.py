"""The director's page: what is seen in ten seconds. One provider gives one `Tile`; what has no data says "–"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.people.centre_items import Share
from wellbeing.people.centres import city_share
from wellbeing.people.findings import current_term
from wellbeing.people.models import Division
from wellbeing.reports import figures
from wellbeing.reports import measures as m
from wellbeing.reports.staffing_board import staffing_board
from wellbeing.reports.words import SUBJECT_TEXT, say
from wellbeing.suppression import SMALL, told
from wellbeing.workdays import now

DASH = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a tile: what, how much, and where it stands: "" nothing to say, "met", "short" or "late"."""

    label: str
    text: str
    note: str = ""
    state: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A subject in a few lines; the first is the headline. `url` opens it, where it has a page."""

    code: str
    title: str
    lines: Sequence[Line]
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A division on the map and in the list beside it: a word, a number, and the state its colour stands for."""

    code: str
    name: str
    word: str
    number: str
    state: str
    more: Mapping[str, str] = field(default_factory=dict)


def page(actor: Actor) -> dict[str, Any]:
    """Everything the page shows. The cost does not follow the city's history."""
    book, danger = figures.past_year(actor), figures.danger(actor)
    board = staffing_board(current_term(now().date()))
    return {
        "plan": [centres_tile(city_share()), staffing_tile(board)],
        "places": _places(board, danger),
        "tiles": [danger_tile(danger), hotline_tile(book), referrals_tile(book), screening_tile(book)],
        "registers": register_tiles(book),
        "running": figures.running(actor),
        "latest": book.latest,
    }


def staffing_tile(board: Mapping[str, Any]) -> Tile:
    """Schools that have a full-time psychology teacher, of those that must (the plan: all of them)."""
    total = board["total"]
    text = f"{total.met} / {total.required}" if total.required else DASH
    state = "" if total.share is None else "met" if not total.missing else "short"
    note = "" if total.share is None else _("%(n)s %%, goal 100 %%") % {"n": total.share}
    return Tile(
        "staffing",
        _("Full-time psychology teachers"),
        [Line(_("Schools that have one, of those that must"), text, note, state)],
        reverse("staffing"),
    )


def centres_tile(share: Share) -> Tile:
    """Divisions with a standardised centre, as k/4 (the plan: 75 %), and the day the plan is met at today's pace."""
    text = f"{share.standard} / {share.divisions}" if share.divisions else DASH
    note = _("goal %(n)s of %(all)s") % {"n": share.needed, "all": share.divisions}
    if not share.reached and share.on:
        note = f"{note} · " + _("met on %(day)s at today's pace") % {"day": date_format(share.on, "Y-m-d")}
    line = Line(_("Divisions"), text, note, "met" if share.reached else "short")
    return Tile("centres", _("Standardised centres"), [line], reverse("centres"))


def danger_tile(danger: Sequence[figures.Danger]) -> Tile:
    """Red and orange cases open and overdue, of the whole city."""
    city = [one for one in danger if not one.division]
    lines = [
        Line(
            _("open"),
            told(one.open, below=SMALL),
            _("overdue: %(n)s") % {"n": told(one.overdue, below=SMALL)},
            "late" if one.overdue else "",
            one.tier,
        )
        for one in city
    ]
    return _subject("danger", lines, _("Now; overdue is what has a clock that ran out."))


def hotline_tile(book: figures.Book) -> Tile:
    """Calls of the last month, and the shares of the year."""
    wanted = ("calls", "wait_median", "high_risk_share", "followup_on_time")
    return _subject("hotline", _lines(book, m.HOTLINE, *wanted), _("Twelve months"))


def referrals_tile(book: figures.Book) -> Tile:
    """Loop times and closed loops of the year."""
    wanted = ("loop_median", "loop_p90", "closed_loop_rate", "feedback_rate")
    return _subject("referrals", _lines(book, m.REFERRALS, *wanted), _("Twelve months"))


def screening_tile(book: figures.Book) -> Tile:
    """Who was screened in the campaigns that ended within the year."""
    wanted = ("screening_coverage", "screening_response", "screened")
    return _subject("screening", _lines(book, m.SCREENING, *wanted), _("Twelve months"))


def register_tiles(book: figures.Book) -> list[Tile]:
    """The city's centre, and incidents on campus."""
    note = _("Twelve months")
    return [
        _subject("centre", _lines(book, m.SUBJECTS["centre"], "taken", "contact_median", "better90", "reached"), note),
        _subject("incidents", _lines(book, m.SUBJECTS["incidents"], "incidents"), note),
    ]


def _subject(code: str, lines: Sequence[Line], note: str = "") -> Tile:
    return Tile(code, _(SUBJECT_TEXT[code]), lines, reverse("oversight_subject", args=[code]), note)


def _lines(book: figures.Book, indicators: Sequence[m.Indicator], *codes: str) -> list[Line]:
    """Some indicators of the published twelve months."""
    wanted = {one.code: one for one in indicators}
    found = []
    for code in codes:
        value = book.value(wanted[code], book.months)
        found.append(Line(_(wanted[code].label), say(wanted[code], value)))
    return found


def _places(board: Mapping[str, Any], danger: Sequence[figures.Danger]) -> list[Place]:
    """The divisions that count for the plan: schools that have, of those that must; and their open cases."""
    opened = {(one.division, one.tier): told(one.open, below=2 * SMALL) for one in danger}
    found = []
    lines = {line["code"]: line for line in board["divisions"]}
    for division in Division.objects.filter(counts_for_target=True):
        line = lines.get(division.code, {"met": 0, "required": 0})
        met, required = line["met"], line["required"]
        state = "none" if not required else "met" if met >= required else "short"
        word = {"none": _("nothing to count"), "met": _("complete"), "short": _("incomplete")}[state]
        more = {tier: opened.get((division.code, tier), DASH) for tier in ("red", "orange")}
        found.append(
            Place(division.code, str(division), word, f"{met} / {required}" if required else DASH, state, more)
        )
    return found
