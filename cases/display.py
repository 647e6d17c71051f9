"""Turn codes into what a page shows: labels of fields, answers of instruments, the timeline of a case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from cases import sheet
from cases.clocks import CLOCK_TEXT
from cases.instruments import PAPERS, Paper
from cases.instruments.paper import Question, Text
from cases.mandatory import AUTHORITY_TEXT, GROUND_TEXT
from cases.models import CallBackOutcome, Case, ReportKind, Section
from cases.safety_plan import STAYS, STEPS
from cases.telling import HOW_TEXT, TOLD_TEXT, WHOM_TEXT
from cases.tiers import RULE_TEXT, Proposal
from wellbeing.access.permissions import P
from wellbeing.audit.tags import Tag
from wellbeing.audit.trail import trail
from wellbeing.moments import absolute, span
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
    "parts": gettext_noop("Parts"),
    "instrument": gettext_noop("Instrument"),
    "answers": gettext_noop("Answers"),
    "student_number": gettext_noop("Student number"),
    "critical": gettext_noop("Critical item"),
    "whom": gettext_noop("Who is told"),
    "told": gettext_noop("What came of it"),
    "outcome": gettext_noop("What came of it"),
    "hope": gettext_noop("Hope"),
    "intent": gettext_noop("Intent to die"),
    "clock": gettext_noop("Clock"),
    "ground": gettext_noop("Ground"),
    "authority": gettext_noop("Reported to"),
    "reported_to": gettext_noop("Name or number of whoever took it"),
    "receipt_no": gettext_noop("Receipt number"),
    "report": gettext_noop("Written report"),
    "summary": gettext_noop("How things stand"),
    "measures": gettext_noop("What was done"),
    "next_steps": gettext_noop("What happens next"),
    **{step.code: step.title for step in (*STEPS, *STAYS)},
}
# Codes whose words depend on the field they stand in.
TABLES: dict[str, Mapping[Any, Any]] = {
    "whom": WHOM_TEXT,
    "told": TOLD_TEXT,
    "how": {**HOW_TEXT, "met": gettext_noop("Met"), "home_visit": gettext_noop("Home visit")},
    "outcome": dict(CallBackOutcome.choices),
    "clock": CLOCK_TEXT,
    "ground": GROUND_TEXT,
    "authority": AUTHORITY_TEXT,
    "report": dict(ReportKind.choices),
    "rules": RULE_TEXT,
}
BAND_TEXT = {
    "incomplete": gettext_noop("Incomplete"),
    "minimal": gettext_noop("Minimal"),
    "mild": gettext_noop("Mild"),
    "moderate": gettext_noop("Moderate"),
    "moderately_severe": gettext_noop("Moderately severe"),
    "severe": gettext_noop("Severe"),
    "none": gettext_noop("None of note"),
    "low": gettext_noop("Low"),
    "high": gettext_noop("High"),
    "very_severe": gettext_noop("Very severe"),
    "normal": gettext_noop("Normal"),
    "borderline": gettext_noop("Borderline"),
    "abnormal": gettext_noop("Abnormal"),
    "negative": gettext_noop("Negative"),
    "non_acute": gettext_noop("Positive, not acute"),
    "acute": gettext_noop("Acutely positive"),
    "clear": gettext_noop("Below every limit"),
    "flagged": gettext_noop("Look closer"),
}
HIDDEN = ("record",)  # what a written report froze; its own page shows it
# What the timeline says of an event, by permission or tag.
ACT_TEXT: dict[str, str] = {
    P.CALL_TAKE: gettext_noop("Call logged, case opened"),
    P.WARNING_ACKNOWLEDGE: gettext_noop("Warning acknowledged"),
    P.WARNING_ESCALATE: gettext_noop("Escalated: the clock ran out"),
    P.RISK_ASSESS: gettext_noop("Risk assessed"),
    P.INSTRUMENT_RECORD: gettext_noop("Instrument recorded"),
    P.TIER_RAISE: gettext_noop("Tier raised"),
    P.TIER_LOWER: gettext_noop("Lowering proposed"),
    P.LOWERING_CONFIRM: gettext_noop("Lowering confirmed by a second person"),
    P.MANAGER_ASSIGN: gettext_noop("Case manager named"),
    P.FOLLOW_UP: gettext_noop("Followed up"),
    P.CASE_CLOSE: gettext_noop("Case closed"),
    P.SCREENING_IMPORT: gettext_noop("Opened from a screening"),
    P.CLOCK_KEEP: gettext_noop("Clock of the green channel set"),
    P.CLOCK_REMIND: gettext_noop("Reminded: a clock will run out"),
    P.CLOCK_PAUSE: gettext_noop("Clock paused"),
    P.CLOCK_RESUME: gettext_noop("Clock goes on"),
    P.WARNING_RING: gettext_noop("Rang again: nobody had acknowledged"),
    P.TELL: gettext_noop("Recorded who was told"),
    P.CALL_BACK: gettext_noop("Called back"),
    P.SAFETY_PLAN: gettext_noop("Safety plan made"),
    P.SCHOOL_AGREE: gettext_noop("Agreed that the school takes part"),
    P.MANDATORY_REPORT: gettext_noop("Mandatory report"),
    P.REPORT_WRITE: gettext_noop("Written report"),
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
}


def worded(text: Text) -> str:
    """A published wording in the language of the page."""
    return text.en if (get_language() or "").startswith("en") else text.zh


def field_rows(words: Mapping[str, Any]) -> list[dict[str, str]]:
    """The fields of one opened entry with their labels, in the order of the sheet."""
    order = {code: place for place, code in enumerate(sheet.BY_CODE)}
    codes = sorted(words.keys() - set(HIDDEN), key=lambda code: (order.get(code, 999), code))
    return [{"label": field_label(code), "value": _value(code, words[code])} for code in codes]


def field_label(code: str) -> str:
    """What a field is called on a page."""
    known = sheet.BY_CODE.get(code)
    return _(known.label) if known else _(LABELS.get(code, code))


def reasons(proposal: Proposal) -> list[dict[str, Any]]:
    """Why a tier is proposed: each rule in words, with its tier."""
    return [{"text": _(RULE_TEXT[one.rule]), "tier": one.tier} for one in proposal.reasons]


def band_text(band: str) -> str:
    """What a band of an instrument is called."""
    return _(BAND_TEXT[band]) if band in BAND_TEXT else band


def answered(paper: Paper, answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """Answers as question and answer in words, in the order of the paper."""
    return [
        {"question": worded(question.text), "answer": _answer(question, answers[question.code])}
        for question in paper.questions
        if answers.get(question.code) is not None
    ]


def _answer(question: Question, value: Any) -> str:
    text = dict(question.choices).get(value)
    return f"{value} · {worded(text)}" if text and isinstance(value, int) else worded(text) if text else f"{value:g}"


def result_rows(words: Mapping[str, Any]) -> list[dict[str, str]]:
    """One opened result of an instrument: its name, total, band, parts, critical items, proposal and answers."""
    paper = PAPERS[words["instrument"]]
    given = {code: value for code, value in words.get("answers", {}).items() if value is not None}
    critical = answered(paper, {code: given[code] for code in words.get("critical", {}) if code in given})
    parts = {code: band_text(band) for code, band in words.get("parts", {}).items()}
    named = [f"{worded(q.text)} {given.get(q.code, '')}：{parts[q.code]}" for q in paper.questions if q.code in parts]
    plain = {
        "instrument": worded(paper.title),
        "total": "" if words.get("total") is None else f"{words['total']:g}",
        "band": band_text(words.get("band", "")),
        "parts": "\n".join(named),
        "critical": "\n".join(f"{one['question']}：{one['answer']}" for one in critical),
        "proposed": _value("proposed", words["proposed"]) if words.get("proposed") else "",
        "rules": _value("rules", words["rules"]) if words.get("rules") else "",
        "answers": "\n".join(f"{one['question']}：{one['answer']}" for one in answered(paper, given)),
    }
    return [{"label": field_label(code), "value": value} for code, value in plain.items() if value]


def report_rows(words: Mapping[str, Any]) -> list[dict[str, str]]:
    """A written report as labels and values: what its author wrote, then the record as it stood."""
    record: Mapping[str, Any] = words.get("record", {})
    rows = field_rows(words)
    for code, text in RECORD_TEXT.items():
        value = record.get(code)
        if isinstance(value, list):
            value = "\n".join(_record_line(one) for one in value)
        elif code.endswith(("_at", "_since")) and value:
            value = absolute(datetime.fromisoformat(value))
        if value not in (None, "", False):
            rows.append({"label": _(text), "value": _value(code, value)})
    return rows


RECORD_TEXT = {
    "tier": gettext_noop("Tier"),
    "tier_since": gettext_noop("At this tier since"),
    "opened_at": gettext_noop("Opened"),
    "raised_at": gettext_noop("Warning raised"),
    "acknowledged_at": gettext_noop("Acknowledged"),
    "escalations": gettext_noop("Escalated"),
    "tellings": gettext_noop("Who was told"),
    "assessments": gettext_noop("Assessments"),
    "mandatory": gettext_noop("Mandatory reports"),
    "safety_plan_at": gettext_noop("Safety plan made"),
}


def _record_line(one: Mapping[str, Any]) -> str:
    """One thing of the record: when, and its codes in words."""
    parts = [absolute(datetime.fromisoformat(one["at"]))]
    if "level" in one:
        parts += [_("level {level}").format(level=one["level"]), _("{time} late").format(time=span(one["late_s"]))]
    if "face_to_face" in one:
        parts += [_("face to face") if one["face_to_face"] else _("not face to face"), _value("tier", one["proposed"])]
    if one.get("receipt"):
        parts.append(_("receipt noted"))
    parts += [_value(code, one[code]) for code in ("whom", "told", "how", "authority") if one.get(code)]
    return " · ".join(parts)


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


# What moves a case from tier to tier; a lowering that waits for a second person does not yet.
MOVES = (P.CALL_TAKE, P.TIER_RAISE, P.RISK_ASSESS, P.INSTRUMENT_RECORD, P.TIER_LOWER, P.LOWERING_CONFIRM)


def tier_history(case: Case) -> list[tuple[datetime, str]]:
    """The tiers a case has stood at, each since when, oldest first: from its audit chain."""
    moves = [t for t in reversed(trail(case.pk, 500, MOVES)) if not t.facts.get("second")]
    steps = [(t.at, t.facts["to"]) for t in moves if t.facts.get("to") and t.facts.get("from")]
    before = next((t.facts["from"] for t in moves if t.facts.get("to") and t.facts.get("from")), case.tier)
    return [(case.opened_at, before), *steps]


def _change(facts: Mapping[str, Any]) -> str:
    """A change of tier in words, if the event is one."""
    if facts.get("from") and facts.get("to"):
        return f"{_value('tier', facts['from'])} → {_value('tier', facts['to'])}"
    return _value("tier", facts["tier"]) if facts.get("tier") else ""


def _value(code: str, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_value(code, one) for one in value)
    if value in TABLES.get(code, ()):
        text = TABLES[code][value]
        return _(text) if isinstance(text, str) else str(text)
    field = sheet.BY_CODE.get(code)
    choices = dict(field.choices) if field else {}
    if value in choices:
        return _(choices[value])
    text = str(value)
    return _(VALUES[text]) if text in VALUES else text
