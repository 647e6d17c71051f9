"""What a receiver may see: the fields each purpose may carry, and the sealing of packets under keys of their own."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from cases import return_plan, safety_plan, sheet
from cases.access import Opened, reveal
from cases.access import Purpose as ReadingPurpose
from cases.contact_access import stop_of
from cases.models import Case, EntryKind, Section
from cases.sheet_access import standing
from referrals.models import Link, Packet, Purpose, Referral
from referrals.ticket import Ticket
from wellbeing.access.actor import Actor
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk, Role
from wellbeing.translatable import _
from wellbeing.vault import keys, passcode
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import Place, SealError


@dataclass(frozen=True, slots=True)
class PacketField:
    """One field that a purpose may carry; `copied` ones come from the case, the others are written by the sender."""

    code: str
    label: str
    copied: bool = False


# The letter to whoever is to see the person, hospital or city centre. It carries no conclusion of anybody.
LETTER = (
    PacketField("name", _("Name or what to call her or him"), copied=True),
    PacketField("gender", _("Gender"), copied=True),
    PacketField("age", _("Age"), copied=True),
    PacketField("stage", _("Stage"), copied=True),
    PacketField("contact", _("How to reach her or him"), copied=True),
    PacketField("guardian_name", _("Guardian"), copied=True),
    PacketField("guardian_contact", _("How to reach the guardian"), copied=True),
    PacketField("tier", _("Tier"), copied=True),
    PacketField("summary", _("What was noticed, in three lines")),
    PacketField("measures", _("What was done so far")),
    PacketField("question", _("What we ask of you")),
)
# The only fields that may go, by purpose (DOMAIN.md, Papers: no more than the receiver needs). The school's plan
# carries the hospital's advice, never its conclusion (PRACTICE.md 4.3).
TEMPLATES: dict[str, tuple[PacketField, ...]] = {
    Purpose.REQUEST: (
        PacketField("summary", _("What was noticed, in three lines")),
        PacketField("measures", _("What was done so far")),
        PacketField("review", _("Who met at school to judge it, and what they found")),
        PacketField("question", _("What we ask of you")),
    ),
    Purpose.QUESTION: (PacketField("note", _("To the other desk")),),
    Purpose.HOSPITAL: LETTER,
    Purpose.CITY_CENTRE: LETTER,
    # Only what is needed to find and protect a person; the guardian only where that does not endanger.
    Purpose.WELFARE_CHECK: (
        PacketField("number", _("Their incident number")),
        PacketField("taker", _("Taken by")),
        PacketField("name", _("Name or what to call her or him"), copied=True),
        PacketField("gender", _("Gender"), copied=True),
        PacketField("age", _("Age"), copied=True),
        PacketField("looks", _("What she or he looks like, what she or he wears")),
        PacketField("where", _("Where she or he may be")),
        PacketField("danger", _("The danger, in one line")),
        PacketField("guardian_contact", _("How to reach the guardian"), copied=True),
        PacketField("call_back", _("Whom to call back")),
        PacketField("reference", _("Our reference")),
    ),
    Purpose.CROSSING: (
        PacketField("escorts", _("Who goes with her or him")),
        PacketField("contact", _("How to reach them on the way")),
        PacketField("note", _("What to watch for")),
    ),
    Purpose.FEEDBACK: (
        PacketField("seen", _("Seen")),
        PacketField("risk", _("Risk as seen by the hospital")),
        PacketField("conclusion", _("Conclusion of the hospital")),
        PacketField("advice", _("Advice for the school")),
        PacketField("next_visit", _("Next visit")),
    ),
    # The city centre helps and does not diagnose (Mental Health Law, article 23): no conclusion.
    Purpose.CITY_REPORT: (
        PacketField("seen", _("Seen")),
        PacketField("risk", _("Risk as seen by the centre")),
        PacketField("advice", _("Advice for the school")),
        PacketField("next_visit", _("Next visit")),
    ),
    Purpose.RETURN_PLAN: (
        PacketField("name", _("Name or what to call her or him")),
        *(PacketField(part.code, part.label) for part in return_plan.PARTS),
    ),
}


class Extra(StrEnum):
    """Fields beyond a template that may be added, each only with a written reason; the audit names them so."""

    SCHOOL = "school"
    GRADE = "grade"
    CONTACT = "contact"
    THOUGHTS = "thoughts"
    PLAN = "plan"
    MEANS = "means"
    ALONE = "alone"
    ATTEMPT = "attempt"
    SELF_HARM = "self_harm"
    PROTECTIVE = "protective"
    SIGNS = "signs"
    HELPERS = "helpers"


_ASKED = (Extra.THOUGHTS, Extra.PLAN, Extra.MEANS, Extra.ALONE)
_PLANNED = (Extra.PROTECTIVE, Extra.SIGNS, Extra.HELPERS)
EXTRAS: dict[str, tuple[Extra, ...]] = {
    Purpose.HOSPITAL: (Extra.SCHOOL, Extra.GRADE, *_ASKED, Extra.ATTEMPT, Extra.SELF_HARM, *_PLANNED),
    Purpose.CITY_CENTRE: (Extra.SCHOOL, Extra.GRADE, *_ASKED, *_PLANNED),
    Purpose.WELFARE_CHECK: (Extra.SCHOOL, Extra.CONTACT, Extra.MEANS),
}
AT_HOME = ("contact", "guardian_name", "guardian_contact")  # how a home is reached
BECAUSE = "_because"  # where the reasons lie in the envelope; no field is called so

# The letter to a destination and its report, by the destination's role.
LETTERS = {Role.HOSPITAL_LIAISON: Purpose.HOSPITAL, Role.CITY_DUTY: Purpose.CITY_CENTRE}
REPORTS = {Role.HOSPITAL_LIAISON: Purpose.FEEDBACK, Role.CITY_DUTY: Purpose.CITY_REPORT}

# What the county may ask a school for, by name: a field of the letter or of the request, or the guardian's answer.
ASKABLE: dict[str, str] = {
    **{f.code: f.label for p in (Purpose.HOSPITAL, Purpose.REQUEST) for f in TEMPLATES[p] if f.code != "tier"},
    "consent": _("Guardian's consent"),
}


def letter_to(desk: Desk) -> Purpose:
    """Which letter a destination is sent. KeyError for a desk that receives none."""
    return LETTERS[Role(desk.role)]


def copied_fields(actor: Actor, case: Case, purpose: Purpose, extras: Iterable[str] = ()) -> dict[str, Any]:
    """What the template copies from the case, and the extra fields; each from its own section, as it stands now.

    Opens as few sections as these fields need, as the actor, and records the reading. How a home is reached stays out
    while it must not be. Raises Forbidden.
    """
    wanted = [*(field.code for field in TEMPLATES[purpose] if field.copied), *extras]
    if stop_of(case.person_id):  # whoever receives it would call there: asks the sender instead
        wanted = [code for code in wanted if code not in AT_HOME]
    asked = [code for code in wanted if code != "tier"]  # the tier stands on the cover
    opened = reveal(actor, case, {_section(code) for code in asked}, ReadingPurpose.REFERRAL)
    found: dict[str, Any] = {"tier": case.tier}
    for entry in standing(opened.entries):
        found.update({code: entry.words[code] for code in asked if code in entry.words and _told_in(code, entry)})
    return {code: found[code] for code in wanted if code in found}


def _section(code: str) -> str:
    return Section.PLAN if code in safety_plan.CODES else sheet.BY_CODE[code].section


def _told_in(code: str, entry: Opened) -> bool:
    """Whether this entry is where the field is asked: `name` also stands where somebody else was told."""
    planned = code not in safety_plan.CODES or entry.kind == EntryKind.SAFETY_PLAN
    return planned and entry.section == _section(code)


def seal_packet(
    *,
    referral: Referral,
    purpose: Purpose,
    words: Mapping[str, Any],
    author_id: int | None,
    from_desk: Desk | int,
    to_desk: Desk | int,
    at: datetime,
    expires_at: datetime,
    extras: Mapping[str, str] | None = None,
    outside: str = "",
    first: bool = False,
) -> Packet:
    """An unsaved packet with the template's fields of `words` and the `extras` (code: reason), under a new key.

    KeyError for a foreign field, or an extra that the purpose does not allow; ValueError for one without a reason.
    `outside` says who gets it on paper (cases.telling.Whom); `first` that the referral is new, so that its version is
    known.
    """
    reasons = {code: reason.strip() for code, reason in (extras or {}).items()}
    if foreign := set(reasons) - set(EXTRAS.get(purpose, ())):
        raise KeyError(f"{purpose} may not be given {sorted(foreign)}")
    if not all(reasons.values()):
        raise ValueError("an extra field needs a reason")
    codes = [*(field.code for field in TEMPLATES[purpose]), *reasons]
    if foreign := set(words) - set(codes):
        raise KeyError(f"the template {purpose} does not carry {sorted(foreign)}")
    pk, ends = uuid7(), {"from_desk_id": _pk(from_desk), "to_desk_id": _pk(to_desk)}
    version = 1 if first else _next_version(referral, purpose, **ends)
    key = keys.new_key("packet", pk, referral.division_id)
    kept = {code: words[code] for code in codes if words.get(code) not in (None, "", [])}
    return Packet(
        id=pk,
        referral=referral,
        purpose=purpose,
        version=version,
        **ends,
        author_id=author_id,
        created_at=at,
        expires_at=expires_at,
        outside=outside,
        fields=list(kept),
        sealed=seal_json(key, _place(pk, referral.division_id), {**kept, BECAUSE: reasons} if reasons else kept),
    )


def _next_version(referral: Referral, purpose: str, from_desk_id: int, to_desk_id: int) -> int:
    """Counted by the database itself: a machine that seals sees no packet, nor does a desk those of others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_next_version(%s, %s, %s, %s)", [referral.pk, purpose, from_desk_id, to_desk_id])
        version: int = cursor.fetchone()[0]
    return version


