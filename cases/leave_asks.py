"""What each step of a leave or a return asks for, field by field. Pure.

The materials are a closed list: the hospital's advice, the guardian's application, the student's own wish, how the time
at home went. Nothing here asks for proof of health or takes a duty from the school (PRACTICE.md 4.5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cases.consent import RELATION_TEXT, Relation
from cases.leave import Move
from wellbeing.translatable import _


class Material(StrEnum):
    """What may be handed in for a return (提交材料)."""

    HOSPITAL_ADVICE = "hospital_advice"
    APPLICATION = "application"
    OWN_WISH = "own_wish"
    AT_HOME = "at_home"


MATERIAL_TEXT: dict[str, str] = {
    Material.HOSPITAL_ADVICE: _("The hospital's advice"),
    Material.APPLICATION: _("The guardian's application"),
    Material.OWN_WISH: _("The student's own wish"),
    Material.AT_HOME: _("How the time at home went"),
}
# What may still be missing when a return is not passed; each of it can be brought about.
MISSING_TEXT: dict[str, str] = {
    **MATERIAL_TEXT,
    "settled": _("Danger that has settled: assess the risk again"),
    "treatment": _("Treatment that goes on, as the hospital advises"),
    "home": _("Somebody at home who cares and can be reached"),
    "support": _("The school's own support: duty mentor, seat, load"),
}
ASSESSOR_TEXT: dict[str, str] = {
    "hospital": _("Hospital"),
    "county": _("County centre"),
    "school": _("School counsellor"),
}
AGREED_TEXT: dict[str, str] = {
    "yes": _("Family and school agree on a leave"),
    "other": _("Another way is tried first"),
    "open": _("Not agreed yet"),
}
FAMILY_TEXT: dict[str, str] = {code: text for code, text in RELATION_TEXT.items() if code != Relation.SELF}
APPELLANT_TEXT: dict[str, str] = {"student": _("The student"), **FAMILY_TEXT}
TALKER_TEXT: dict[str, str] = {
    "class_teacher": _("Form teacher"),
    "mentor": _("Duty mentor"),
    "counsellor": _("School counsellor"),
    "county": _("County centre"),
}


class Shape(StrEnum):
    LINES = "lines"
    LINE = "line"
    DAY = "day"
    ONE = "one"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Ask:
    """One field: its code, label and shape, its choices, and what is said when it is needed and empty."""

    code: str
    label: str
    shape: Shape = Shape.LINES
    choices: Mapping[str, str] | None = None
    needed: str = ""


_NOTE = Ask("note", _("Note"))
_MISSING = Ask(
    "missing",
    _("What is missing"),
    Shape.MANY,
    MISSING_TEXT,
    _("Name what is missing: nobody is refused without knowing what to bring about."),
)
_LOOK_AGAIN = Ask("look_again", _("Look again on"), Shape.DAY, None, _("Say on which day it is looked at again."))
_UNTIL = Ask("until", _("Away until about"), Shape.DAY, None, _("Say until when; on that day it is looked at again."))

ASKS: dict[str, tuple[Ask, ...]] = {
    "begin": (
        Ask("noticed", _("What was noticed, by whom, since when"), needed=_("Write what was noticed.")),
        Ask("school_days", _("Days away from school so far"), Shape.LINE),
    ),
    Move.ASSESS: (
        Ask("assessor", _("Assessed by"), Shape.ONE, ASSESSOR_TEXT, _("Say who assessed.")),
        Ask(
            "finding",
            _("What was found, and what helps now (a diagnosis is the hospital's alone)"),
            needed=_("Write what the assessment found."),
        ),
    ),
    Move.TALK: (
        Ask("family", _("Who came from the family"), Shape.ONE, FAMILY_TEXT, _("Say who came from the family.")),
        Ask("agreed", _("What was agreed"), Shape.ONE, AGREED_TEXT, _("Say what was agreed.")),
        Ask("own_wish", _("What the student wants")),
        Ask("said", _("What was said: help at home, treatment, keeping in touch")),
    ),
    Move.APPLY: (
        Ask("from_day", _("Away from"), Shape.DAY, None, _("Say from which day.")),
        _UNTIL,
        Ask(
            "application",
            _("The guardian's application (number or where it is)"),
            Shape.LINE,
            None,
            _("The guardian applies for a leave: say where the application is."),
        ),
        Ask("care", _("Who cares at home, and who is called when it gets worse"), needed=_("Write who cares at home.")),
        Ask("touch", _("How the school keeps in touch: who, by which way, learning at home")),
    ),
    Move.EXTEND: (_UNTIL, Ask("because", _("Reason"), needed=_("Write why the leave goes on."))),
    Move.SUBMIT: (
        Ask("materials", _("Handed in"), Shape.MANY, MATERIAL_TEXT, _("Mark what was handed in.")),
        _NOTE,
    ),
    Move.ASK_MORE: (
        Ask("missing", _("What is missing"), Shape.MANY, MATERIAL_TEXT, _("Name what is missing.")),
        _NOTE,
    ),
    Move.REVIEW: (
        Ask(
            "school_view",
            _("How the school sees it, and what it can offer: class, load, people"),
            needed=_("Write how the school sees it."),
        ),
    ),
    "weigh_return": (
        Ask(
            "hospital_view",
            _("The hospital's advice, from its report or the letter handed in"),
            needed=_("Write what the hospital advises, or why none was asked."),
        ),
        Ask("county_view", _("How the county centre sees it"), needed=_("Write how the county centre sees it.")),
        Ask("own_wish", _("What the student wants")),
    ),
    "pass": (Ask("conditions", _("What the school provides from the first day")),),
    "refuse": (_MISSING, _LOOK_AGAIN, _NOTE),
    "appeal_return": (
        Ask("appellant", _("Who appeals"), Shape.ONE, APPELLANT_TEXT, _("Say who appeals.")),
        Ask("appeal", _("What she or he says"), needed=_("Write what whoever appeals says.")),
    ),
    "uphold": (Ask("because", _("Reason"), needed=_("Write the reason of the decision.")),),
    "dismiss": (
        _MISSING,
        _LOOK_AGAIN,
        Ask("because", _("Reason"), needed=_("Write the reason of the decision.")),
    ),
    Move.COME_BACK: (
        Ask(
            "first_talk",
            _("Who talks with her or him on the first day"),
            Shape.LINE,
            None,
            _("Name who talks with her or him on the first day: as a rule the form teacher."),
        ),
        _NOTE,
    ),
    Move.CALL_OFF: (Ask("because", _("Reason"), needed=_("Write why the leave is called off.")),),
    "follow": (
        Ask("talker", _("Who talked with her or him"), Shape.ONE, TALKER_TEXT, _("Say who talked with her or him.")),
        Ask("going", _("How it goes")),
        Ask("signs", _("Warning signs")),
    ),
}


def wanting(step: str, words: Mapping[str, Any]) -> Ask | None:
    """The first field that the step needs and that is empty; None when all are there."""
    for ask in ASKS[step]:
        value = words.get(ask.code)
        if ask.needed and (value in (None, [], ()) or not str(value).strip()):
            return ask
    return None


# What every field and code is called, for opened entries.
LABELS = {ask.code: ask.label for asks in ASKS.values() for ask in asks}
TABLES = {ask.code: ask.choices for asks in ASKS.values() for ask in asks if ask.choices}
