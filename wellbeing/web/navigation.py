"""The way through the product: which pages are hers, the most used in the row, those without room behind "More"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellbeing.access.permissions import P

# What the links have in each kind of frame, in px of its narrowest screen (web/wellbeing.css): a row of their own on a
# telephone (390) and on a tablet or small laptop (768), and from 1280 on a place between brand, notices and name.
FRAMES = {"narrow": 356, "middle": 734, "wide": 576}
MORE = 88  # px of the fold
# px of a Latin letter, of a Chinese sign, and of what lies round a label; the wider, if in doubt
LETTER, SIGN, ROUND = 9.2, 17, 20


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the menu: whose it is, its route, its name, the routes below it, and the right whose holders reach it
    another way."""

    permission: P
    route: str
    label: str
    below: tuple[str, ...] = ()
    unless: P | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the frame draws it; `here` marks the page one is on. It stands in the row where there is room, behind
    the fold elsewhere: `row_not` and `fold_not` are the frames where it does not, as classes."""

    url: str
    label: str
    here: bool
    row_not: str = ""
    fold_not: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """The links of a frame, and the frames without a fold, as classes."""

    links: tuple[Link, ...]
    fold_not: str


PAGES = (
    Page(P.STEPS_SEE, "steps", gettext_noop("My students")),
    Page(P.DESKS_WATCH, "live_desks", gettext_noop("Live desks")),
    Page(P.CALL_REVIEW, "reviews", gettext_noop("Call reviews"), ("judge_review",)),
    Page(P.BOARD_SEE, "board", gettext_noop("Warnings")),
    Page(P.CALL_TAKE, "new_call", gettext_noop("Log a call"), ("call_sheet",)),
    Page(P.CALL_TAKE, "call_backs", gettext_noop("Call-backs")),
    Page(P.RING_SEE, "rings", gettext_noop("Calls")),
    Page(P.CONCERN_REPORT, "report_concern", gettext_noop("Report a concern"), unless=P.STEPS_SEE),
    Page(P.CASE_LIST, "case_list", gettext_noop("My cases"), ("case", "file"), unless=P.STEPS_SEE),
    Page(P.CASE_SEARCH, "search", gettext_noop("Search")),
    Page(P.REFERRAL_LIST, "referral_list", gettext_noop("Referrals"), ("referral",)),
    Page(P.SCREENING_UPLOAD, "screenings", gettext_noop("Screening"), ("screening", "campaigns", "campaign")),
    Page(P.FIGURES_SEE, "oversight", gettext_noop("Overview"), ("oversight_subject", "annual_report", "hotline_years")),
    Page(P.SERVICE_SEE, "service", gettext_noop("Service figures"), unless=P.FIGURES_SEE),
    Page(P.STAFFING_SEE, "staffing", gettext_noop("Staffing")),
    Page(P.ROTA_SEE, "rota", gettext_noop("On duty")),
    Page(P.INCIDENT_SEE, "incidents", gettext_noop("Incidents"), ("incident", "report_incident", "activities")),
    Page(P.RETURN_SEE, "returns", gettext_noop("Staffing return"), ("staffing_return",), unless=P.STAFFING_SEE),
    Page(P.ACCOUNT_LIST, "accounts", gettext_noop("Accounts and posts"), ("account_page",)),
    Page(P.POST_CONFIRM, "appointments", gettext_noop("Posts to confirm")),
    Page(P.GLASS_SEE, "glass", gettext_noop("Openings in an emergency"), ("break_glass", "ask_sealed")),
    Page(P.PAPER_PRINT, "paper_sheets", gettext_noop("Sheets of paper")),
    Page(
        P.CALLER_READ, "callers", gettext_noop("Callers' numbers"), ("confirm_caller", "refuse_caller", "read_caller")
    ),
    Page(
        P.CALLER_RESTRICT, "restrictions", gettext_noop("Restricted callers"), ("restrict_caller", "lift_restriction")
    ),
    Page(P.SEAT_ASSIGN, "seats", gettext_noop("Seats of the exchange"), ("leave_seat",)),
    Page(
        P.YEAR_SEE,
        "hotline_years",
        gettext_noop("Yearly returns of the hotline"),
        ("fill_year",),
        unless=P.FIGURES_SEE,  # the bureau comes from the annual report
    ),
    Page(
        P.RECORDS_SEE,
        "record_requests",
        gettext_noop("Requests for records"),
        ("record_request", "receive_request", "propose_answer", "decide_answer", "record_reply"),
    ),
    Page(P.RETENTION_SEE, "retention", gettext_noop("Retention"), ("set_hold",)),
    Page(P.EXPORT_SEE, "exports", gettext_noop("Exports"), ("ask_export", "confirm_export")),
    Page(P.POLICY_SEE, "policy", gettext_noop("Policy"), ("change_policy",)),
    Page(P.TOKEN_LIST, "tokens", gettext_noop("Tokens of the API"), ("ask_token", "developers")),
    Page(P.AUDIT_SEE, "audit", gettext_noop("Audit")),
)
ASKED = frozenset(page.permission for page in PAGES)


def menu(may: Mapping[P, bool], route: str) -> Menu:
    """The links of whoever has these rights, on the page of this route."""
    found = [
        Link(reverse(page.route), _(page.label), route in (page.route, *page.below))
        for page in PAGES
        if may[page.permission] and not (page.unless and may[page.unless])
    ]
    fits = {frame: _fitting([one.label for one in found], width) for frame, width in FRAMES.items()}

    def classes(frames: Iterable[str]) -> str:
        return " ".join(f"not-{frame}" for frame in frames)

    placed = tuple(
        replace(
            one,
            row_not=classes(frame for frame, count in fits.items() if place >= count),
            fold_not=classes(frame for frame, count in fits.items() if place < count),
        )
        for place, one in enumerate(found)
    )
    return Menu(placed, classes(frame for frame, count in fits.items() if count == len(found)))


def _fitting(labels: Sequence[str], width: float) -> int:
    """How many of these labels stand in a row of this width (px); the fold takes its place where not all do, and what
    stands behind it is never a single link."""
    wide = list(accumulate(ROUND + sum(LETTER if one.isascii() else SIGN for one in label) for label in labels))
    if not wide or wide[-1] <= width:
        return len(wide)
    return min(len(wide) - 2, sum(one <= width - MORE for one in wide))
