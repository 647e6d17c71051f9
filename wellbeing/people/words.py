"""What the codes of schools, returns and centres are called, and which code a word means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from wellbeing.people.returned import QUALIFICATION_TEXT
from wellbeing.people.staffing import Reason, StageKind, Verdict

STAGE_TEXT = {
    StageKind.PRIMARY: gettext_noop("Primary school"),
    StageKind.JUNIOR: gettext_noop("Junior high school"),
    StageKind.SENIOR: gettext_noop("Senior high school"),
    StageKind.NINE_YEAR: gettext_noop("Nine-year school"),
    StageKind.COMPLETE_SECONDARY: gettext_noop("Complete secondary school"),
    StageKind.TWELVE_YEAR: gettext_noop("Twelve-year school"),
    StageKind.VOCATIONAL: gettext_noop("Vocational school"),
    StageKind.SPECIAL: gettext_noop("Special school"),
}
VERDICT_TEXT = {
    Verdict.MET: gettext_noop("Fulfilled"),
    Verdict.MISSING: gettext_noop("Full-time teacher missing"),
    Verdict.ON_LEAVE: gettext_noop("Full-time teacher on leave"),
    Verdict.SHARED: gettext_noop("Full-time teacher shared with another school"),
    Verdict.UNQUALIFIED: gettext_noop("Full-time teacher without a valid qualification"),
    Verdict.NOT_REQUIRED: gettext_noop("Not required"),
    Verdict.NOBODY: gettext_noop("Nobody appointed"),
    Verdict.MERGED: gettext_noop("Merged into another school"),
    Verdict.NOT_REPORTED: gettext_noop("Not reported yet"),
}
REASON_TEXT = {
    Reason.LARGE_PRIMARY: gettext_noop("Primary school of a thousand pupils or more"),
    Reason.SECONDARY: gettext_noop("Has a junior or senior high stage"),
    Reason.VOCATIONAL: gettext_noop("Vocational schools count (policy)"),
    Reason.SPECIAL: gettext_noop("Special schools count (policy)"),
    Reason.SMALL_PRIMARY: gettext_noop("Primary school under a thousand pupils"),
    Reason.SWITCHED_OFF: gettext_noop("Does not count (policy)"),
    Reason.MERGED: gettext_noop("Counts where it was merged into"),
}
POST_TEXT = {"full": gettext_noop("Full-time"), "part": gettext_noop("Part-time")}
YES_NO_TEXT = {"yes": gettext_noop("Yes"), "no": gettext_noop("No")}
FIELD_TEXT = {
    "school": gettext_noop("School code"),
    "school_name": gettext_noop("School"),
    "stage": gettext_noop("Stage"),
    "enrolment": gettext_noop("Pupils"),
    "boarding": gettext_noop("Boarding"),
    "number": gettext_noop("Staff number"),
    "full_time": gettext_noop("Full-time or part-time"),
    "qualification": gettext_noop("Qualification"),
    "valid_until": gettext_noop("Certificate valid until"),
    "weekly_hours": gettext_noop("Hours a week"),
    "fte": gettext_noop("Share of a post"),
    "leave_from": gettext_noop("On leave from"),
    "leave_to": gettext_noop("On leave until"),
    "supervision_hours": gettext_noop("Supervision (hours this term)"),
    "training_hours": gettext_noop("Training (hours this term)"),
}
# What schools head these columns with besides.
HEADED = {
    "school": ("学校编码", "学校标识码", "单位代码"),
    "school_name": ("学校名称", "校名", "单位名称"),
    "stage": ("办学类型", "学校类型"),
    "enrolment": ("学生人数", "在校生数", "在校学生数"),
    "boarding": ("是否寄宿", "寄宿制"),
    "number": ("工号", "教工号", "教职工号"),
    "full_time": ("专兼职", "岗位类型", "岗位"),
    "weekly_hours": ("每周课时", "周课时"),
}
TABLES: dict[str, Mapping[str, str]] = {
    "stage": {code.value: text for code, text in STAGE_TEXT.items()},
    "qualification": {code.value: text for code, text in QUALIFICATION_TEXT.items()},
    "full_time": POST_TEXT,
    "boarding": YES_NO_TEXT,
    "field": FIELD_TEXT,
}


def stage_text(stage: str) -> str:
    """The name of a stage in the language of the page."""
    return _(STAGE_TEXT[StageKind(stage)])


@cache
def _codes(table: str) -> dict[str, str]:
    found = {code: code for code in TABLES[table]}  # a label that reads like another's code wins
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {_(text).casefold(): code for code, text in TABLES[table].items()}
    if table == "field":
        found = {word: code for code, words in HEADED.items() for word in words} | found
    return found


def code_of(word: str, table: str) -> str | None:
    """The code that a word stands for, in whichever of the page's languages it was written; None for another word."""
    return _codes(table).get("".join(word.split()).casefold()) or _codes(table).get(" ".join(word.split()).casefold())
