"""The call sheet (来电登记): its fields, the section each is sealed in, and the facts the tier rules read from it.

Source: national hotline guide (2021) and PRACTICE.md 3.2; the risk questions are those of DOMAIN.md, Hotline sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.telling import Known
from cases.tiers import Facts
from wellbeing.translatable import _

IDENTITY, NARRATIVE, RISK, GUARDIAN, SEALED = "identity", "narrative", "risk", "guardian", "sealed"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the sheet: its code, its section, its label, and its choices by code."""

    code: str
    section: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    many: bool = False


YES_NO = (("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known")))

# 来电类型 (PRACTICE.md 3.2). The first is an ordinary one; what it is says nothing about the danger the caller is in.
CALL_KINDS = (
    ("valid", _("An ordinary call")),
    ("silent", _("Silent")),
    ("wrong", _("Wrong number")),
    ("harassing", _("Harassing")),
    ("repeat", _("Calls again and again")),
    ("test", _("A test, or supervision")),
)

# 问题类别 (PRACTICE.md 3.2): the hotline's own, and those without which a row of the official annual form stays empty.
TOPICS = (
    ("study", _("Study")),
    ("family", _("Family")),
    ("peers", _("Classmates and friends")),
    ("emotion", _("Emotion")),
    ("self_harm", _("Self-harm or suicide")),
    ("romance", _("Romance")),
    ("internet", _("Internet")),
    ("bullying", _("Bullying")),
    ("abuse", _("Abuse")),
    ("sleep", _("Sleep")),  # the keys 1 to 0 on the call desk: what is new comes after
    ("sexuality", _("Sexuality")),
    ("health", _("Physical health")),
    ("symptoms", _("Mental symptoms or their treatment")),
    ("adapting", _("Settling in at a new place")),
    ("marriage", _("The parents' marriage")),
    ("parenting", _("Bringing up a child")),
    ("other", _("Other")),
)

FIELDS: tuple[Field, ...] = (
    Field("call_kind", NARRATIVE, _("Kind of call"), CALL_KINDS),
    Field(
        "caller_kind",
        NARRATIVE,
        _("Who is calling"),
        (
            ("self", _("The person herself or himself")),
            ("parent", _("A parent")),
            ("teacher", _("A teacher")),
            ("peer", _("A classmate or friend")),
            ("other", _("Somebody else")),
        ),
    ),
    Field(
        "about_kind",
        IDENTITY,
        _("About"),
        (("student", _("A student")), ("teacher", _("A teacher")), ("other", _("Other"))),
    ),
    Field("anonymous", IDENTITY, _("Wants to stay anonymous"), YES_NO),
    Field("name", IDENTITY, _("Name or what to call her or him")),
    Field("gender", IDENTITY, _("Gender"), (("female", _("Female")), ("male", _("Male")), ("other", _("Other")))),
    Field("age", IDENTITY, _("Age")),
    Field(
        "stage",
        IDENTITY,
        _("Stage"),
        (
            ("primary", _("Primary school")),
            ("junior", _("Junior high school")),
            ("senior", _("Senior high school")),
            ("vocational", _("Vocational school")),
            ("other", _("Other")),
        ),
    ),
    Field("grade", IDENTITY, _("Grade and class")),
    Field("school", IDENTITY, _("School, if told")),
    Field("town", IDENTITY, _("Island or town")),
    Field("contact", IDENTITY, _("How to reach her or him")),
    Field("guardian_name", GUARDIAN, _("Guardian")),
    Field("guardian_contact", GUARDIAN, _("How to reach the guardian")),
    Field("topics", NARRATIVE, _("What it is about"), TOPICS, many=True),
    Field("told_limits", NARRATIVE, _("Confidentiality and its limits were explained"), YES_NO),
    Field("told_recording", NARRATIVE, _("The caller was told of the recording"), YES_NO),
    Field("narrative", NARRATIVE, _("What was said")),
    Field(
        "thoughts",
        RISK,
        _("Thoughts of death now"),
        (
            ("none", _("None")),
            ("passive", _("Wishes not to be alive, without thoughts of doing anything")),
            ("active", _("Thinks of ending her or his life")),
        ),
    ),
    Field("plan", RISK, _("A plan"), YES_NO),
    Field(
        "when",
        RISK,
        _("When"),
        (
            ("now", _("Now or within 72 hours")),
            ("week", _("Within a week")),
            ("later", _("Later, or no time named")),
        ),
    ),
    Field("means", RISK, _("Means at hand"), YES_NO),
    Field("act_now", RISK, _("An act is under way or just done"), YES_NO),
    Field("farewell", RISK, _("Has said or written farewell"), YES_NO),
    Field(
        "attempt",
        RISK,
        _("Past attempt"),
        (
            ("none", _("None")),
            ("two_weeks", _("Within the last two weeks")),
            ("three_months", _("Within the last three months")),
            ("earlier", _("Longer ago")),
        ),
    ),
    Field(
        "self_harm",
        RISK,
        _("Self-harm"),
        (
            ("none", _("None")),
            ("without_intent", _("Without intent to die")),
            ("repeated", _("Repeated")),
            ("worsening", _("Getting worse")),
        ),
    ),
    Field("psychotic", RISK, _("Hears or sees what others do not, and is in danger by it"), YES_NO),
    Field("weapon", RISK, _("Armed, a danger to others"), YES_NO),
    Field("alone", RISK, _("Alone now"), YES_NO),
    Field("distress", RISK, _("In distress on the line"), YES_NO),
    Field("protective", RISK, _("What keeps her or him alive")),
    Field("hope_before", RISK, _("Hope before the call, 0-100")),
    Field("distress_before", RISK, _("Distress before the call, 0-100")),
    Field("intent_before", RISK, _("Intent before the call, 0-100")),
    Field("hope_after", RISK, _("Hope after the call, 0-100")),
    Field("distress_after", RISK, _("Distress after the call, 0-100")),
    Field("intent_after", RISK, _("Intent after the call, 0-100")),
    Field(
        "measures",
        NARRATIVE,
        _("Measures"),
        (
            ("support", _("Emotional support")),
            ("education", _("Psychological education")),
            ("safety_plan", _("Safety plan")),
            ("green_channel", _("Advised to see a hospital")),
            ("mandatory_report", _("Mandatory report")),
        ),
        many=True,
    ),
    Field("done", NARRATIVE, _("What was done on the call")),
    Field(
        "handed_to",
        NARRATIVE,
        _("Handed to"),
        (
            ("110", _("Police 110")),
            ("120", _("Ambulance 120")),
            ("12395", _("Sea rescue 12395")),
            ("school", _("School")),
            ("county_centre", _("County centre")),
            ("hospital", _("Hospital")),
            ("parent", _("Parent")),
        ),
        many=True,
    ),
    Field("callback_consent", NARRATIVE, _("May we call back"), YES_NO),
    Field("callback_when", NARRATIVE, _("When to call back")),
    Field("safe_words", NARRATIVE, _("What may be said on voicemail")),
    Field("callback_number", SEALED, _("Number to call back")),
    Field("caller_number", SEALED, _("Number of the caller")),
    Field(
        "number_kind",
        SEALED,
        _("The number shown is"),
        (("own", _("The caller's own")), ("switchboard", _("A switchboard")), ("hidden", _("Hidden"))),
    ),
    # What figures are made of besides the ratings of intent (cases/ballots.py); PRACTICE.md 3.6.
    Field(
        "caller_from",
        NARRATIVE,
        _("The caller is"),
        (("local", _("In this city")), ("outside", _("Elsewhere")), ("unknown", _("Not known"))),
    ),
    Field("main_topic", NARRATIVE, _("Mostly about"), TOPICS),
    Field("difficult", NARRATIVE, _("A difficult call"), (("yes", _("Yes")), ("no", _("No")))),
    Field(
        "mhl23",
        NARRATIVE,
        _("Signs of a mental disorder (Mental Health Law 23)"),
        (
            ("advised", _("Yes, advised to go to a hospital")),
            ("not_advised", _("Yes, not advised")),
            ("none", _("No signs")),
        ),
    ),
    Field(
        "mark",
        NARRATIVE,
        _("The caller's mark for the call"),
        (
            ("1", _("1, no help at all")),
            ("2", _("2, little help")),
            ("3", _("3, some help")),
            ("4", _("4, a good help")),
            ("5", _("5, a great help")),
        ),
    ),
    Field("review", NARRATIVE, _("The supervisor should look at this call"), YES_NO),
    Field("reason", RISK, _("Reason for the tier")),
)
BY_CODE = {field.code: field for field in FIELDS}


