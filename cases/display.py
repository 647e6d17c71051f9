"""Turn codes into what a page shows: labels of fields, answers of instruments, the timeline of a case."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases import sheet
from cases.models import Case, Section
from cases.tiers import RULE_TEXT
from wellbeing.access.permissions import P
from wellbeing.audit.tags import Tag
from wellbeing.audit.trail import trail
from wellbeing.people.models import User

# Fields that are not on the call sheet.
LABELS = {
    "proposed": gettext_noop("Proposed tier"),
    "rules": gettext_noop("Rules that fired"),
    "tier": gettext_noop("Tier"),
    "from": gettext_noop("From"),
    "to": gettext_noop("To"),
    "because": gettext_noop("Reason"),
    "how": gettext_noop("How"),
    "note": gettext_noop("Note"),
    "manager": gettext_noop("Case manager"),
    "desk": gettext_noop("Desk"),
    "total": gettext_noop("Total"),
    "band": gettext_noop("Band"),
    "answers": gettext_noop("Answers"),
    "student_number": gettext_noop("Student number"),
    "critical": gettext_noop("Critical item"),
}
# What the timeline says of an event, by permission or tag.
ACT_TEXT: dict[str, str] = {
    P.CALL_TAKE: gettext_noop("Call logged, case opened"),
    P.WARNING_ACKNOWLEDGE: gettext_noop("Warning acknowledged"),
    P.WARNING_ESCALATE: gettext_noop("Escalated: the clock ran out"),
    P.RISK_ASSESS: gettext_noop("Risk assessed"),
    P.TIER_RAISE: gettext_noop("Tier raised"),
    P.TIER_LOWER: gettext_noop("Lowering proposed"),
    P.LOWERING_CONFIRM: gettext_noop("Lowering confirmed by a second person"),
    P.MANAGER_ASSIGN: gettext_noop("Case manager named"),
    P.FOLLOW_UP: gettext_noop("Followed up"),
    P.CASE_CLOSE: gettext_noop("Case closed"),
    P.SCREENING_IMPORT: gettext_noop("Opened from a screening"),
    P.CLOCK_KEEP: gettext_noop("Clock of the green channel set"),
    P.CHANNEL_OPEN: gettext_noop("Referred through the green channel"),
    P.REFERRAL_RECEIVE: gettext_noop("Referral received"),
    P.APPOINTMENT_BOOK: gettext_noop("Appointment booked"),
    P.FEEDBACK_RECORD: gettext_noop("Hospital reported back"),
    P.RETURN_PLAN: gettext_noop("Return to school planned"),
    P.REFERRAL_CLOSE: gettext_noop("Referral closed"),
    P.REFERRAL_WITHDRAW: gettext_noop("Referral withdrawn"),
    Tag.READ_FILE: gettext_noop("File opened"),
    Tag.READ_PACKET: gettext_noop("Packet opened"),
}
VALUES = {
    "red": gettext_noop("Red"),
    "orange": gettext_noop("Orange"),
    "yellow": gettext_noop("Yellow"),
    "blue": gettext_noop("Blue"),
    "green": gettext_noop("Green"),
    "met": gettext_noop("Met"),
    "phone": gettext_noop("By telephone"),
    "home_visit": gettext_noop("Home visit"),
    "unreached": gettext_noop("Not reached"),
    "improved": gettext_noop("Improved"),
    "yes": gettext_noop("Yes"),
    "no": gettext_noop("No"),
    "incomplete": gettext_noop("Incomplete"),
    "minimal": gettext_noop("Minimal"),
    "mild": gettext_noop("Mild"),
    "moderate": gettext_noop("Moderate"),
    "moderately_severe": gettext_noop("Moderately severe"),
    "severe": gettext_noop("Severe"),
}


def field_rows(words: Mapping[str, Any]) -> list[dict[str, str]]:
    """The fields of one opened entry with their labels, in the order of the sheet."""
    order = {code: place for place, code in enumerate(sheet.BY_CODE)}
    codes = sorted(words, key=lambda code: (order.get(code, 999), code))
    return [{"label": field_label(code), "value": _value(code, words[code])} for code in codes]


def field_label(code: str) -> str:
    """What a field is called on a page."""
    known = sheet.BY_CODE.get(code)
    return _(known.label) if known else _(LABELS.get(code, code))


def result_rows(instrument: str, words: Mapping[str, Any]) -> list[dict[str, str]]:
    """One screening result: total, band, critical items, answers by item."""
    answers = " ".join(f"{item}={'–' if value is None else value}" for item, value in words.get("answers", {}).items())
    plain = {"total": words.get("total"), "band": words.get("band"), "critical": ", ".join(words.get("critical", []))}
    rows = [{"label": field_label(c), "value": _value(c, v)} for c, v in plain.items() if v not in (None, "")]
    return [*rows, {"label": field_label("answers"), "value": answers}]


def section_title(code: str) -> str:
    return str(Section(code).label)


def timeline(case: Case) -> list[dict[str, Any]]:
    """What happened to the case, newest first: from its audit chain, codes only, the actors by name."""
    traces = trail(case.pk)
    users = {user.pk: str(user) for user in User.objects.filter(pk__in={t.actor_id for t in traces if t.actor_id})}
    return [
        {
            "at": trace.at,
            "act_text": _(ACT_TEXT.get(trace.act, trace.act)),
            "who": users.get(trace.actor_id or 0) or _("System"),
            "change": _change(trace.facts),
        }
        for trace in traces
    ]


def _change(facts: Mapping[str, Any]) -> str:
    """A change of tier in words, if the event is one."""
    if facts.get("from") and facts.get("to"):
        return f"{_value('tier', facts['from'])} → {_value('tier', facts['to'])}"
    return _value("tier", facts["tier"]) if facts.get("tier") else ""


def _value(code: str, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_value(code, one) for one in value)
    if code == "rules":
        return _(RULE_TEXT.get(value, str(value)))
    field = sheet.BY_CODE.get(code)
    choices = dict(field.choices) if field else {}
    if value in choices:
        return _(choices[value])
    text = str(value)
    return _(VALUES[text]) if text in VALUES else text
