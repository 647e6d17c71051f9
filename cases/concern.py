"""A concern (关切上报) of a form teacher or mentor: what can be noticed, where, and the facts it gives the rules. Pure.

Source: PRACTICE.md 2.3 (the prevention net is data: each observation says which level saw it) and 10 (what class
teachers observe flows one way in).
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from cases.tiers import Facts


def _(text: str) -> str:
    """Marks an English text for translation; the page translates it."""
    return text


class Sign(StrEnum):
    """What was noticed; the first five are danger, and the rules decide how great."""

    ACT = "act"
    FAREWELL = "farewell"
    DEATH = "death"
    HURT = "hurt"
    TIRED_OF_LIFE = "tired_of_life"
    WITHDRAWN = "withdrawn"
    MOOD = "mood"
    SLEEP = "sleep"
    MARKS = "marks"
    ABSENT = "absent"
    BULLIED = "bullied"
    HOME = "home"
    LOSS = "loss"
    OTHER = "other"


SIGN_TEXT = {
    Sign.ACT: _("Is hurting herself or himself now, or has just tried to die"),
    Sign.FAREWELL: _("Said or wrote farewell, gave things away"),
    Sign.DEATH: _("Speaks of killing herself or himself"),
    Sign.HURT: _("Fresh wounds, signs of self-harm"),
    Sign.TIRED_OF_LIFE: _("Says that life has no meaning"),
    Sign.WITHDRAWN: _("Withdrawn, without friends"),
    Sign.MOOD: _("Cries, is irritable, changed"),
    Sign.SLEEP: _("Sleeps or eats badly"),
    Sign.MARKS: _("Marks fell suddenly"),
    Sign.ABSENT: _("Absent again and again"),
    Sign.BULLIED: _("Bullied or excluded"),
    Sign.HOME: _("Conflict or violence at home"),
    Sign.LOSS: _("A loss or a great change"),
    Sign.OTHER: _("Something else"),
}
DANGER = (Sign.ACT, Sign.FAREWELL, Sign.DEATH, Sign.HURT, Sign.TIRED_OF_LIFE)


class Level(StrEnum):
    """The level of the net that saw it."""

    DORMITORY = "dormitory"
    CLASS = "class"
    GRADE = "grade"
    SCHOOL = "school"
    FAMILY = "family"


LEVEL_TEXT = {
    Level.DORMITORY: _("Dormitory, classmates"),
    Level.CLASS: _("Class"),
    Level.GRADE: _("Grade"),
    Level.SCHOOL: _("School"),
    Level.FAMILY: _("Family"),
}


def facts(signs: Collection[str], concerns: int = 1) -> Facts:
    """What the tier rules read from a concern; `concerns` are those about this person within policy's days."""
    thoughts = "active" if Sign.DEATH in signs else "passive" if Sign.TIRED_OF_LIFE in signs else "none"
    return Facts(
        act_under_way=Sign.ACT in signs,
        farewell=Sign.FAREWELL in signs,
        thoughts=thoughts,
        self_harm="without_intent" if Sign.HURT in signs else "none",
        concerns=concerns,
    )
