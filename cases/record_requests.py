"""Requests for records (调取卷宗): who asks, how it goes, and the only fields that may go to somebody outside. Pure.

Source: SECURITY.md T9; Personal Information Protection Law 45 and 47; Law on the Protection of Minors 103. Whoever asks
gets the same answer, on the same day, whether there is no file or none that may go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cases import return_plan
from wellbeing.flow import Flow, Step
from wellbeing.translatable import _


class Asker(StrEnum):
    """Who asks."""

    GUARDIAN = "guardian"
    PERSON = "person"
    COURT = "court"
    POLICE = "police"


class Checked(StrEnum):
    """How it was checked who asks. A call from outside is never enough."""

    DOCUMENTS = "documents"
    OFFICERS = "officers"
    LETTER = "letter"


class Redaction(StrEnum):
    """What becomes of one field. Whatever is not named stays out."""

    WHOLE = "whole"
    BLACKENED = "blackened"
    SUMMARY = "summary"


class Handed(StrEnum):
    """How the answer was handed over. Nothing is ever sent by itself, and nothing by mail to a home."""

    IN_PERSON = "in_person"
    OFFICER = "officer"


HOME = (Asker.GUARDIAN, Asker.PERSON)  # whose answer may reach the home
ORDERS = (Asker.COURT, Asker.POLICE)
ASKER_TEXT = {
    Asker.GUARDIAN: _("Parent or guardian"),
    Asker.PERSON: _("The person herself or himself, of age"),
    Asker.COURT: _("Court"),
    Asker.POLICE: _("Police or procuratorate"),
}
CHECKED_TEXT = {
    Checked.DOCUMENTS: _("Original identity card, and the register that shows the relation"),
    Checked.OFFICERS: _("Two officers with their cards and the letter of their office"),
    Checked.LETTER: _("Sealed letter of the court, confirmed by ringing its public number"),
}
CHECKS_OF = {
    Asker.GUARDIAN: (Checked.DOCUMENTS,),
    Asker.PERSON: (Checked.DOCUMENTS,),
    Asker.COURT: (Checked.LETTER, Checked.OFFICERS),
    Asker.POLICE: (Checked.OFFICERS,),
}
REDACTION_TEXT = {
    Redaction.WHOLE: _("As it stands"),
    Redaction.BLACKENED: _("With parts blackened"),
    Redaction.SUMMARY: _("As a summary"),
}
HANDED_TEXT = {
    Handed.IN_PERSON: _("In person, at the desk"),
    Handed.OFFICER: _("To an officer of the court or the police"),
}

RECORDS = Flow(
    "request for records",
    initial="received",
    final=("answered",),
    steps=(
        Step("received", "check_asker", "checked", ("county_triage", "city_duty")),
        Step("checked", "take_up_record", "checked", ("county_triage", "city_duty")),
        Step("checked", "propose_answer", "proposed", ("county_triage", "city_duty")),
        Step("proposed", "send_back", "checked", ("city_duty", "hotline_supervisor")),
        Step("proposed", "agree", "decided", ("city_duty", "hotline_supervisor")),
        Step("decided", "hand_out_records", "answered", ("county_triage", "city_duty")),
    ),
)
STATE_TEXT = {
    "received": _("Identity not checked yet"),
    "checked": _("Being examined"),
    "proposed": _("Waits for the second person"),
    "decided": _("Decided"),
    "answered": _("Answered"),
}

# What may go, by section and kind of entry, and nothing else. No place for the sealed section, for whoever called or
# reported, for whoever was told, for an authority's report, for others of a group, for what is said about the home, or
# for how to find the person; an author's name goes nowhere either.
_ASKED = ("thoughts", "plan", "means", "attempt", "self_harm", "protective")
_MET = ("situation", "impression", "next_steps", "free")
RELEASABLE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "identity": dict.fromkeys(("call", "transfer"), ("name", "gender", "age", "stage", "grade")),
    "narrative": {"call": ("topics", "main_topic", "narrative", "done"), "session": _MET},
    "risk": {"call": _ASKED, "assessment": _ASKED},
    "plan": {
        "follow_up": ("note",),
        "report": ("summary", "measures", "next_steps"),
        "return_plan": tuple(part.code for part in return_plan.PARTS),
        "closing": ("note",),
    },
}
SECTIONS = tuple(RELEASABLE)
OPEN, SHUT, BLACK = "[[", "]]", "■■■■"  # one length for whatever was there


@dataclass(frozen=True, slots=True)
class Pick:
    """One field of one entry that is to go: how, and the marked text or the summary."""

    entry: str  # its id
    code: str
    how: Redaction
    text: str = ""


def may_go(section: str, kind: str) -> tuple[str, ...]:
    """The fields of such an entry that may go; none for what the table does not name."""
    return RELEASABLE.get(section, {}).get(kind, ())


def blacken(original: str, marked: str) -> str:
    """The original with every part between [[ and ]] replaced. ValueError where `marked` says anything but the
    original, marks nothing, or leaves a mark open: blackening takes away and never rewrites."""
    parts = [piece.split(SHUT) for piece in _plain(marked).split(OPEN)]
    first, *rest = parts
    if not rest or len(first) != 1 or any(len(piece) != 2 for piece in rest):
        raise ValueError("marks")
    if first[0] + "".join("".join(piece) for piece in rest) != _plain(original):
        raise ValueError("rewritten")
    return first[0] + "".join(BLACK + piece[1] for piece in rest)


def second(person: int, desks: Collection[int], *, part: Collection[int | None], desk: int) -> bool:
    """Whether a person at these desks may decide: of another desk than the proposal's, and without a `part` in it."""
    return person not in part and desk not in desks


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
