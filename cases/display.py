"""Turn codes into what a page shows: labels of fields, answers of instruments, the timeline of a case."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from cases import leave_asks, session, sheet
from cases.access import File
from cases.attachment import FILE_KEY
from cases.clocks import ClockKind
from cases.consent import BRANCH, danger
from cases.handover import RECEIVING_SCHOOL
from cases.instruments import PAPERS, Paper
from cases.instruments.paper import Question, Text
from cases.labels import ACT_TEXT, BAND_TEXT, LABELS, OF_COUNSELLORS, TABLES, VALUES
from cases.labels import ASKED_TEXT as ACT_ASKED
from cases.models import Case, CloseReason, Deadline, EntryKind, Section
from cases.sections import sees_reporter
from cases.tiers import RULE_TEXT, Proposal
from cases.transfer import ASKED_TEXT
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.audit.tags import Tag
from wellbeing.audit.trail import trail
from wellbeing.moments import absolute, span
from wellbeing.people.models import User

REFUSED = {ClockKind.SECOND_TALK, ClockKind.HOME_WATCH}
HIDDEN = ("record", FILE_KEY)  # what a written report froze, which its own page shows; the key of an attachment


def refusal_steps(case: Case, clocks: list[Deadline]) -> list[str]:
    """What a refusal asks for now, while one of its clocks runs (PRACTICE.md 4.4)."""
    if not REFUSED & {clock.kind for clock in clocks}:
        return []
    return [_(step) for step in BRANCH[danger(case.tier)]]


def worded(text: Text) -> str:
    """A published wording in the language of the page."""
    return text.en if (get_language() or "").startswith("en") else text.zh


def field_rows(words: Mapping[str, Any]) -> list[dict[str, str]]:
    """The fields of one opened entry with their labels, in the order of the sheet."""
    order = {code: place for place, code in enumerate(("leave", *sheet.BY_CODE, *leave_asks.LABELS, *session.LABELS))}
    codes = sorted(words.keys() - set(HIDDEN), key=lambda code: (order.get(code, 999), code))
    return [{"label": field_label(code), "value": _value(code, words[code])} for code in codes]


def asked_rows(words: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a desk that is asked to take a file over reads first; its asker sees the same before it goes."""
    labels = ASKED_TEXT | {field.code: field.label for field in RECEIVING_SCHOOL}
    return [
        {"label": _(label), "value": _value(code, words[code])} for code, label in labels.items() if words.get(code)
    ]


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