def open_packets(packets: Iterable[Packet], division: str) -> dict[UUID, tuple[dict[str, Any], dict[str, str]]]:
    """The words of packets and the reasons of their extra fields; one whose key is destroyed is missing.

    Only referrals/access.py calls this, after its check.
    """
    rows = list(packets)
    by_id, found = keys.load_for([row.sealed for row in rows]), {}
    for row in rows:
        if (key := by_id.get(keys.id_of(row.sealed))) is not None:
            value = open_json(key, _place(row.pk, division), bytes(row.sealed))
            words = dict(value) if isinstance(value, dict) else {}
            found[row.pk] = (words, words.pop(BECAUSE, {}))
    return found


def can_be_opened(packets: Iterable[Packet]) -> set[UUID]:
    """Those of the packets whose key still exists and that have not expired."""
    return keys.living("packet", [packet.pk for packet in packets])


def _place(pk: Any, division: str) -> Place:
    return Place(model="referrals.packet", pk=pk, field="sealed", division=division)


def _pk(desk: Desk | int) -> int:
    return desk if isinstance(desk, int) else desk.pk


def destroy_letters(referral: Referral) -> int:
    """Destroy the keys of a referral's letters: nobody can open them again. Returns how many."""
    packets = list(Packet.objects.filter(referral=referral, purpose__in=LETTERS.values()))
    for packet in packets:
        keys.destroy("packet", packet.pk)
    return len(packets)


