"""A concern (关切上报) of a form teacher or mentor: what can be noticed, where, and the facts it gives the rules. Pure.

Source: PRACTICE.md 2.3 (the prevention net is data: each observation says which level saw it) and 10 (what class
teachers observe flows one way in).
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from cases.tiers import Facts
from wellbeing.translatable import _


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
# What a hurried account says where no sign was ticked: words that hardly mean anything else. A list of ours.
WORDS: dict[Sign, tuple[str, ...]] = {
    Sign.FAREWELL: ("遗书", "遗言", "绝笔", "诀别", "后事", "farewell letter", "suicide note"),
    Sign.DEATH: (
        *("自杀", "自尽", "轻生", "寻死", "寻短", "想死", "不想活", "活不下去", "结束生命", "结束自己", "了断"),
        *("跳楼", "跳海", "跳河", "跳桥", "跳下去", "割腕", "割脉", "上吊", "吞药", "服毒", "农药", "烧炭", "卧轨"),
        *("suicid", "kill herself", "kill himself", "kill themsel", "wants to die", "end her life", "end his life"),
    ),
    Sign.HURT: ("自残", "自伤", "割手", "割自己", "划伤自己", "划手臂", "self-harm", "cuts herself", "cuts himself"),
    Sign.TIRED_OF_LIFE: ("活着没意思", "活着没有意思", "活够了", "活腻", "没有意义活", "活着没意义", "活着没有意义"),
}


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


def named(account: str) -> tuple[Sign, ...]:
    """The signs of danger that the words of an account name, spaces and capitals aside. A list of words understands no
    "not": it may find too much, and says nothing where it finds nothing."""
    said = account.lower()
    close = "".join(said.split())
    return tuple(sign for sign, words in WORDS.items() if any(word in said or word in close for word in words))


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