def by_section(words: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Split a filled sheet into what is sealed in each section; unknown codes raise KeyError."""
    parts: dict[str, dict[str, Any]] = {}
    for code, value in words.items():
        if value not in (None, "", [], ()):
            parts.setdefault(BY_CODE[code].section, {})[code] = value
    return parts


def known(words: Mapping[str, Any]) -> Known:
    """What the sheet tells of who is to be told: whether it is about a teacher, and whether anybody knows who it is."""
    return Known(
        teacher=words.get("about_kind") == "teacher",
        somebody=any(words.get(code) for code in ("school", "contact", "guardian_name", "guardian_contact")),
    )


def call_kind(words: Mapping[str, Any]) -> str:
    """What kind of call it was, for the clear column; empty for an ordinary one and for one that nobody marked."""
    kind = words.get("call_kind") or ""
    return "" if kind == "valid" else str(kind)


def facts(words: Mapping[str, Any]) -> Facts:
    """What the tier rules read from a sheet. An unanswered question is no fact, in either direction; an intent of dying
    that is rated above 0 is a wish to be dead at least, whatever was answered to that question."""

    def yes(code: str) -> bool:
        return words.get(code) == "yes"

    planned = yes("plan") or words.get("when") in ("now", "week")
    attempt = words.get("attempt")
    rated = {str(words.get(code)).strip("0") for code in ("intent_before", "intent_after")}
    thoughts = words.get("thoughts") or "none"
    if thoughts not in ("passive", "active") and any(rate.isascii() and rate.isdecimal() for rate in rated):
        thoughts = "passive"
    return Facts(
        act_under_way=yes("act_now"),
        thoughts=thoughts,
        plan=yes("plan"),
        means_at_hand=yes("means"),
        farewell=yes("farewell"),
        intent_within_72h=words.get("when") == "now",
        plan_within_week=planned and words.get("when") == "week",
        attempt_days_ago={"two_weeks": 14, "three_months": 90, "earlier": 400}.get(str(attempt)),
        past_attempt=attempt in ("two_weeks", "three_months", "earlier"),
        self_harm=words.get("self_harm") or "none",
        psychotic_danger=yes("psychotic"),
        weapon=yes("weapon"),
        alone_now=yes("alone"),
        distress=yes("distress"),
    )
