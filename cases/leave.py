"""Leave from school and the return (休学、复学): the steps of both as one table. Pure.

Source: PRACTICE.md 4.5. Leave in four steps: 发现识别, 专业评估, 家校沟通, 申请休学. Return in five: 提交材料,
学校审核, 综合评估, 通过 or 不通过 with appeal, 复学后支持. Nobody has to bring a paper that says "cured", and nobody
signs the school free of what it owes: what may be asked for is the list in cases/leave_asks.py and nothing else.
"""

from __future__ import annotations

from enum import StrEnum

from cases.clocks import ClockKind as C
from wellbeing.flow import Flow, Step
from wellbeing.translatable import _

COUNTY = ("county_triage", "city_duty")
KEEPERS = ("school_counsellor", *COUNTY)


class LeaveState(StrEnum):
    NOTICED = "noticed"
    ASSESSED = "assessed"
    TALKED = "talked"
    ON_LEAVE = "on_leave"
    MATERIALS = "materials"
    REVIEWED = "reviewed"
    WEIGHED = "weighed"
    REFUSED = "refused"
    APPEALED = "appealed"
    PASSED = "passed"
    RETURNED = "returned"
    ENDED = "ended"
    CALLED_OFF = "called_off"


class Move(StrEnum):
    """The steps that the school takes, or the county in its place; who decides has verbs of her own."""

    ASSESS = "assess"
    TALK = "talk"
    APPLY = "apply"
    EXTEND = "extend"
    SUBMIT = "submit"
    ASK_MORE = "ask_more"
    REVIEW = "review"
    COME_BACK = "come_back"
    CALL_OFF = "call_off"


# What runs in each state. From the first day away to the first day back somebody asks how it goes, whatever else is
# being decided.
CLOCKS: dict[str, tuple[C, ...]] = {
    "noticed": (C.LEAVE_STEP,),
    "assessed": (C.LEAVE_STEP,),
    "talked": (C.LEAVE_STEP,),
    "on_leave": (C.LEAVE_CONTACT, C.LOOK_AGAIN),
    "materials": (C.LEAVE_CONTACT, C.LEAVE_STEP),
    "reviewed": (C.LEAVE_CONTACT, C.LEAVE_STEP),
    "weighed": (C.LEAVE_CONTACT, C.LEAVE_STEP),
    "refused": (C.LEAVE_CONTACT, C.LOOK_AGAIN),
    "appealed": (C.LEAVE_CONTACT, C.APPEAL),
    "passed": (C.LEAVE_CONTACT, C.LEAVE_STEP),
    "returned": (C.RETURN_TALK,),
    "ended": (),
    "called_off": (),
}
ANEW = (C.LEAVE_STEP, C.LOOK_AGAIN)  # each step has its own time; a contact is due when it was due


def _step(state: str, action: str, to: str, who: tuple[str, ...] = KEEPERS) -> Step:
    """One line of the table, with the clocks that end and begin between its two states."""
    before, after = CLOCKS[state], CLOCKS[to]
    stops = tuple(kind for kind in before if kind not in after or kind in ANEW)
    starts = tuple(kind for kind in after if kind not in before or kind in ANEW)
    return Step(state, action, to, who, stops, starts)


LEAVE = Flow(
    "leave",
    initial="noticed",
    final=("ended", "called_off"),
    steps=(
        _step("noticed", "assess", "assessed"),
        _step("noticed", "call_off", "called_off"),
        _step("assessed", "talk", "talked"),
        _step("assessed", "call_off", "called_off"),
        _step("talked", "apply", "on_leave"),
        _step("talked", "call_off", "called_off"),
        _step("on_leave", "submit", "materials"),
        _step("on_leave", "extend", "on_leave"),
        _step("on_leave", "call_off", "called_off"),
        _step("materials", "ask_more", "on_leave"),
        _step("materials", "review", "reviewed"),
        _step("reviewed", "weigh_return", "weighed", COUNTY),
        _step("weighed", "pass", "passed"),
        _step("weighed", "refuse", "refused"),
        _step("refused", "appeal_return", "appealed"),
        _step("refused", "submit", "materials"),
        _step("refused", "extend", "on_leave"),
        _step("refused", "call_off", "called_off"),
        _step("appealed", "uphold", "passed", COUNTY),
        _step("appealed", "dismiss", "on_leave", COUNTY),
        _step("passed", "come_back", "returned"),
        _step("passed", "extend", "on_leave"),
        _step("returned", "finish", "ended"),
        _step("returned", "leave_again", "ended"),
    ),
)


STATE_TEXT: dict[str, str] = {
    LeaveState.NOTICED: _("Noticed"),
    LeaveState.ASSESSED: _("Assessed by a professional"),
    LeaveState.TALKED: _("Talked over with the family"),
    LeaveState.ON_LEAVE: _("Applied for; on leave"),
    LeaveState.MATERIALS: _("Materials handed in"),
    LeaveState.REVIEWED: _("Reviewed by the school"),
    LeaveState.WEIGHED: _("Assessed by school, hospital and county"),
    LeaveState.REFUSED: _("Not passed"),
    LeaveState.APPEALED: _("Appealed"),
    LeaveState.PASSED: _("Passed"),
    LeaveState.RETURNED: _("Back at school, supported"),
    LeaveState.ENDED: _("Support ended"),
    LeaveState.CALLED_OFF: _("Called off"),
}
ACTION_TEXT: dict[str, str] = {
    "begin": _("Begin a leave from school"),
    Move.ASSESS: _("Record the professional assessment"),
    Move.TALK: _("Record the talk with the family"),
    Move.APPLY: _("Apply for the leave"),
    Move.EXTEND: _("The leave goes on"),
    Move.SUBMIT: _("Hand in the materials for the return"),
    Move.ASK_MORE: _("Ask for what is missing"),
    Move.REVIEW: _("Review by the school"),
    "weigh_return": _("Comprehensive assessment"),
    "pass": _("Passed"),
    "refuse": _("Not passed"),
    "appeal_return": _("Appeal"),
    "uphold": _("Appeal upheld: may return"),
    "dismiss": _("Appeal dismissed"),
    Move.COME_BACK: _("Back at school"),
    Move.CALL_OFF: _("Call the leave off"),
    "follow": _("Followed up"),
    "finish": _("Support ended"),
    "leave_again": _("Left again"),
}
AWAY = ("noticed", "assessed", "talked", "on_leave")
BACK = ("materials", "reviewed", "weighed", "passed", "returned")
