"""What is noted of a meeting (面谈、家访、家长沟通、团体): kinds, fields, and in which section each is sealed. Pure.

Source: PRACTICE.md 7 (home visits); situation, assessment and plan are the template of a session note. School notes say
first impressions, never a diagnosis (Mental Health Law 23, 29).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wellbeing.translatable import _


class Meeting(StrEnum):
    """The kinds of meeting; each is the kind of its entry too."""

    SESSION = "session"
    HOME_VISIT = "home_visit"
    GUARDIAN = "guardian_talk"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Note:
    """One field of a note: its code, its label, how many lines it is given; choices by code where it has some."""

    code: str
    label: str
    lines: int = 3
    choices: tuple[tuple[str, str], ...] = ()


YES_NO = (("yes", _("Yes")), ("no", _("No")))
PLACE = {  # cases.models.Section by its code: what is said of the home stands with the home
    Meeting.SESSION: "narrative",
    Meeting.GROUP: "narrative",
    Meeting.HOME_VISIT: "guardian",
    Meeting.GUARDIAN: "guardian",
}
AT_HOME = (Meeting.HOME_VISIT, Meeting.GUARDIAN)
TEMPLATE = (
    Note("situation", _("Situation: what she or he told, how she or he was")),
    Note("impression", _("Assessment: first impression, strengths, risks")),
    Note("next_steps", _("Plan: what was agreed, what happens next")),
)
FREE = Note("free", _("Or in your own words"), 6)
NOTES: dict[str, tuple[Note, ...]] = {
    Meeting.SESSION: (*TEMPLATE, FREE),
    Meeting.GROUP: (Note("theme", _("Theme of the group"), 1), *TEMPLATE, FREE),
    Meeting.HOME_VISIT: (
        Note(
            "way",
            _("How the home was visited"),
            1,
            (
                ("door", _("At the door")),
                ("video", _("By video")),
                ("phone", _("By telephone")),
                ("invited", _("Guardian came to school")),
            ),
        ),
        Note("visitors", _("Who visited (two at least)"), 1),
        Note("guardian_present", _("Guardian present"), 1, YES_NO),
        Note("child_seen", _("Child seen"), 1, YES_NO),
        Note("home", _("How they live")),
        Note("guardianship", _("How well the guardian can look after her or him")),
        Note("means_safety", _("Medicines, blades and heights: what is put away"), 2),
        Note("situation", _("What was talked about")),
        Note("next_steps", _("Agreed, and next")),
        Note("refusal", _("If they did not let you in: why"), 1),
        FREE,
    ),
    Meeting.GUARDIAN: (
        Note(
            "way",
            _("How you talked"),
            1,
            (
                ("phone", _("By telephone")),
                ("invited", _("Guardian came to school")),
                ("message", _("In writing")),
                ("video", _("By video")),
            ),
        ),
        Note("with_whom", _("With whom"), 1),
        Note("situation", _("What was talked about")),
        Note("next_steps", _("Agreed, and next")),
        FREE,
    ),
}
LABELS = {note.code: note.label for notes in NOTES.values() for note in notes if note not in TEMPLATE} | {
    note.code: note.label for note in TEMPLATE
}
WAYS = {code: text for notes in NOTES.values() for note in notes if note.code == "way" for code, text in note.choices}


def kept(kind: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """Of some words the fields that this kind of meeting has; empty ones are left out. KeyError for another kind."""
    return {note.code: words[note.code] for note in NOTES[kind] if words.get(note.code) not in (None, "", [], ())}