def seal_copy(
    pk: UUID, division: str, ticket: Ticket, words: Mapping[str, Any], reasons: Mapping[str, str]
) -> tuple[bytes, bytes]:
    """A copy of a packet for a one-time link, under a key that is stored nowhere: its salt, and the copy."""
    salt = os.urandom(passcode.SALT)
    key = passcode.key_of(ticket.token, ticket.code, salt)
    return salt, seal_json(key, _link_place(pk, division), {**words, BECAUSE: dict(reasons)})


def try_code(link: Link, division: str, ticket: Ticket) -> bytes | None:
    """The secret that opens the link's copy, if this is its code; slow on purpose."""
    key = passcode.key_of(ticket.token, ticket.code, bytes(link.salt))
    return key.secret if open_copy(link, division, key.secret) is not None else None


def open_copy(link: Link, division: str, secret: bytes) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The words of a link's copy and the reasons of its extra fields; None when the secret is not its own. Only
    referrals/access.py calls this."""
    key = passcode.kept(secret, bytes(link.salt))
    try:
        value = open_json(key, _link_place(link.pk, division), bytes(link.sealed))
    except SealError:
        return None
    words = dict(value) if isinstance(value, dict) else {}
    return words, words.pop(BECAUSE, {})


def _link_place(pk: UUID, division: str) -> Place:
    return Place(model="referrals.link", pk=pk, field="sealed", division=division)