def file_sections(opened: File, results: Iterable[tuple[str, datetime, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """An opened file by section, with the screening results among the risk answers; empty sections are left out."""
    found = []
    for section in Section:
        entries = [
            {
                "id": one.id,
                "kind": one.kind,
                "at": one.at,
                "author": one.author,
                "fields": result_rows(one.words) if one.kind == EntryKind.INSTRUMENT else field_rows(one.words),
            }
            for one in opened.entries
            if one.section == section
        ]
        entries = _one_sheet(entries)
        if section == Section.RISK:
            entries += [
                {
                    **{"id": None, "kind": "screening", "at": at, "author": ""},
                    "fields": result_rows({**words, "instrument": code}),
                }
                for code, at, words in results
            ]
        if entries:
            found.append({"code": section.value, "title": section.label, "entries": entries})
    return found


def _one_sheet(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The versions of a call's sheet as one: what stands now, at the place of the first, and what stood before."""
    versions = [one for one in entries if one["kind"] == EntryKind.CALL]
    if len(versions) < 2:
        return entries
    *before, newest = versions
    sheet_now = newest | {"earlier": before[::-1]}
    return [sheet_now if one is versions[0] else one for one in entries if one is versions[0] or one not in versions]


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


def tier_text(code: str) -> str:
    """What a tier is called."""
    return _value("tier", code)


def section_title(code: str) -> str:
    return str(Section(code).label)


READINGS = (Tag.READ_FILE, Tag.READ_COVERS, Tag.READ_PACKET)


def timeline(
    actor: Actor, case: Case, *, limit: int, before: int | None = None, changes: bool = False
) -> list[dict[str, Any]]:
    """What happened to the case, newest first, before an event (keyset by `seq`): from its audit chain, codes only, the
    actors by name. `changes` leaves out who has read. The channel's clocks stand beside the steps that set them, and
    are left out, and so is what speaks of a counsellor; who reported a concern is named to whoever may know it."""
    hidden = {P.CLOCK_KEEP, *OF_COUNSELLORS, *(READINGS if changes else ())}
    traces = trail(case.pk, limit, without=hidden, before=before)
    others = {trace.actor_id for trace in traces if trace.actor_id and trace.actor_id != actor.id}
    users = {user.pk: str(user) for user in User.objects.filter(pk__in=others)} | {actor.id: actor.name}
    unnamed = () if sees_reporter(actor, case) else (P.CONCERN_REPORT,)
    return [
        {
            "at": trace.at,
            "act_text": _act(trace.act, trace.facts),
            "who": _("a reporter") if trace.act in unnamed else users.get(trace.actor_id or 0) or _("System"),
            "change": _change(trace.facts),
            "seq": trace.seq,
        }
        for trace in traces
    ]


def act_line(act: str, facts: Mapping[str, Any]) -> str:
    """One event in words: what was done, and what `_change` says of it."""
    change = _change(facts)
    return _act(act, facts) + (f" · {change}" if change else "")


def _act(act: str, facts: Mapping[str, Any]) -> str:
    """What was done, or only asked for."""
    return only_asked(act, facts) or _(ACT_TEXT.get(act, act))


def only_asked(act: str, facts: Mapping[str, Any]) -> str:
    """What an event of such an act asked of somebody else, in words; empty where it did it."""
    asks = act in ACT_ASKED and (facts.get("second") or facts.get("asked"))
    return _(ACT_ASKED[act]) if asks else ""


# What moves a case from tier to tier; a lowering that waits for a second person does not yet.
MOVES = (
    P.CALL_TAKE,
    P.CALL_CONTINUE,
    P.TIER_RAISE,
    P.RISK_ASSESS,
    P.INSTRUMENT_RECORD,
    P.TIER_LOWER,
    P.LOWERING_CONFIRM,
    P.LEAVE_KEEP,
    P.CASE_REOPEN,
    P.GROUPS_FLAG,
    P.CONCERN_MERGE,
)


def tier_history(case: Case) -> list[tuple[datetime, str]]:
    """The tiers a case has stood at, each since when, oldest first: from its audit chain."""
    moves = [t for t in reversed(trail(case.pk, 500, MOVES)) if not t.facts.get("second")]
    steps = [(t.at, t.facts["to"]) for t in moves if t.facts.get("to") and t.facts.get("from")]
    before = next((t.facts["from"] for t in moves if t.facts.get("to") and t.facts.get("from")), case.tier)
    return [(case.opened_at, before), *steps]


def _change(facts: Mapping[str, Any]) -> str:
    """A change of tier in words, if the event is one; what came of a call-back."""
    if facts.get("from") and facts.get("to"):
        return f"{_value('tier', facts['from'])} → {_value('tier', facts['to'])}"
    if facts.get("leave") or facts.get("contact"):
        return _value("leave", facts["leave"]) if "leave" in facts else _value("clock", facts["contact"])
    if facts.get("outcome") and "step" in facts:
        return _value("outcome", facts["outcome"])
    if facts.get("reason") in CloseReason.values:
        return str(CloseReason(facts["reason"]).label)
    return _value("tier", facts["tier"]) if facts.get("tier") else ""


def _value(code: str, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_value(code, one) for one in value)
    if code == "file_size":
        return filesizeformat(value)
    if value in TABLES.get(code, ()):
        text = TABLES[code][value]
        return _(text) if isinstance(text, str) else str(text)
    field = sheet.BY_CODE.get(code)
    choices = dict(field.choices) if field else {}
    if value in choices:
        return _(choices[value])
    text = str(value)
    return _(VALUES[text]) if text in VALUES else text
